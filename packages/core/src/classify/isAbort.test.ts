import { once, EventEmitter } from 'node:events';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { AttemptTimeoutError, PermanentError } from '../model/errors/index.js';
import { defaultClassifier } from './defaultClassifier.js';
import { hostileErrors } from './fixtures/hostileErrors.js';
import { isAbort } from './isAbort.js';

const error = (properties: object) => Object.assign(new Error('x'), properties);
class APIUserAbortError extends Error {}

async function thrownBy(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
}

describe('isAbort', () => {
  it.each([
    { given: "the platform's", error: AbortSignal.abort().reason },
    { given: "Node's", error: error({ name: 'AbortError', code: 'ABORT_ERR' }) },
    { given: "undici's", error: error({ name: 'AbortError', code: 'UND_ERR_ABORTED' }) },
    { given: "Octokit's, with a status", error: error({ name: 'AbortError', status: 500 }) },
    { given: "axios'", error: error({ name: 'CanceledError', code: 'ERR_CANCELED', __CANCEL__: true }) },
    { given: "an older axios'", error: { message: 'canceled', __CANCEL__: true } },
    { given: "openai's", error: new APIUserAbortError() },
    { given: "grpc-js'", error: error({ code: 1, details: 'Cancelled on client' }) },
    { given: 'one that is wrapped', error: new Error('outer', { cause: AbortSignal.abort().reason }) },
    { given: 'one with a reason', error: error({ name: 'AbortError', cause: new Error('shutting down') }) },
  ])('[classify.abort] $given is one', ({ error }) => {
    expect(isAbort(error)).toBe(true);
    expect(defaultClassifier(error)).toEqual({ errorClass: 'UNKNOWN' });
  });

  it.each([
    { given: 'a plain error', error: new Error('x') },
    { given: 'a timeout', error: new DOMException('late', 'TimeoutError') },
    { given: 'an abort by a timeout', error: error({ name: 'AbortError', cause: new DOMException('late', 'TimeoutError') }) },
    {
      given: 'an abort by a timeout of ours',
      error: error({ name: 'AbortError', cause: new AttemptTimeoutError({ timeoutMs: 1, attempt: 1 }) }),
    },
    { given: 'a marker around an abort', error: new PermanentError('x', { cause: AbortSignal.abort().reason }) },
    { given: 'a status around an abort', error: error({ status: 503, cause: AbortSignal.abort().reason }) },
    {
      given: "an axios' cancel by a timeout",
      error: error({ name: 'CanceledError', code: 'ERR_CANCELED', config: { signal: { reason: { name: 'TimeoutError' } } } }),
    },
    { given: 'a call that the server cancelled', error: error({ code: 1, details: 'Call cancelled' }) },
    ...hostileErrors,
  ])('[classify.abort] $given is none', ({ error }) => {
    expect(isAbort(error)).toBe(false);
  });

  it('[classify.abort] tells AbortSignal.timeout from an abort where Node names both AbortError', async () => {
    const server = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const works = [
      (signal: AbortSignal) => once(get({ host: '127.0.0.1', port, signal }), 'response'),
      (signal: AbortSignal) => sleep(10_000, undefined, { signal }),
      (signal: AbortSignal) => once(new EventEmitter(), 'never', { signal }),
    ];
    for (const work of works) {
      const late = await thrownBy(work(AbortSignal.timeout(10)));
      expect([isAbort(late), defaultClassifier(late).errorClass]).toEqual([false, 'TRANSIENT']);
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 10);
      const aborted = await thrownBy(work(controller.signal));
      expect([isAbort(aborted), defaultClassifier(aborted).errorClass]).toEqual([true, 'UNKNOWN']);
    }
    server.closeAllConnections();
    server.close();
  });
});

import { PermanentError } from '../model/errors/PermanentError.js';
import { RateLimitError } from '../model/errors/RateLimitError.js';
import type { CallOptions } from './CallOptions.js';
import type { Verdict } from '../model/Classification.js';
import type { PolicyOptions } from '../policy/PolicyOptions.js';
import { createRegistry } from '../policy/Registry.js';
import { FakeClock } from '../testing/FakeClock.js';
import { fixed } from '../testing/fixedBackoffs.js';
import { gives, hangs, rejects, scripted, throws, withStatus, type Step } from './fixtures/script.js';

async function settle(steps: readonly Step[], options: PolicyOptions = {}, call: CallOptions = {}) {
  const clock = new FakeClock();
  const policy = createRegistry().policy('judging', { clock, random: () => 0, retry: { backoff: fixed(100) }, ...options });
  const { fn, attempts } = scripted(...steps);
  const outcome = await clock.until(policy.settle(fn, call));
  return { outcome, calls: attempts.length };
}

/** A Response whose body knows whether it was cancelled. */
function responseOf(status: number, headers: Record<string, string> = {}): { response: Response; cancelled: () => boolean } {
  let cancelled = false;
  const body = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array([1])),
    cancel: () => {
      cancelled = true;
    },
  });
  return { response: new Response(body, { status, headers }), cancelled: () => cancelled };
}

describe('a Response', () => {
  it.each([
    [408, 'TRANSIENT'],
    [425, 'TRANSIENT'],
    [429, 'RATE_LIMIT'],
    [500, 'SERVER_ERROR'],
    [501, 'SERVER_ERROR'],
    [502, 'SERVER_ERROR'],
    [503, 'SERVER_ERROR'],
    [504, 'SERVER_ERROR'],
    [599, 'SERVER_ERROR'],
  ])('[classify.response-failure] of %i is a failure of class %s, and returned when it is the last', async (status, errorClass) => {
    const { response } = responseOf(status);
    const { outcome, calls } = await settle([() => responseOf(status).response, () => responseOf(status).response, gives(response)]);
    expect(calls).toBe(3);
    expect(outcome).toMatchObject({ ok: false, failedBy: 'result', errorClass, lastResult: response });
    const policy = createRegistry().policy('judging', { clock: new FakeClock(), retry: false });
    const returned = await policy.call(() => response);
    expect(returned).toBe(response);
    expect(returned.bodyUsed).toBe(false);
    expect((await returned.body?.getReader().read())?.value).toEqual(new Uint8Array([1]));
  });

  it.each([200, 201, 204, 301, 304, 400, 401, 403, 404, 409, 410, 422])(
    '[classify.response-success] of %i is a success',
    async (status) => {
      const response = new Response(null, { status });
      const { outcome, calls } = await settle([gives(response)]);
      expect(calls).toBe(1);
      expect(outcome).toMatchObject({ ok: true, value: response });
    },
  );

  it.each<{ given: string; verdict: (status: number) => Verdict; then: object }>([
    { given: 'finds nothing', verdict: () => undefined, then: { ok: true, attempts: 1 } },
    {
      given: 'finds another class',
      verdict: () => 'PERMANENT',
      then: { stopReason: 'NON_RETRYABLE_CLASS', errorClass: 'PERMANENT', attempts: 1 },
    },
  ])('[classify.response-failure] is not judged by the default rule when classifyResult $given', async ({ verdict, then }) => {
    const ofPolicy = await settle([gives(responseOf(503).response)], { classifyResult: (result) => verdict((result as Response).status) });
    expect(ofPolicy.outcome).toMatchObject(then);
    const ofCall = await settle(
      [gives(responseOf(503).response)],
      {},
      { classifyResult: (result) => verdict((result as Response).status) },
    );
    expect(ofCall.outcome).toMatchObject(then);
  });

  it('[classify.result-classifier] of a call goes before that of the policy', async () => {
    const { outcome } = await settle([gives(1)], { classifyResult: () => 'PERMANENT' }, { classifyResult: () => undefined });
    expect(outcome).toMatchObject({ ok: true, value: 1 });
  });

  it('[classify.response-body-cancelled] that is retried has its body cancelled, the last one has not', async () => {
    const responses = [responseOf(503), responseOf(429), responseOf(503)];
    const { outcome } = await settle(responses.map(({ response }) => gives(response)));
    expect(outcome).toMatchObject({ attempts: 3, stopReason: 'MAX_ATTEMPTS_GLOBAL', lastResult: responses[2]?.response });
    expect(responses.map(({ cancelled }) => cancelled())).toEqual([true, true, false]);
  });

  it.each<{ given: string; call: CallOptions; options?: PolicyOptions }>([
    { given: 'is permanent by a rule of the user', call: { classifyResult: () => 'PERMANENT' } },
    { given: 'is deferred', call: { sleep: () => 'defer' } },
    { given: 'is not retried', call: { retry: false } },
    { given: 'is the last that the budget allows', call: {}, options: { retry: { budget: { max: 1, windowMs: 1e9 } } } },
  ])('[classify.response-body-cancelled] that $given keeps its body', async ({ call, options }) => {
    const last = responseOf(503);
    const before = options === undefined ? [] : [gives(responseOf(503).response)];
    const { outcome } = await settle([...before, gives(last.response)], options, call);
    expect(outcome.ok).toBe(false);
    expect(last.cancelled()).toBe(false);
  });

  it.each([
    { given: 'is being read', body: (response: Response) => void response.body?.getReader() },
    { given: 'was read', body: (response: Response) => response.text() },
  ])('[classify.response-body-cancelled] whose body $given is retried all the same', async ({ body }) => {
    const response = new Response('busy', { status: 503 });
    await body(response);
    const { outcome } = await settle([gives(response), gives('ok')]);
    expect(outcome).toMatchObject({ ok: true, value: 'ok', attempts: 2 });
  });

  it('[classify.retry-after-floor] says by Retry-After when to come again', async () => {
    const { outcome } = await settle([gives(responseOf(503, { 'Retry-After': '3' }).response), gives('ok')]);
    expect(outcome).toMatchObject({ ok: true, elapsedMs: 3_000 });
  });

  it.each([
    { given: 'no headers', result: { status: 503 } },
    { given: 'headers without get', result: { status: 503, headers: {} } },
    { given: 'a status in words', result: { status: '503', headers: new Headers() } },
    { given: 'no status', result: { headers: new Headers() } },
    { given: 'null', result: null },
    { given: 'a number', result: 503 },
    { given: 'a function', result: Object.assign(() => 503, { status: 503 }) },
  ])('[classify.response-failure] is not what has $given', async ({ result }) => {
    expect((await settle([gives(result)])).outcome).toMatchObject({ ok: true });
  });
});

describe('a classifier', () => {
  it.each<{ given: string; verdict: unknown; then: object }>([
    { given: 'a class', verdict: 'CONCURRENCY', then: { errorClass: 'CONCURRENCY', stopReason: 'MAX_ATTEMPTS_GLOBAL' } },
    {
      given: 'a classification',
      verdict: { errorClass: 'AUTH', details: 1 },
      then: { errorClass: 'AUTH', stopReason: 'NON_RETRYABLE_CLASS' },
    },
    { given: 'undefined', verdict: undefined, then: { errorClass: 'SERVER_ERROR', stopReason: 'MAX_ATTEMPTS_GLOBAL' } },
    { given: 'no class', verdict: 'NONSENSE', then: { errorClass: 'UNKNOWN', stopReason: 'MAX_UNKNOWN_ATTEMPTS' } },
    { given: 'a name every object has', verdict: 'toString', then: { errorClass: 'UNKNOWN' } },
    { given: 'null', verdict: null, then: { errorClass: 'UNKNOWN' } },
    { given: 'true', verdict: true, then: { errorClass: 'UNKNOWN' } },
    { given: 'a promise', verdict: Promise.resolve('AUTH'), then: { errorClass: 'UNKNOWN' } },
    { given: 'a class as an object', verdict: { errorClass: {} }, then: { errorClass: 'UNKNOWN' } },
    {
      given: 'an object whose getter throws',
      verdict: Object.defineProperty({}, 'errorClass', {
        get: () => {
          throw new Error('got');
        },
      }),
      then: { errorClass: 'UNKNOWN' },
    },
    {
      given: 'an object with one good getter',
      verdict: Object.defineProperty({ errorClass: 'TRANSIENT' }, 'retryAfterMs', {
        get: () => {
          throw new Error('got');
        },
      }),
      then: { errorClass: 'UNKNOWN' },
    },
    {
      given: 'a big integer to wait',
      verdict: { errorClass: 'TRANSIENT', retryAfterMs: 5n },
      then: { errorClass: 'TRANSIENT', elapsedMs: 200 },
    },
  ])('[classify.result-classifier] that gives $given', async ({ verdict, then }) => {
    const error = withStatus(503);
    const classified = await settle([throws(error)], { classify: () => verdict as Verdict });
    expect(classified.outcome).toMatchObject({ ...then, error, failedBy: 'exception' });
    if (verdict === undefined) return;
    const judged = await settle([gives('result')], { classifyResult: () => verdict as Verdict });
    expect(judged.outcome).toMatchObject({ ...then, lastResult: 'result', failedBy: 'result' });
  });

  it('of errors is asked about the very error, that of results about the very result', async () => {
    const [error, result] = [withStatus(503), { id: 1 }];
    const [classify, classifyResult] = [jest.fn(() => undefined), jest.fn(() => undefined)];
    await settle([throws(error), gives(result)], { classify, classifyResult });
    expect(classify.mock.calls).toEqual([[error]]);
    expect(classifyResult.mock.calls).toEqual([[result]]);
  });

  it('is not asked about our own timeout', async () => {
    const classify = jest.fn(() => undefined);
    await settle([() => new Promise(() => undefined)], { classify, attemptTimeoutMs: 10, retry: false });
    expect(classify).not.toHaveBeenCalled();
  });

  it.each<{ given: string; options?: PolicyOptions; call?: CallOptions; stopReason: string }>([
    { given: 'an attempt', options: { attemptTimeoutMs: 10 }, stopReason: 'MAX_ATTEMPTS_GLOBAL' },
    { given: 'a call', options: { timeoutMs: 10 }, stopReason: 'DEADLINE_EXCEEDED' },
    {
      given: 'the call around it, which left no time',
      call: { parent: { number: 1, operation: 'outer', remainingMs: 0, signal: new AbortController().signal } },
      stopReason: 'DEADLINE_EXCEEDED',
    },
  ])('[classify.timeouts] takes the timeout of $given for TRANSIENT', async ({ options, call, stopReason }) => {
    const { outcome } = await settle([hangs], options, { retry: false, ...call });
    expect(outcome).toMatchObject({ errorClass: 'TRANSIENT', stopReason });
  });

  it.each([
    {
      given: 'a marker of a class that is not retried',
      error: new PermanentError('no', { status: 503 }),
      then: { errorClass: 'PERMANENT', attempts: 1 },
    },
    {
      given: 'a marker with a wait',
      error: new RateLimitError('slow', { retryAfterMs: 700 }),
      then: { errorClass: 'RATE_LIMIT', attempts: 3, elapsedMs: 1_400 },
    },
  ])('[classify.markers] by default knows $given', async ({ error, then }) => {
    expect((await settle([rejects(error)])).outcome).toMatchObject(then);
  });

  it('[classify.result-over-stale-exception] the last failure is what is told, whichever it was', async () => {
    const [bad, busy] = [responseOf(503).response, withStatus(503)];
    expect((await settle([throws(busy), gives(bad)], {}, { retry: { maxAttempts: 2 } })).outcome).toMatchObject({
      failedBy: 'result',
      lastResult: bad,
    });
    expect((await settle([gives(bad), throws(busy)], {}, { retry: { maxAttempts: 2 } })).outcome).toMatchObject({
      failedBy: 'exception',
      error: busy,
    });
  });
});

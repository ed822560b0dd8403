import type { Fault } from './Fault.js';
import { startUpstreams, type AcceptedRequest } from './startUpstreams.js';

/** What a client sees of one request: status, Retry-After and body, or the code of its network error. */
async function ask(url: string): Promise<readonly unknown[]> {
  try {
    const response = await fetch(url, { headers: { 'x-attempt-id': 'a-1' }, signal: AbortSignal.timeout(1_000) });
    return [response.status, response.headers.get('retry-after'), await response.json()];
  } catch (error) {
    return [networkCode(error)];
  }
}

// By shape, not by instanceof: under Jest fetch's errors come from another realm.
function networkCode(error: unknown): unknown {
  const { cause } = error as { readonly cause?: { readonly code?: unknown } | undefined };
  return cause?.code ?? String(error);
}

describe('startUpstreams', () => {
  it.each<{ fault: Fault; sees: readonly unknown[] }>([
    { fault: { kind: 'none' }, sees: [200, null, { product: '42', inStock: 7 }] },
    { fault: { kind: 'status', status: 503 }, sees: [503, null, { error: 'scripted 503' }] },
    { fault: { kind: 'status', status: 429, retryAfterSeconds: 1 }, sees: [429, '1', { error: 'scripted 429' }] },
    { fault: { kind: 'slow-body', delayMs: 30 }, sees: [200, null, { product: '42', inStock: 7 }] },
    { fault: { kind: 'reset', at: 'request' }, sees: ['ECONNRESET'] },
    { fault: { kind: 'reset', at: 'body' }, sees: ['ECONNRESET'] },
  ])('answers with $fault', async ({ fault, sees }) => {
    const accepted: AcceptedRequest[] = [];
    const upstreams = await startUpstreams({ faults: () => fault, latencyMs: 1, onRequest: (request) => accepted.push(request) });
    try {
      expect(await ask(`${upstreams.urls.inventory}/stock/42`)).toEqual(sees);
      expect(accepted).toEqual([{ upstream: 'inventory', number: 1, attemptId: 'a-1', method: 'GET', path: '/stock/42', fault }]);
    } finally {
      await upstreams.stop();
    }
  });

  it('stops while a request hangs, and its port is free', async () => {
    const upstreams = await startUpstreams({ faults: () => ({ kind: 'hang' }), onRequest: () => void upstreams.stop() });
    expect(await ask(`${upstreams.urls.payments}/charges`)).toEqual(['UND_ERR_SOCKET']);
    await upstreams.stop();
    expect(await ask(`${upstreams.urls.payments}/charges`)).toEqual(['ECONNREFUSED']);
  });

  it('asks the plan once per accepted request, numbered per upstream', async () => {
    const asked: string[] = [];
    const upstreams = await startUpstreams({
      latencyMs: 1,
      faults: ({ upstream, number }) => {
        asked.push(`${upstream} ${number}`);
        return { kind: 'none' };
      },
    });
    await Promise.all(
      [1, 2].flatMap((id) => [ask(`${upstreams.urls.inventory}/stock/${id}`), ask(`${upstreams.urls.pricing}/prices/${id}`)]),
    );
    await upstreams.stop();
    expect(asked.sort()).toEqual(['inventory 1', 'inventory 2', 'pricing 1', 'pricing 2']);
  });
});

import { FakeClock } from '../testing/FakeClock.js';
import { fixed } from '../testing/fixedBackoffs.js';
import { errorOf } from '../runtime/fixtures/script.js';
import { createRegistry } from './Registry.js';
import type { PolicyOptions } from './PolicyOptions.js';

const everything: PolicyOptions<string> = {
  timeoutMs: 1_000,
  attemptTimeoutMs: 100,
  retry: { maxAttempts: 3, backoff: fixed(10) },
  bulkhead: { maxConcurrent: 2, maxQueued: 2 },
  throttle: { minimumRequests: 5 },
  rateLimiter: { limit: 10, windowMs: 100, maxWaitMs: 200 },
  circuitBreaker: { trip: { type: 'consecutive', failures: 5 } },
  cache: { ttlMs: 50, staleWhileRevalidateMs: 50, staleIfErrorMs: 50 },
  fallback: { run: () => 'spare' },
  hedge: { afterMs: 20 },
};

describe('[retry.no-leftovers] a policy with everything', () => {
  it.each<[string, (clock: FakeClock) => unknown]>([
    ['is quick', () => 'fine'],
    ['is slow', (clock) => clock.sleep(30).then(() => 'slow')],
    ['fails', () => Promise.reject(errorOf.SERVER_ERROR())],
    ['hangs', () => new Promise(() => undefined)],
    ['is told to wait', () => Promise.reject(Object.assign(errorOf.RATE_LIMIT(), { headers: { 'retry-after': '1' } }))],
  ])('holds no timer once its calls are over, where the dependency %s', async (_, dependency) => {
    const clock = new FakeClock();
    const registry = createRegistry();
    const keyed = registry.keyedPolicy('of each', { clock, ...everything });
    const policies = [registry.policy('whole', { clock, ...everything }), keyed.for('a'), keyed.for('b')];
    const calls = policies.flatMap((policy) =>
      ['k', 'k', 'other', undefined].map((cacheKey) => policy.settle(() => dependency(clock), { cacheKey, priority: 'low', cost: 2 })),
    );
    await clock.advance(3_000);
    await Promise.all(calls);
    expect(policies.map((policy) => policy.stats().inFlight)).toEqual([0, 0, 0]);
    expect([clock.pending, clock.keepsAlive]).toEqual([0, false]);
  });
});

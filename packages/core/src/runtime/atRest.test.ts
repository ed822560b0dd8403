import { getEventListeners } from 'node:events';
import { AROUND } from '../around/list.js';
import { GATES } from '../gates/list.js';
import type { Outcome } from '../model/Outcome.js';
import type { PolicyOptions } from '../policy/PolicyOptions.js';
import { createRegistry } from '../policy/Registry.js';
import { FakeClock } from '../testing/FakeClock.js';
import { fixed } from '../testing/fixedBackoffs.js';
import type { CallOptions } from './CallOptions.js';
import { gives, hangs, heeds, rejects, scripted, withStatus, type Step } from './fixtures/script.js';

const HOUR_MS = 3_600_000;
const CALLS = 6;
const busy = withStatus(503);
const askedToWait = withStatus(429, { 'retry-after': '2' });

/** Every option that may want a timer, and every gate and all that stands around a call, at once. */
const everything: PolicyOptions<unknown> = {
  timeoutMs: 5_000,
  attemptTimeoutMs: 1_000,
  retry: { maxAttempts: 3, backoff: fixed(100) },
  hedge: { afterMs: 200, maxHedged: 2 },
  cache: { ttlMs: 300, jitter: 0, staleWhileRevalidateMs: 300, staleIfErrorMs: 3_000 },
  fallback: { run: async () => 'instead', timeoutMs: 500 },
  bulkhead: { maxConcurrent: 2, maxQueued: 20 },
  throttle: {},
  rateLimiter: { limit: 10, burst: 2, maxWaitMs: 4_000 },
  circuitBreaker: { trip: { type: 'consecutive', failures: 10 }, recoveryMs: 1_000, probes: 1 },
};

interface Case {
  readonly given: string;
  /** How the last of them end: by what answers, or by why they stop. */
  readonly then: readonly string[];
  /** That were made, in all. */
  readonly attempts: number;
  readonly steps: readonly Step[];
  readonly policy?: PolicyOptions<unknown>;
  readonly call?: CallOptions<unknown, unknown>;
  /** By key: the same for all calls, or one for each. */
  readonly keys?: 'one' | 'many';
  readonly abortAtMs?: number;
  /** Before the last calls are made, so much time passes. */
  readonly againAfterMs?: number;
  /** For so long a call goes on that nobody waits for. */
  readonly goesOnMs?: number;
}

const cases: readonly Case[] = [
  { given: 'succeed', then: ['ok'], attempts: 6, steps: [gives('ok')] },
  { given: 'succeed after a retry', then: ['ok'], attempts: 7, steps: [rejects(busy), gives('ok')] },
  { given: 'are hedged', then: ['ok'], attempts: 7, steps: [hangs, gives('ok')] },
  { given: 'are hedged, and heed their signal', then: ['ok'], attempts: 7, steps: [heeds, gives('ok')] },
  { given: 'fail, and are answered by the fallback', then: ['fallback'], attempts: 10, steps: [rejects(busy)] },
  {
    given: 'fail without a fallback',
    then: ['MAX_ATTEMPTS_GLOBAL', 'CIRCUIT_OPEN'],
    attempts: 10,
    steps: [rejects(busy)],
    call: { fallback: false },
  },
  {
    given: 'fail, and whose fallback hangs',
    then: ['FALLBACK_FAILED'],
    attempts: 10,
    steps: [rejects(busy)],
    policy: { fallback: { run: () => new Promise(() => undefined) } },
  },
  { given: 'are refused by a circuit that opened', then: ['fallback'], attempts: 10, steps: [rejects(busy)], againAfterMs: 10 },
  { given: 'probe a circuit that opened', then: ['fallback'], attempts: 11, steps: [rejects(busy)], againAfterMs: 1_000 },
  { given: 'run out of time', then: ['fallback'], attempts: 6, steps: [hangs] },
  { given: 'are asked to wait', then: ['ok'], attempts: 7, steps: [rejects(askedToWait), gives('ok')] },
  { given: 'are asked to wait, all of them', then: ['fallback'], attempts: 6, steps: [rejects(askedToWait)] },
  { given: 'are answered by one of them', then: ['ok', 'cache'], attempts: 1, steps: [gives('ok')], keys: 'one' },
  { given: 'are answered by the cache', then: ['cache'], attempts: 1, steps: [gives('ok')], keys: 'one', againAfterMs: 200 },
  {
    given: 'are answered by the cache while it is renewed',
    then: ['stale_cache'],
    attempts: 2,
    steps: [gives('ok')],
    keys: 'one',
    againAfterMs: 400,
  },
  {
    given: 'are answered by the cache, which fails to renew it',
    then: ['stale_cache'],
    attempts: 4,
    steps: [gives('ok'), rejects(busy)],
    keys: 'one',
    againAfterMs: 400,
    goesOnMs: 1_000,
  },
  {
    given: 'fail, and are answered by what the cache had',
    then: ['stale_cache'],
    attempts: 4,
    steps: [gives('ok'), rejects(busy)],
    keys: 'one',
    againAfterMs: 1_000,
  },
  { given: 'leave results that expire', then: ['ok'], attempts: 6, steps: [gives('ok')], keys: 'many' },
  { given: 'are aborted at once', then: ['ABORTED'], attempts: 2, steps: [hangs], abortAtMs: 0 },
  { given: 'are aborted while some wait in the bulkhead', then: ['ABORTED'], attempts: 2, steps: [hangs], abortAtMs: 50 },
  { given: 'are aborted while some wait for permits', then: ['ok', 'ABORTED'], attempts: 3, steps: [gives('ok')], abortAtMs: 150 },
  { given: 'are aborted with a key, after a hedge', then: ['ABORTED'], attempts: 2, steps: [hangs], keys: 'one', abortAtMs: 250 },
  { given: 'are aborted in backoff', then: ['ABORTED'], attempts: 2, steps: [rejects(busy)], keys: 'many', abortAtMs: 50 },
];

function howItEnded(outcome: Outcome<unknown>): unknown {
  return outcome.ok ? (outcome.answeredBy ?? outcome.value) : outcome.stopReason;
}

function setUp({ steps, policy: options, call, keys, abortAtMs }: Case) {
  const clock = new FakeClock();
  const policy = createRegistry().policy('at rest', { clock, random: () => 0.5, ...everything, ...options });
  const controller = new AbortController();
  if (abortAtMs !== undefined) clock.setTimeout(() => controller.abort(), abortAtMs);
  const { fn, attempts } = scripted(...steps);
  const keyOf = (number: number) => (keys === undefined ? {} : { cacheKey: keys === 'one' ? 'a' : `a${number}` });
  const makeCalls = () =>
    clock.until(
      Promise.all(
        Array.from({ length: CALLS }, (_, number) => policy.settle(fn, { signal: controller.signal, ...keyOf(number), ...call })),
      ),
    );
  return { clock, policy, signal: controller.signal, attempts, makeCalls };
}

describe('[retry.no-leftovers] a policy with every option at once', () => {
  it('has every gate there is, and all that stands around a call', () => {
    const parts = [...GATES, ...AROUND].map(({ option }) => option);
    expect(Object.keys(everything)).toEqual(expect.arrayContaining(parts));
  });

  it.each(cases)('has no timer left after calls that $given', async (given) => {
    const { clock, policy, signal, attempts, makeCalls } = setUp(given);
    let ends = await makeCalls();
    if (given.againAfterMs !== undefined) {
      expect(clock.pending).toBe(0);
      await clock.advance(given.againAfterMs);
      ends = await makeCalls();
    }
    await clock.advance(given.goesOnMs ?? 0);
    expect([...new Set(ends.map(howItEnded))]).toEqual(given.then);
    // Only an abort of the test's own may still be to come.
    const own = given.abortAtMs !== undefined && !signal.aborted ? 1 : 0;
    expect(clock.pending).toBe(own);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(policy.stats()).toMatchObject({ inFlight: 0, bulkhead: { queued: 0 }, rateLimiter: { waiting: 0 } });

    // Nor does one come when time passes.
    await clock.advance(HOUR_MS);
    expect(clock.pending).toBe(0);
    expect(attempts).toHaveLength(given.attempts);
  });
});

import { decorrelatedJitter } from '../backoff/decorrelatedJitter.js';
import type { BackoffContext } from '../model/Backoff.js';
import type { CallOptions } from './CallOptions.js';
import type { Classification } from '../model/Classification.js';
import type { ErrorClass } from '../model/ErrorClass.js';
import { CircuitOpenError } from '../gates/breaker/CircuitOpenError.js';
import type { Outcome } from '../model/Outcome.js';
import type { PolicyOptions } from '../policy/PolicyOptions.js';
import { createRegistry } from '../policy/Registry.js';
import { FakeClock } from '../testing/FakeClock.js';
import { fixed } from '../testing/fixedBackoffs.js';
import { errorOf, gives, hangs, rejects, scripted, throws, withStatus, type Step } from './fixtures/script.js';

interface Run {
  readonly outcome: Outcome<unknown>;
  readonly calls: number;
  readonly clock: FakeClock;
}

/** One call of a policy with a backoff of 100 ms and no budget, run to its end. */
async function run(steps: readonly Step[], options: PolicyOptions = {}, call: CallOptions = {}): Promise<Run> {
  const clock = new FakeClock();
  const retry = options.retry === false ? false : { backoff: fixed(100), budget: false as const, ...options.retry };
  // Without chance: a wait that the other side asks for is not spread.
  const policy = createRegistry().policy('retrying', { clock, random: () => 0, ...options, retry });
  const { fn, attempts } = scripted(...steps);
  const outcome = await clock.until(policy.settle(fn, call));
  return { outcome, calls: attempts.length, clock };
}

const failing = (...classes: readonly ErrorClass[]): Step[] => classes.map((errorClass) => rejects(errorOf[errorClass]()));
const retryEvents = ({ outcome }: Run): unknown[] => (outcome.timeline ?? []).filter(({ event }) => event === 'retry');

describe('caps', () => {
  it.each([
    { given: 'the default', retry: undefined, then: 3 },
    { given: 'maxAttempts 1', retry: { maxAttempts: 1 }, then: 1 },
    { given: 'maxAttempts 2', retry: { maxAttempts: 2 }, then: 2 },
    { given: 'maxAttempts 7', retry: { maxAttempts: 7 }, then: 7 },
    { given: '[retry.false-is-one] retry: false', retry: false as const, then: 1 },
  ])('[retry.max-attempts] $given makes $then attempts', async ({ retry, then }) => {
    const { outcome, calls, clock } = await run(failing('SERVER_ERROR'), { retry });
    expect(calls).toBe(then);
    expect(outcome).toMatchObject({ stopReason: 'MAX_ATTEMPTS_GLOBAL', attempts: then });
    expect(clock.now()).toBe((then - 1) * 100);
  });

  it.each([
    { given: '[retry.false-is-one] false', policy: { maxAttempts: 4 }, call: false as const, then: 1 },
    { given: 'fewer', policy: { maxAttempts: 4 }, call: { maxAttempts: 2 }, then: 2 },
    { given: 'more', policy: { maxAttempts: 2 }, call: { maxAttempts: 4 }, then: 4 },
    { given: 'nothing', policy: { maxAttempts: 2 }, call: {}, then: 2 },
    { given: 'undefined', policy: { maxAttempts: 2 }, call: { maxAttempts: undefined }, then: 2 },
  ])('[retry.max-attempts] retry of a call: $given', async ({ policy, call, then }) => {
    expect((await run(failing('SERVER_ERROR'), { retry: policy }, { retry: call })).calls).toBe(then);
  });

  it.each([
    { steps: failing('RATE_LIMIT'), then: { attempts: 2, stopReason: 'MAX_ATTEMPTS_PER_CLASS' } },
    { steps: failing('RATE_LIMIT', 'SERVER_ERROR', 'RATE_LIMIT'), then: { attempts: 3, stopReason: 'MAX_ATTEMPTS_PER_CLASS' } },
    { steps: failing('SERVER_ERROR'), then: { attempts: 5, stopReason: 'MAX_ATTEMPTS_GLOBAL' } },
    {
      steps: failing('SERVER_ERROR', 'TRANSIENT', 'SERVER_ERROR', 'RATE_LIMIT', 'CONCURRENCY'),
      then: { attempts: 5, stopReason: 'MAX_ATTEMPTS_GLOBAL' },
    },
  ])('[retry.class-cap] the second RATE_LIMIT is the last: $then', async ({ steps, then }) => {
    const retry = { maxAttempts: 5, maxAttemptsByClass: { RATE_LIMIT: 2 } };
    expect((await run(steps, { retry })).outcome).toMatchObject(then);
  });

  it.each([
    { given: 'two in a row', steps: failing('UNKNOWN'), then: { attempts: 2, stopReason: 'MAX_UNKNOWN_ATTEMPTS' } },
    {
      given: 'another between',
      steps: failing('UNKNOWN', 'TRANSIENT', 'UNKNOWN'),
      then: { attempts: 3, stopReason: 'MAX_UNKNOWN_ATTEMPTS' },
    },
    {
      given: 'one only',
      steps: failing('UNKNOWN', 'TRANSIENT', 'TRANSIENT', 'TRANSIENT', 'TRANSIENT'),
      then: { attempts: 5, stopReason: 'MAX_ATTEMPTS_GLOBAL' },
    },
    {
      given: 'the first of them not at once',
      steps: failing('TRANSIENT', 'UNKNOWN', 'UNKNOWN'),
      then: { attempts: 3, stopReason: 'MAX_UNKNOWN_ATTEMPTS' },
    },
  ])('[retry.unknown-cap] the second UNKNOWN is the last: $given', async ({ steps, then }) => {
    for (const maxUnknownAttempts of [undefined, 2]) {
      expect((await run(steps, { retry: { maxAttempts: 5, maxUnknownAttempts } })).outcome).toMatchObject(then);
    }
  });

  it.each([1, 3, 4])('[retry.unknown-cap] maxUnknownAttempts %d makes as many attempts', async (maxUnknownAttempts) => {
    const { outcome } = await run(failing('UNKNOWN'), { retry: { maxAttempts: 5, maxUnknownAttempts } });
    expect(outcome).toMatchObject({ attempts: maxUnknownAttempts, stopReason: 'MAX_UNKNOWN_ATTEMPTS' });
  });

  it.each(['AUTH', 'PERMISSION', 'PERMANENT'] as const)('[classify.never-retried] %s is the end', async (errorClass) => {
    const { outcome, calls } = await run(failing(errorClass), { retry: { maxAttempts: 5 } });
    expect(calls).toBe(1);
    expect(outcome).toMatchObject({ stopReason: 'NON_RETRYABLE_CLASS', errorClass });
  });

  it.each(['CONCURRENCY', 'RATE_LIMIT', 'SERVER_ERROR', 'TRANSIENT', 'UNKNOWN'] as const)('%s is retried', async (errorClass) => {
    const { outcome, calls } = await run([...failing(errorClass), gives('rescued')]);
    expect(calls).toBe(2);
    expect(outcome).toMatchObject({ ok: true, value: 'rescued', attempts: 2 });
  });
});

describe('[retry.decision-order] the first rule that applies decides', () => {
  const later429 = rejects(withStatus(429, { 'retry-after': '3600' }));
  const emptyBudget = { max: 1, windowMs: 1e9 };
  it.each<{ given: string; steps: readonly Step[]; options?: PolicyOptions; call?: CallOptions; then: string; attempts?: number }>([
    {
      given: 'class not retried before the global cap',
      steps: failing('PERMANENT'),
      options: { retry: false },
      then: 'NON_RETRYABLE_CLASS',
    },
    {
      given: 'the global cap before that of a class',
      steps: failing('RATE_LIMIT'),
      options: { retry: { maxAttempts: 2, maxAttemptsByClass: { RATE_LIMIT: 2 } } },
      then: 'MAX_ATTEMPTS_GLOBAL',
      attempts: 2,
    },
    {
      given: 'the global cap before that of UNKNOWN',
      steps: failing('UNKNOWN'),
      options: { retry: { maxAttempts: 2 } },
      then: 'MAX_ATTEMPTS_GLOBAL',
      attempts: 2,
    },
    {
      given: 'the cap of a class before that of UNKNOWN',
      steps: failing('UNKNOWN'),
      options: { retry: { maxAttemptsByClass: { UNKNOWN: 2 } } },
      then: 'MAX_ATTEMPTS_PER_CLASS',
      attempts: 2,
    },
    {
      given: 'the cap of UNKNOWN before no backoff',
      steps: failing('UNKNOWN'),
      options: { retry: { maxUnknownAttempts: 1, backoff: undefined, backoffByClass: {} } },
      then: 'MAX_UNKNOWN_ATTEMPTS',
    },
    {
      given: 'no backoff before a delay that does not fit',
      steps: [later429],
      options: { retry: { backoff: undefined, backoffByClass: { TRANSIENT: fixed(1) } } },
      then: 'NO_STRATEGY',
    },
    {
      given: 'a delay that does not fit before the budget',
      steps: [...failing('TRANSIENT'), later429],
      options: { retry: { budget: emptyBudget } },
      then: 'DEADLINE_EXCEEDED',
      attempts: 2,
    },
    {
      given: 'the budget before the sleep handler',
      steps: failing('TRANSIENT'),
      options: { retry: { budget: emptyBudget } },
      call: { sleep: ({ attempt }) => (attempt === 1 ? 'sleep' : 'defer') },
      then: 'BUDGET_EXHAUSTED',
      attempts: 2,
    },
    { given: 'the sleep handler before the retry', steps: failing('TRANSIENT'), call: { sleep: () => 'defer' }, then: 'SCHEDULED' },
  ])('$given', async ({ steps, options, call, then, attempts = 1 }) => {
    const ran = await run(steps, options, { timeline: true, ...call });
    expect(ran.outcome).toMatchObject({ ok: false, stopReason: then, attempts });
    expect(ran.calls).toBe(attempts);
    expect(retryEvents(ran)).toHaveLength(attempts - 1);
  });

  it.each([
    { given: 'a class that is not retried before', step: throws(withStatus(404)), retry: {}, then: 'NON_RETRYABLE_CLASS' },
    { given: 'the global cap before', step: throws(withStatus(503)), retry: { maxAttempts: 1 }, then: 'MAX_ATTEMPTS_GLOBAL' },
    {
      given: '[retry.false-is-one] retry: false before',
      step: throws(withStatus(503)),
      retry: false as const,
      then: 'MAX_ATTEMPTS_GLOBAL',
    },
    {
      given: 'the cap of a class before',
      step: throws(withStatus(503)),
      retry: { maxAttemptsByClass: { SERVER_ERROR: 1 } },
      then: 'MAX_ATTEMPTS_PER_CLASS',
    },
    { given: 'the UNKNOWN cap before', step: throws('odd'), retry: { maxUnknownAttempts: 1 }, then: 'MAX_UNKNOWN_ATTEMPTS' },
    {
      given: 'no backoff after',
      step: throws(withStatus(503)),
      retry: { backoff: undefined, backoffByClass: {} },
      then: 'CIRCUIT_OPEN',
    },
  ])('$given an open circuit', async ({ step, retry, then }) => {
    const clock = new FakeClock();
    const policy = createRegistry().policy('retrying', { clock, retry, circuitBreaker: {} });
    const outcome = await policy.settle((attempt) => {
      policy.circuitBreaker.forceOpen();
      return step(attempt);
    });
    expect(outcome).toMatchObject({ stopReason: then, attempts: 1 });
  });

  it('an abort before an open circuit', async () => {
    const controller = new AbortController();
    const policy = createRegistry().policy('retrying', {
      clock: new FakeClock(),
      circuitBreaker: { trip: { type: 'consecutive', failures: 1 } },
    });
    const fn = (): never => {
      controller.abort('gone');
      throw withStatus(503);
    };
    expect(await policy.settle(fn, { signal: controller.signal })).toMatchObject({ stopReason: 'ABORTED', error: 'gone', attempts: 1 });
    expect(policy.circuitBreaker.state).toBe('closed');
  });
});

describe('the delay', () => {
  it.each([
    { given: 'NaN', backoff: () => Number.NaN, then: 250 },
    { given: 'a negative delay', backoff: () => -5, then: 0 },
    { given: 'minus Infinity', backoff: () => -Infinity, then: 0 },
    { given: 'no number', backoff: () => JSON.parse('"5n"') as number, then: 250 },
    { given: 'nothing', backoff: () => JSON.parse('null') as number, then: 250 },
    { given: 'a promise', backoff: () => Promise.resolve(80) as unknown as number, then: 250 },
    { given: 'a promise that rejects', backoff: () => Promise.reject(new Error('late')) as unknown as number, then: 250 },
    {
      given: '[call.backoff-throw-zero] a throw',
      backoff: () => {
        throw new Error('in the backoff');
      },
      then: 0,
    },
  ])('[retry.delay-sanitised] $given counts as $then ms', async ({ backoff, then }) => {
    const { outcome, clock } = await run([...failing('TRANSIENT'), gives('ok')], { retry: { backoff } });
    expect(outcome).toMatchObject({ ok: true, attempts: 2, elapsedMs: then });
    expect(clock.pending).toBe(0);
  });

  it('[retry.delay-sanitised] [retry.delay-must-fit] a delay of Infinity never fits', async () => {
    const { outcome } = await run([...failing('TRANSIENT'), gives('ok')], { retry: { backoff: () => Infinity } });
    expect(outcome).toMatchObject({ stopReason: 'DEADLINE_EXCEEDED', attempts: 1, elapsedMs: 0 });
  });

  it.each([
    { given: 'leaves 1 ms', timeoutMs: 1_000, delayMs: 999, then: { ok: true, attempts: 2, elapsedMs: 999 } },
    { given: 'leaves nothing', timeoutMs: 1_000, delayMs: 1_000, then: { stopReason: 'DEADLINE_EXCEEDED', attempts: 1, elapsedMs: 0 } },
    {
      given: 'is longer than what is left',
      timeoutMs: 1_000,
      delayMs: 1_001,
      then: { stopReason: 'DEADLINE_EXCEEDED', attempts: 1, elapsedMs: 0 },
    },
  ])('[retry.delay-must-fit] a delay that $given', async ({ timeoutMs, delayMs, then }) => {
    const error = withStatus(503);
    const { outcome } = await run([rejects(error), gives('ok')], { timeoutMs, retry: { backoff: fixed(delayMs) } });
    expect(outcome).toMatchObject(outcome.ok ? then : { ...then, error });
  });

  it.each([
    { given: '429 with Retry-After: 2', error: withStatus(429, { 'Retry-After': '2' }), backoffMs: 100, then: 2_000 },
    { given: '503 with Retry-After: 2', error: withStatus(503, { 'retry-after': '2' }), backoffMs: 100, then: 2_000 },
    { given: 'a longer backoff', error: withStatus(429, { 'retry-after': '2' }), backoffMs: 3_000, then: 3_000 },
    { given: '500 with Retry-After', error: withStatus(500, { 'retry-after': '2' }), backoffMs: 100, then: 100 },
    { given: 'a malformed Retry-After', error: withStatus(429, { 'retry-after': 'soon' }), backoffMs: 100, then: 100 },
  ])('[classify.retry-after-floor] $given waits $then ms', async ({ error, backoffMs, then }) => {
    const { outcome } = await run([rejects(error), gives('ok')], { retry: { backoff: fixed(backoffMs) } });
    expect(outcome).toMatchObject({ ok: true, attempts: 2, elapsedMs: then });
  });

  it('[classify.retry-after-unbounded] is no shorter for the maximum of the backoff', async () => {
    const error = withStatus(429, { 'retry-after': '20' });
    const { outcome } = await run([rejects(error), gives('ok')], { retry: { backoff: decorrelatedJitter({ maxMs: 5_000 }) } });
    expect(outcome).toMatchObject({ ok: true, elapsedMs: 20_000 });
  });

  it('[classify.retry-after-floor] a Retry-After that does not fit ends the call at once', async () => {
    const { outcome } = await run([rejects(withStatus(429, { 'retry-after': '30' }))]);
    expect(outcome).toMatchObject({ stopReason: 'DEADLINE_EXCEEDED', elapsedMs: 0, attempts: 1 });
  });

  it.each<{ given: string; verdict: Classification; then: number }>([
    { given: 'longer', verdict: { errorClass: 'CONCURRENCY', retryAfterMs: 700 }, then: 700 },
    { given: 'shorter', verdict: { errorClass: 'CONCURRENCY', retryAfterMs: 20 }, then: 100 },
    { given: 'NaN', verdict: { errorClass: 'CONCURRENCY', retryAfterMs: Number.NaN }, then: 100 },
    { given: 'Infinity', verdict: { errorClass: 'CONCURRENCY', retryAfterMs: Infinity }, then: 100 },
  ])("[classify.retry-after-floor] a classifier's own retryAfterMs, $given, waits $then ms", async ({ verdict, then }) => {
    const { outcome } = await run([throws('odd'), gives('ok')], { classify: () => verdict });
    expect(outcome).toMatchObject({ ok: true, elapsedMs: then });
  });

  it('[retry.no-strategy] takes the backoff of the class, then the general one, and else stops', async () => {
    const steps = [...failing('RATE_LIMIT', 'TRANSIENT', 'RATE_LIMIT'), gives('ok')];
    const byClass = { RATE_LIMIT: fixed(1_000) };
    const both = await run(steps, { retry: { maxAttempts: 4, backoff: fixed(10), backoffByClass: byClass } });
    expect(both.outcome).toMatchObject({ ok: true, elapsedMs: 2_010 });
    const one = await run(steps, { retry: { maxAttempts: 4, backoff: undefined, backoffByClass: byClass } });
    expect(one.outcome).toMatchObject({ stopReason: 'NO_STRATEGY', errorClass: 'TRANSIENT', attempts: 2, elapsedMs: 1_000 });
  });

  it('a backoff is asked with what there is to know', async () => {
    const asked: BackoffContext[] = [];
    const random = (): number => 0.25;
    const backoff = (context: BackoffContext): number => {
      asked.push(context);
      return 100 * asked.length;
    };
    const response = { status: 429, headers: new Headers({ 'retry-after': '0.05' }) };
    await run([...failing('TRANSIENT'), gives(response), ...failing('TRANSIENT')], {
      timeoutMs: 1_000,
      random,
      retry: { backoff, maxAttempts: 4 },
    });
    expect(asked).toEqual([
      expect.objectContaining({ attempt: 1, previousDelayMs: undefined, remainingMs: 1_000, failedBy: 'exception', random }),
      expect.objectContaining({ attempt: 2, previousDelayMs: 100, remainingMs: 900, failedBy: 'result', random }),
      expect.objectContaining({ attempt: 3, previousDelayMs: 200, remainingMs: 700, failedBy: 'exception', random }),
    ]);
    expect(asked.map(({ classification }) => classification)).toEqual([
      { errorClass: 'TRANSIENT' },
      { errorClass: 'RATE_LIMIT', retryAfterMs: 50 },
      { errorClass: 'TRANSIENT' },
    ]);
  });
});

describe('[retry.no-phantom-step] the last failed attempt', () => {
  it.each([
    { given: 'global cap', steps: failing('SERVER_ERROR'), retry: {}, retries: 2 },
    { given: 'class cap', steps: failing('SERVER_ERROR'), retry: { maxAttemptsByClass: { SERVER_ERROR: 2 } }, retries: 1 },
    { given: 'permanent', steps: failing('SERVER_ERROR', 'PERMANENT'), retry: {}, retries: 1 },
    { given: 'retry: false', steps: failing('SERVER_ERROR'), retry: { maxAttempts: 1 }, retries: 0 },
  ])('by $given: tells of $retries retries, sleeps as often, and takes as many tokens', async ({ steps, retry, retries }) => {
    const slept: number[] = [];
    const before: number[] = [];
    let left = 5;
    const ran = await run(
      steps,
      { retry: { budget: { max: 5, windowMs: 1e9 }, ...retry, beforeSleep: (_, delayMs) => void before.push(delayMs) } },
      {
        timeline: true,
        sleep: (_, delayMs) => {
          slept.push(delayMs);
          left -= 1;
          return 'sleep';
        },
      },
    );
    expect(retryEvents(ran)).toHaveLength(retries);
    expect(slept).toHaveLength(retries);
    expect(before).toEqual(slept);
    expect(ran.clock.now()).toBe(retries * 100);
    expect(ran.clock.pending).toBe(0);
    expect(left).toBe(5 - retries);
  });
});

describe('[retry.idempotent-false] a call that is not idempotent', () => {
  const code = (value: string): Step => rejects(Object.assign(new Error(value), { code: value }));
  const cause = (value: string): Step =>
    rejects(new TypeError('fetch failed', { cause: Object.assign(new Error(value), { code: value }) }));
  const response = (status: number): Step => gives({ status, headers: new Headers() });
  const refused = new CircuitOpenError({ circuit: 'inner', retryAfterMs: 10 });
  it.each([
    { given: 'connection refused', step: code('ECONNREFUSED'), then: 'retried' },
    { given: 'connection refused, as fetch throws it', step: cause('ECONNREFUSED'), then: 'retried' },
    { given: 'no such host', step: code('ENOTFOUND'), then: 'retried' },
    { given: 'DNS out of order', step: code('EAI_AGAIN'), then: 'retried' },
    { given: '429', step: rejects(withStatus(429)), then: 'retried' },
    { given: 'a Response 429', step: response(429), then: 'retried' },
    { given: 'our own refusal', step: rejects(refused), then: 'retried' },
    { given: 'connection reset', step: code('ECONNRESET'), then: 'ended' },
    { given: 'connection reset, as fetch throws it', step: cause('ECONNRESET'), then: 'ended' },
    { given: '503', step: rejects(withStatus(503)), then: 'ended' },
    { given: 'a Response 503', step: response(503), then: 'ended' },
    { given: '409', step: rejects(withStatus(409)), then: 'ended' },
    { given: 'UNKNOWN', step: rejects(new Error('odd')), then: 'ended' },
    { given: 'an attempt that timed out', step: hangs, then: 'ended' },
  ])('$given: $then', async ({ step, then }) => {
    const { outcome, calls } = await run([step, gives('ok')], { attemptTimeoutMs: 50 }, { idempotent: false });
    if (then === 'retried') expect(outcome).toMatchObject({ ok: true, attempts: 2 });
    else expect(outcome).toMatchObject({ stopReason: 'NON_RETRYABLE_CLASS', attempts: 1 });
    expect(calls).toBe(then === 'retried' ? 2 : 1);
    const idempotent = await run([step, gives('ok')], { attemptTimeoutMs: 50 }, { idempotent: true });
    expect(idempotent.outcome).toMatchObject({ ok: true, attempts: 2 });
  });
});

describe('the timeline', () => {
  it('tells what happened, and when', async () => {
    const { outcome } = await run([hangs, ...failing('TRANSIENT'), gives('ok')], { attemptTimeoutMs: 50 }, { timeline: true });
    expect(outcome.timeline).toEqual([
      { atMs: 0, event: 'attempt', attempt: 1 },
      { atMs: 50, event: 'attempt_timeout', attempt: 1 },
      { atMs: 50, event: 'retry', attempt: 1, errorClass: 'TRANSIENT', delayMs: 100 },
      { atMs: 150, event: 'attempt', attempt: 2 },
      { atMs: 150, event: 'retry', attempt: 2, errorClass: 'TRANSIENT', delayMs: 100 },
      { atMs: 250, event: 'attempt', attempt: 3 },
      { atMs: 250, event: 'success', attempt: 3 },
    ]);
  });

  it('ends with the one terminal event and the reason', async () => {
    const { outcome } = await run(failing('PERMANENT'), {}, { timeline: true });
    expect(outcome.timeline).toEqual([
      { atMs: 0, event: 'attempt', attempt: 1 },
      { atMs: 0, event: 'permanent_fail', attempt: 1, errorClass: 'PERMANENT', delayMs: undefined, stopReason: 'NON_RETRYABLE_CLASS' },
    ]);
  });

  it('is not made unless asked for', async () => {
    expect((await run([gives('ok')])).outcome).not.toHaveProperty('timeline');
  });
});

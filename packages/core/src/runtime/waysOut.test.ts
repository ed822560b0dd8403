import { CircuitOpenError } from '../gates/breaker/CircuitOpenError.js';
import { AbortRetryError } from '../model/errors/AbortRetryError.js';
import { AttemptTimeoutError } from '../model/errors/AttemptTimeoutError.js';
import { DeadlineExceededError } from '../model/errors/DeadlineExceededError.js';
import { RetryExhaustedError } from '../model/errors/RetryExhaustedError.js';
import { RetryScheduledError } from '../model/errors/RetryScheduledError.js';
import type { CallOptions } from './CallOptions.js';
import { EventName } from '../model/EventName.js';
import type { Policy } from '../policy/Policy.js';
import type { PolicyOptions } from '../policy/PolicyOptions.js';
import { createRegistry } from '../policy/Registry.js';
import { FakeClock } from '../testing/FakeClock.js';
import { fixed } from '../testing/fixedBackoffs.js';
import { inMemoryTelemetry } from '../testing/inMemoryTelemetry.js';
import type { TelemetryHarness } from '../testing/TelemetryHarness.js';
import { outcomeOf } from './outcomeOf.js';
import { gives, hangs, rejects, scripted, throws, withStatus, type Step } from './fixtures/script.js';

const busy = withStatus(503);
const missing = withStatus(404);
const odd = new Error('odd');
const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
const response503 = { status: 503, headers: new Headers() };
const reason = new Error('the caller went away');
const stopIt = new AbortRetryError('enough');
const sleepy: CallOptions = { sleep: () => 'defer' };

interface Way {
  readonly given: string;
  readonly policy?: PolicyOptions;
  readonly call?: CallOptions;
  readonly steps: readonly Step[];
  readonly abortAtMs?: number;
  /** What happens to the policy before the call. */
  readonly before?: (policy: Policy) => void;
  readonly attempts: number;
  readonly elapsedMs: number;
  /** Of the outcome; `undefined` for a success. */
  readonly stopReason?: string;
  readonly value?: unknown;
  /** What `call` rejects with: the very error, or the shape of one. */
  readonly error?: unknown;
  readonly cause?: unknown;
  /** What `call` resolves with although the outcome is a failure. */
  readonly returned?: unknown;
}

const opensAtOnce: PolicyOptions = { circuitBreaker: { trip: { type: 'consecutive', failures: 1 }, recoveryMs: () => 5_000 } };
const opensAtTwo: PolicyOptions = { circuitBreaker: { trip: { type: 'consecutive', failures: 2 }, recoveryMs: () => 5_000 } };

const ways: readonly Way[] = [
  { given: '[call.sync-function] a plain value', steps: [gives('plain')], attempts: 1, elapsedMs: 0, value: 'plain' },
  { given: 'a promise', steps: [async () => 'later'], attempts: 1, elapsedMs: 0, value: 'later' },
  { given: 'undefined as a result', steps: [gives(undefined)], attempts: 1, elapsedMs: 0, value: undefined },
  { given: 'a rejection, then success', steps: [rejects(busy), gives('ok')], attempts: 2, elapsedMs: 100, value: 'ok' },
  { given: '[call.sync-throw] a throw, then success', steps: [throws(busy), gives('ok')], attempts: 2, elapsedMs: 100, value: 'ok' },
  {
    given: '[call.sync-throw] throws until the cap',
    steps: [throws(busy)],
    attempts: 3,
    elapsedMs: 200,
    stopReason: 'MAX_ATTEMPTS_GLOBAL',
    error: busy,
  },
  {
    given: '[call.rejects-same-error] the cap of attempts',
    steps: [rejects(odd), rejects(reset), rejects(busy)],
    attempts: 3,
    elapsedMs: 200,
    stopReason: 'MAX_ATTEMPTS_GLOBAL',
    error: busy,
  },
  {
    given: '[call.rejects-same-error] the cap of a class',
    policy: { retry: { backoff: fixed(100), maxAttemptsByClass: { SERVER_ERROR: 2 } } },
    steps: [rejects(busy)],
    attempts: 2,
    elapsedMs: 100,
    stopReason: 'MAX_ATTEMPTS_PER_CLASS',
    error: busy,
  },
  {
    given: '[call.rejects-same-error] the cap of UNKNOWN',
    steps: [rejects(odd)],
    attempts: 2,
    elapsedMs: 100,
    stopReason: 'MAX_UNKNOWN_ATTEMPTS',
    error: odd,
  },
  {
    given: '[call.rejects-same-error] the budget',
    policy: { retry: { backoff: fixed(100), budget: { max: 1, windowMs: 60_000 } } },
    steps: [rejects(busy)],
    attempts: 2,
    elapsedMs: 100,
    stopReason: 'BUDGET_EXHAUSTED',
    error: busy,
  },
  {
    given: '[call.rejects-same-error] no backoff',
    policy: { retry: { backoffByClass: { RATE_LIMIT: fixed(100) } } },
    steps: [rejects(busy)],
    attempts: 1,
    elapsedMs: 0,
    stopReason: 'NO_STRATEGY',
    error: busy,
  },
  {
    given: '[call.rejects-same-error] a class that is not retried',
    steps: [rejects(missing)],
    attempts: 1,
    elapsedMs: 0,
    stopReason: 'NON_RETRYABLE_CLASS',
    error: missing,
  },
  {
    given: '[call.rejects-same-error] the deadline between attempts',
    policy: { timeoutMs: 150 },
    steps: [rejects(busy)],
    attempts: 2,
    elapsedMs: 100,
    stopReason: 'DEADLINE_EXCEEDED',
    error: busy,
  },
  {
    given: '[call.rejects-same-error] the deadline while the sleep handler thinks',
    policy: { timeoutMs: 500 },
    call: { sleep: () => new Promise(() => undefined) },
    steps: [rejects(busy)],
    attempts: 1,
    elapsedMs: 500,
    stopReason: 'DEADLINE_EXCEEDED',
    error: busy,
  },
  {
    given: '[call.rejects-deadline-in-attempt] [call.settles-at-limit] the deadline during the first attempt',
    policy: { timeoutMs: 500 },
    steps: [hangs],
    attempts: 1,
    elapsedMs: 500,
    stopReason: 'DEADLINE_EXCEEDED',
    error: expect.any(DeadlineExceededError),
    cause: undefined,
  },
  {
    given: '[call.rejects-deadline-in-attempt] the deadline during an attempt after errors',
    policy: { timeoutMs: 500 },
    steps: [rejects(odd), rejects(busy), hangs],
    attempts: 3,
    elapsedMs: 500,
    stopReason: 'DEADLINE_EXCEEDED',
    error: expect.any(DeadlineExceededError),
    cause: busy,
  },
  {
    given: '[call.rejects-attempt-timeout] attempts that hang',
    policy: { attemptTimeoutMs: 300 },
    steps: [hangs],
    attempts: 3,
    elapsedMs: 3 * 300 + 2 * 100,
    stopReason: 'MAX_ATTEMPTS_GLOBAL',
    error: expect.any(AttemptTimeoutError),
  },
  {
    given: '[call.rejects-bad-result] a bad result',
    policy: { classifyResult: () => 'SERVER_ERROR' },
    steps: [gives('bad'), gives('worse'), gives('worst')],
    attempts: 3,
    elapsedMs: 200,
    stopReason: 'MAX_ATTEMPTS_GLOBAL',
    error: expect.objectContaining({
      name: 'RetryExhaustedError',
      lastResult: 'worst',
      attempts: 3,
      errorClass: 'SERVER_ERROR',
      stopReason: 'MAX_ATTEMPTS_GLOBAL',
    }),
  },
  {
    given: '[call.rejects-bad-result] a Response that is bad by a rule of the user',
    policy: { classifyResult: () => 'PERMANENT' },
    steps: [gives(response503)],
    attempts: 1,
    elapsedMs: 0,
    stopReason: 'NON_RETRYABLE_CLASS',
    error: expect.any(RetryExhaustedError),
  },
  {
    given: '[call.returns-response] a Response that is bad by the default rule',
    steps: [gives(response503)],
    attempts: 3,
    elapsedMs: 200,
    stopReason: 'MAX_ATTEMPTS_GLOBAL',
    returned: response503,
  },
  {
    given: '[call.returns-response] a bad Response at the cap of its class',
    policy: { retry: { backoff: fixed(100), maxAttemptsByClass: { SERVER_ERROR: 2 } } },
    steps: [gives(response503)],
    attempts: 2,
    elapsedMs: 100,
    stopReason: 'MAX_ATTEMPTS_PER_CLASS',
    returned: response503,
  },
  {
    given: '[call.returns-response] a bad Response without a backoff',
    policy: { retry: { backoffByClass: { RATE_LIMIT: fixed(100) } } },
    steps: [gives(response503)],
    attempts: 1,
    elapsedMs: 0,
    stopReason: 'NO_STRATEGY',
    returned: response503,
  },
  {
    given: '[call.returns-response] a bad Response to what is not idempotent',
    call: { idempotent: false },
    steps: [gives(response503)],
    attempts: 1,
    elapsedMs: 0,
    stopReason: 'NON_RETRYABLE_CLASS',
    returned: response503,
  },
  {
    given: '[call.returns-response] a bad Response when no time is left for another attempt',
    policy: { timeoutMs: 150 },
    steps: [gives(response503)],
    attempts: 2,
    elapsedMs: 100,
    stopReason: 'DEADLINE_EXCEEDED',
    returned: response503,
  },
  {
    given: '[classify.result-over-stale-exception] a bad result after an exception',
    policy: { classifyResult: () => 'SERVER_ERROR' },
    steps: [rejects(odd), gives('bad')],
    attempts: 3,
    elapsedMs: 200,
    stopReason: 'MAX_ATTEMPTS_GLOBAL',
    error: expect.objectContaining({ name: 'RetryExhaustedError', lastResult: 'bad' }),
    cause: undefined,
  },
  {
    given: '[call.rejects-circuit-open] a circuit that is open',
    policy: opensAtOnce,
    before: (policy) => policy.circuitBreaker?.forceOpen(),
    steps: [gives('never')],
    attempts: 0,
    elapsedMs: 0,
    stopReason: 'CIRCUIT_OPEN',
    error: expect.objectContaining({ name: 'CircuitOpenError', circuit: 'ways', retryAfterMs: Infinity, state: 'forced_open' }),
    cause: undefined,
  },
  {
    given: '[call.circuit-open-cause] [call.rejects-circuit-open] [breaker.opens-mid-retry] a circuit that opens mid-retry',
    policy: opensAtTwo,
    steps: [rejects(reset), rejects(busy)],
    attempts: 2,
    elapsedMs: 100,
    stopReason: 'CIRCUIT_OPEN',
    error: expect.objectContaining({ name: 'CircuitOpenError', retryAfterMs: 5_000, state: 'open' }),
    cause: busy,
  },
  {
    given: '[call.rejects-scheduled] a deferral',
    call: sleepy,
    steps: [rejects(busy)],
    attempts: 1,
    elapsedMs: 0,
    stopReason: 'SCHEDULED',
    error: expect.objectContaining({ name: 'RetryScheduledError', nextDelayMs: 100, attempts: 1 }),
    cause: busy,
  },
  {
    given: '[call.classifier-throw-unknown] [call.telemetry-on-classifier-throw] a classifier that throws',
    policy: {
      classify: () => {
        throw new Error('in classify');
      },
    },
    steps: [rejects(busy)],
    attempts: 2,
    elapsedMs: 100,
    stopReason: 'MAX_UNKNOWN_ATTEMPTS',
    error: busy,
  },
  {
    given: '[call.telemetry-on-classifier-throw] a result classifier that throws',
    policy: {
      classifyResult: () => {
        throw new Error('in classifyResult');
      },
    },
    steps: [gives('fine')],
    attempts: 2,
    elapsedMs: 100,
    stopReason: 'MAX_UNKNOWN_ATTEMPTS',
    error: expect.objectContaining({ name: 'RetryExhaustedError', lastResult: 'fine' }),
  },
  {
    given: '[call.telemetry-on-early-abort] [call.rejects-abort-reason] [retry.aborted-before-start] a signal that fired before',
    call: { signal: AbortSignal.abort(reason) },
    steps: [gives('never')],
    attempts: 0,
    elapsedMs: 0,
    stopReason: 'ABORTED',
    error: reason,
  },
  {
    given: '[call.rejects-abort-reason] a signal that fires during an attempt',
    steps: [hangs],
    abortAtMs: 50,
    attempts: 1,
    elapsedMs: 50,
    stopReason: 'ABORTED',
    error: reason,
  },
  {
    given: '[call.rejects-abort-reason] a signal that fires in a wait',
    steps: [rejects(busy), gives('never')],
    abortAtMs: 50,
    attempts: 1,
    elapsedMs: 50,
    stopReason: 'ABORTED',
    error: reason,
  },
  {
    given: '[call.rejects-abort-error] an AbortRetryError',
    steps: [rejects(busy), throws(stopIt)],
    attempts: 2,
    elapsedMs: 100,
    stopReason: 'ABORTED',
    error: stopIt,
  },
  {
    given: '[retry.sleep-abort] a sleep handler that aborts',
    call: { sleep: () => 'abort' },
    steps: [rejects(busy)],
    attempts: 1,
    elapsedMs: 0,
    stopReason: 'ABORTED',
    error: expect.any(AbortRetryError),
    cause: busy,
  },
];

function begin(way: Way, wants: 'call' | 'settle'): { clock: FakeClock; promise: Promise<unknown>; calls: () => number } {
  const clock = new FakeClock();
  const policy = createRegistry().policy('ways', { clock, retry: { backoff: fixed(100) }, ...way.policy });
  way.before?.(policy);
  const { fn, attempts } = scripted(...way.steps);
  const controller = new AbortController();
  if (way.abortAtMs !== undefined) clock.setTimeout(() => controller.abort(reason), way.abortAtMs);
  const promise = policy[wants](fn, { signal: controller.signal, ...way.call });
  return { clock, promise: clock.until(promise), calls: () => attempts.length };
}

describe('call', () => {
  it.each(ways.filter((way) => way.stopReason === undefined))('resolves after $given', async (way) => {
    const { promise, clock } = begin(way, 'call');
    await expect(promise).resolves.toBe(way.value);
    expect(clock.now()).toBe(way.elapsedMs);
  });

  it.each(ways.filter((way) => 'error' in way))('rejects after $given', async (way) => {
    const { promise, clock, calls } = begin(way, 'call');
    const error: unknown = await promise.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (way.error instanceof Error) expect(error).toBe(way.error);
    else expect(error).toEqual(way.error);
    if ('cause' in way) expect((error as Error).cause).toBe(way.cause);
    expect(clock.now()).toBe(way.elapsedMs);
    expect(calls()).toBe(way.attempts);
    expect(outcomeOf(error as Error)).toMatchObject({ ok: false, stopReason: way.stopReason, attempts: way.attempts });
  });

  it.each(ways.filter((way) => 'returned' in way))('returns after $given', async (way) => {
    const { promise } = begin(way, 'call');
    await expect(promise).resolves.toBe(way.returned);
  });
});

describe('settle', () => {
  it.each(ways)('[call.settle-never-rejects] tells of $given', async (way) => {
    const { promise, calls, clock } = begin(way, 'settle');
    const outcome = await promise;
    const { attempts, elapsedMs } = way;
    expect(calls()).toBe(attempts);
    expect(clock.pending).toBe(0);
    if (way.stopReason === undefined) {
      expect(outcome).toEqual({ ok: true, value: way.value, attempts, elapsedMs });
      return;
    }
    expect(outcome).toMatchObject({ ok: false, stopReason: way.stopReason, attempts, elapsedMs });
    const { error } = outcome as { readonly error: Error };
    if (way.stopReason === 'SCHEDULED') {
      expect(outcome).toMatchObject({ nextDelayMs: 100, error: busy, errorClass: 'SERVER_ERROR', failedBy: 'exception' });
    } else if (way.error instanceof Error) {
      expect(error).toBe(way.error);
    } else if ('error' in way) {
      expect(error).toEqual(way.error);
    }
  });

  it.each([
    { given: 'an exception', policy: {}, steps: [rejects(busy)], then: { errorClass: 'SERVER_ERROR', failedBy: 'exception', error: busy } },
    {
      given: 'a Response',
      policy: {},
      steps: [gives(response503)],
      then: { errorClass: 'SERVER_ERROR', failedBy: 'result', lastResult: response503, error: expect.any(RetryExhaustedError) },
    },
    {
      given: 'undefined judged bad',
      policy: { classifyResult: () => 'CONCURRENCY' as const },
      steps: [gives(undefined)],
      then: { errorClass: 'CONCURRENCY', failedBy: 'result', lastResult: undefined, error: expect.any(RetryExhaustedError) },
    },
    {
      given: 'an exception after a bad result',
      policy: { classifyResult: () => 'CONCURRENCY' as const },
      steps: [gives('bad'), rejects(missing)],
      then: { errorClass: 'PERMANENT', failedBy: 'exception', lastResult: 'bad', error: missing },
    },
  ])('says what failed: $given', async ({ given, policy, steps, then }) => {
    const { promise } = begin({ given, policy, steps, attempts: 0, elapsedMs: 0 }, 'settle');
    expect(await promise).toMatchObject(then);
  });

  it('knows no outcome of an error that no call rejected with', () => {
    expect(outcomeOf(new Error('mine'))).toBeUndefined();
  });

  it('[call.rejects-circuit-open] gives a refusal its error with or without a stack, and the same one each time', async () => {
    const policy = createRegistry().policy('ways', { clock: new FakeClock(), circuitBreaker: {} });
    policy.circuitBreaker.forceOpen();
    const outcome = await policy.settle(() => 'never');
    if (outcome.ok || outcome.stopReason !== 'CIRCUIT_OPEN') throw new Error('the circuit was to refuse');
    expect(outcome.error).toBeInstanceOf(CircuitOpenError);
    expect(outcome.error).toBe(outcome.error);
    expect(outcome.retryAfterMs).toBe(Infinity);
    const thrown = await policy.call(() => 'never').catch((error: unknown) => error);
    expect((thrown as Error).stack).toContain('waysOut.test');
  });

  it('[call.rejects-scheduled] an error of a deferral is a RetryScheduledError', async () => {
    const policy = createRegistry().policy('ways', { clock: new FakeClock(), retry: { backoff: fixed(70) } });
    await expect(policy.call(rejects(busy), sleepy)).rejects.toBeInstanceOf(RetryScheduledError);
    const cause = { name: 'RetryExhaustedError', lastResult: response503 };
    await expect(policy.call(gives(response503), sleepy)).rejects.toMatchObject({ name: 'RetryScheduledError', nextDelayMs: 70, cause });
  });
});

describe('[call.one-terminal-event] [call.one-span] [call.one-duration]', () => {
  const terminalEvents: Readonly<Record<string, string>> = {
    NON_RETRYABLE_CLASS: 'permanent_fail',
    DEADLINE_EXCEEDED: 'deadline_exceeded',
    MAX_ATTEMPTS_GLOBAL: 'max_attempts_exceeded',
    MAX_ATTEMPTS_PER_CLASS: 'max_attempts_exceeded',
    MAX_UNKNOWN_ATTEMPTS: 'max_unknown_attempts_exceeded',
    NO_STRATEGY: 'no_strategy_configured',
    BUDGET_EXHAUSTED: 'budget_exhausted',
    SCHEDULED: 'scheduled',
    ABORTED: 'aborted',
    CIRCUIT_OPEN: 'circuit_rejected',
  };
  const notTerminal: readonly string[] = ['retry', 'circuit_opened', 'circuit_half_open', 'circuit_closed', 'attempt_timeout', 'slow_call'];
  const terminal = Object.values(EventName).filter((event) => !notTerminal.includes(event));
  const outcomes: Readonly<Record<string, string>> = { SCHEDULED: 'scheduled', ABORTED: 'aborted', CIRCUIT_OPEN: 'rejected' };

  let telemetry: TelemetryHarness;
  beforeAll(async () => {
    telemetry = await inMemoryTelemetry();
  });
  beforeEach(() => telemetry.reset());
  afterAll(() => telemetry.shutdown());

  it.each(ways)('one of each for $given', async (way) => {
    const { promise, clock } = begin(way, 'settle');
    await promise;
    // What a function that outlived its call does must not be told as another end.
    await clock.advance(1e5);
    const { stopReason, attempts, elapsedMs } = way;
    // A circuit that stops a call in its midst ends a failure.
    const stopped = stopReason === 'CIRCUIT_OPEN' && attempts > 0;
    const outcome = stopReason === undefined ? 'success' : stopped ? 'failure' : (outcomes[stopReason] ?? 'failure');
    const event = stopReason === undefined ? 'success' : terminalEvents[stopReason];

    const { span } = telemetry
      .expectOneCall()
      .attempts(attempts)
      .attribute('redress.outcome', outcome)
      .attribute('redress.stop_reason', stopReason);
    // A success at once needs no event: the span says it all.
    const atOnce = stopReason === undefined && attempts === 1;
    const told = span.events.map(({ name }) => name).filter((name) => name !== 'exception');
    expect(told.filter((name) => terminal.some((one) => one === name))).toEqual(atOnce ? [] : [event]);
    expect(told.at(-1)).toBe(atOnce ? undefined : event);

    const counted = await Promise.all(terminal.map((name) => telemetry.counter('redress.events', { 'redress.event': name })));
    expect(counted.reduce((sum, count) => sum + count)).toBe(1);
    expect(await telemetry.counter('redress.events', { 'redress.event': event })).toBe(1);
    expect(await telemetry.counter('redress.attempts')).toBe(attempts);

    const duration = await telemetry.histogram('redress.retry.duration');
    expect(duration.count).toBe(1);
    expect(duration.sum).toBeCloseTo(elapsedMs / 1_000, 9);
    const labels = { 'redress.outcome': outcome, ...(stopReason && { 'redress.stop_reason': stopReason }) };
    expect(await telemetry.histogram('redress.retry.duration', labels)).toEqual(duration);
    await telemetry.conserve();
  });
});

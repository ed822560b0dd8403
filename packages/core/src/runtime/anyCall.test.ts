import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import type { CallOptions } from './CallOptions.js';
import { ErrorClass } from '../model/ErrorClass.js';
import { AbortRetryError } from '../model/errors/AbortRetryError.js';
import type { Outcome, TimelineEntry } from '../model/Outcome.js';
import type { SleepDecision } from '../model/Sleep.js';
import type { PolicyOptions } from '../policy/PolicyOptions.js';
import { createRegistry } from '../policy/Registry.js';
import { FakeClock } from '../testing/FakeClock.js';
import { inMemoryTelemetry } from '../testing/inMemoryTelemetry.js';
import type { TelemetryHarness } from '../testing/TelemetryHarness.js';
import { errorOf, scripted, type Step } from './fixtures/script.js';

/** What one attempt does, as data. */
type Deed =
  | { readonly does: 'gives' | 'rejects' | 'judged'; readonly afterMs: number; readonly errorClass: ErrorClass }
  | { readonly does: 'throws'; readonly errorClass: ErrorClass }
  | { readonly does: 'hangs' }
  | { readonly does: 'gives up'; readonly afterMs: number };

interface Script {
  readonly deeds: readonly Deed[];
  readonly timeoutMs: number;
  readonly attemptTimeoutMs: number | undefined;
  readonly maxAttempts: number;
  readonly maxUnknownAttempts: number;
  readonly maxPerClass: number | undefined;
  readonly delaysMs: readonly number[];
  readonly backoffFor: 'all' | 'some';
  readonly budget: number | undefined;
  readonly breaker: { readonly failures: number; readonly scope: 'attempt' | 'call' } | undefined;
  readonly idempotent: boolean;
  readonly abortAtMs: number | undefined;
  readonly answers: readonly { readonly decision: SleepDecision; readonly afterMs: number | undefined }[] | undefined;
}

const classes = Object.values(ErrorClass);
const retryable = classes.filter((one) => one !== 'AUTH' && one !== 'PERMISSION' && one !== 'PERMANENT');
const anyClass = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...retryable) }, { weight: 1, arbitrary: fc.constantFrom(...classes) });
const shortMs = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 400 }));

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ does: fc.constant('gives' as const), afterMs: shortMs, errorClass: anyClass }) },
  {
    weight: 6,
    arbitrary: fc.record({ does: fc.constantFrom('rejects' as const, 'judged' as const), afterMs: shortMs, errorClass: anyClass }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('throws' as const), errorClass: anyClass }) },
  { weight: 1, arbitrary: fc.constant({ does: 'hangs' as const }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('gives up' as const), afterMs: shortMs }) },
);

const scripts: fc.Arbitrary<Script> = fc.record({
  deeds: fc.array(deed, { minLength: 1, maxLength: 6 }),
  timeoutMs: fc.integer({ min: 1, max: 2_000 }),
  attemptTimeoutMs: fc.option(fc.integer({ min: 1, max: 500 }), { nil: undefined }),
  maxAttempts: fc.integer({ min: 1, max: 6 }),
  maxUnknownAttempts: fc.integer({ min: 1, max: 3 }),
  maxPerClass: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined, freq: 4 }),
  delaysMs: fc.array(fc.oneof(fc.constantFrom(0, -5, Number.NaN, Infinity), fc.integer({ min: 1, max: 600 })), {
    minLength: 1,
    maxLength: 4,
  }),
  backoffFor: fc.oneof({ weight: 6, arbitrary: fc.constant('all' as const) }, { weight: 1, arbitrary: fc.constant('some' as const) }),
  budget: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  breaker: fc.option(fc.record({ failures: fc.integer({ min: 1, max: 4 }), scope: fc.constantFrom('attempt' as const, 'call' as const) }), {
    nil: undefined,
  }),
  idempotent: fc.oneof({ weight: 6, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  abortAtMs: fc.option(fc.integer({ min: 0, max: 1_500 }), { nil: undefined, freq: 2 }),
  answers: fc.option(
    fc.array(
      fc.record({
        decision: fc.oneof(
          { weight: 4, arbitrary: fc.constant('sleep' as const) },
          { weight: 1, arbitrary: fc.constantFrom('defer' as const, 'abort' as const) },
        ),
        afterMs: fc.option(fc.integer({ min: 0, max: 300 }), { nil: undefined }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    { nil: undefined, freq: 2 },
  ),
});

interface Seen {
  /** Functions called, ended, and signals fired, by attempt. */
  readonly signals: AbortSignal[];
  readonly beganAtMs: number[];
  readonly endedAtMs: (number | undefined)[];
  /** Since when each signal has been fired. */
  readonly firedAtMs: (number | undefined)[];
  readonly tellRetry: number[];
  readonly deeds: Deed[];
}

function stepOf(clock: FakeClock, seen: Seen, script: Script): (deedOf: Deed) => Step {
  return (what) => (attempt) => {
    const index = seen.signals.length;
    seen.signals.push(attempt.signal);
    seen.deeds.push(what);
    seen.beganAtMs.push(clock.now());
    attempt.signal.addEventListener('abort', () => (seen.firedAtMs[index] = clock.now()));
    const end = <T>(value: T): T => {
      seen.endedAtMs[index] = clock.now();
      return value;
    };
    if (what.does === 'hangs') return new Promise(() => undefined);
    if (what.does === 'throws') throw end(errorOf[what.errorClass]());
    return clock.sleep(what.afterMs).then(() => {
      switch (what.does) {
        case 'gives':
          return end('fine');
        case 'judged':
          return end({ judged: what.errorClass, script: script.timeoutMs });
        case 'gives up':
          throw end(new AbortRetryError());
        case 'rejects':
          throw end(errorOf[what.errorClass]());
      }
    });
  };
}

function optionsOf(script: Script, clock: FakeClock): PolicyOptions {
  const { timeoutMs, attemptTimeoutMs, maxAttempts, maxUnknownAttempts, maxPerClass, delaysMs, budget, breaker } = script;
  const backoff = ({ attempt }: { attempt: number }): number => delaysMs[(attempt - 1) % delaysMs.length] ?? 0;
  const perClass = maxPerClass === undefined ? {} : { SERVER_ERROR: maxPerClass, UNKNOWN: maxPerClass };
  return {
    clock,
    // Where the default backoff serves for what is no delay, its waits are whole milliseconds then.
    random: () => 0,
    timeoutMs,
    attemptTimeoutMs: attemptTimeoutMs === undefined ? undefined : Math.min(attemptTimeoutMs, timeoutMs),
    classifyResult: (result) =>
      typeof result === 'object' && result !== null && 'judged' in result ? (result.judged as ErrorClass) : undefined,
    retry: {
      maxAttempts,
      maxUnknownAttempts,
      maxAttemptsByClass: perClass,
      budget: budget === undefined ? false : { max: budget, windowMs: 1e9 },
      ...(script.backoffFor === 'all' ? { backoff } : { backoffByClass: { SERVER_ERROR: backoff, TRANSIENT: backoff } }),
    },
    circuitBreaker: breaker && { trip: { type: 'consecutive', failures: breaker.failures }, scope: breaker.scope },
  };
}

let telemetry: TelemetryHarness;
beforeAll(async () => {
  telemetry = await inMemoryTelemetry();
});
afterAll(() => telemetry.shutdown());

const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
beforeAll(() => process.on('unhandledRejection', onUnhandled));
afterAll(() => void process.off('unhandledRejection', onUnhandled));

async function hold(script: Script): Promise<void> {
  await telemetry.reset();
  const clock = new FakeClock();
  const controller = new AbortController();
  const policy = createRegistry().policy('any', optionsOf(script, clock));
  const seen: Seen = { signals: [], beganAtMs: [], endedAtMs: [], firedAtMs: [], tellRetry: [], deeds: [] };
  const { fn } = scripted(...script.deeds.map(stepOf(clock, seen, script)));
  if (script.abortAtMs !== undefined) clock.setTimeout(() => controller.abort('gone'), script.abortAtMs);
  let asked = 0;
  const sleep = (): SleepDecision | Promise<SleepDecision> => {
    const answer = script.answers?.[asked++ % (script.answers.length || 1)] ?? { decision: 'sleep', afterMs: undefined };
    return answer.afterMs === undefined ? answer.decision : clock.sleep(answer.afterMs).then(() => answer.decision);
  };
  const call: CallOptions = {
    signal: controller.signal,
    idempotent: script.idempotent,
    timeline: true,
    beforeSleep: (_, delayMs) => void seen.tellRetry.push(delayMs),
    ...(script.answers && { sleep }),
  };
  let settledAtMs: number | undefined;
  const promise = policy.settle(fn, call);
  const alone = await policy.settle(() => 'another call', { operation: 'beside' });
  void promise.then(() => (settledAtMs ??= clock.now()));
  const outcome = await clock.until(promise);
  const attemptsAtEnd = seen.signals.length;

  // It settles by its limit, and nothing of it happens later.
  expect(outcome.elapsedMs).toBeLessThanOrEqual(script.timeoutMs);
  expect(settledAtMs).toBe(outcome.elapsedMs);
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  controller.abort('too late');
  await clock.runAll();
  expect(seen.signals.length).toBe(attemptsAtEnd);
  expect(clock.pending).toBe(0);
  if (!alone.ok) expect(alone).toMatchObject({ stopReason: 'CIRCUIT_OPEN' });

  // Attempts are counted, and are at most what they may be.
  expect(outcome.attempts).toBe(attemptsAtEnd);
  expect(attemptsAtEnd).toBeLessThanOrEqual(script.maxAttempts);

  // A signal fires for an attempt that is cut short, and never for one that has ended.
  for (const [index, firedAt] of seen.firedAtMs.entries()) {
    if (firedAt === undefined) continue;
    expect(seen.endedAtMs[index] ?? Infinity).toBeGreaterThanOrEqual(firedAt);
    expect(firedAt).toBeLessThanOrEqual(outcome.elapsedMs);
  }

  // Retries are one fewer than attempts when it succeeded; else there may be one more that was cut short.
  const { timeline = [] } = outcome;
  const retries = timeline.filter(({ event }) => event === 'retry');
  expect(seen.tellRetry).toEqual(retries.map(({ delayMs }) => delayMs));
  if (outcome.ok) expect(retries).toHaveLength(outcome.attempts - 1);
  else expect([outcome.attempts - 1, outcome.attempts]).toContain(retries.length);

  // Waits are what was told, but for the last when it was cut short.
  const attempts = timeline.filter(({ event }) => event === 'attempt');
  const waits = retries.map(
    (retry) =>
      (attempts.find(({ atMs, attempt }) => attempt === retry.attempt + 1 && atMs >= retry.atMs)?.atMs ?? outcome.elapsedMs) - retry.atMs,
  );
  for (const [index, wait] of waits.entries()) {
    const delayMs = retries[index]?.delayMs ?? 0;
    if (index < outcome.attempts - 1) expect(wait).toBe(delayMs);
    else expect(wait).toBeLessThanOrEqual(delayMs);
  }
  const waited = waits.reduce((sum, wait) => sum + wait, 0);
  expect(await telemetry.counter('redress.backoff.time')).toBeCloseTo(waited / 1_000, 9);

  // One terminal event, one span, one duration; counters say the same as the outcome.
  telemetry.expectCalls(2);
  const { span } = telemetry.expectOneCall('any').attempts(outcome.attempts);
  const terminal = timeline.at(-1);
  const atOnce = outcome.ok && outcome.attempts === 1;
  expect(span.events.filter(({ name }) => name === terminal?.event)).toHaveLength(atOnce ? 0 : 1);
  const told = span.events.map(({ name }) => name).filter((name) => name !== 'exception');
  if (!atOnce) expect(told.at(-1)).toBe(terminal?.event);
  expect(terminal?.stopReason).toBe(outcome.ok ? undefined : outcome.stopReason);
  expect(await telemetry.counter('redress.attempts', { operation: 'any' })).toBe(outcome.attempts);
  expect(await telemetry.counter('redress.retries', { operation: 'any' })).toBe(retries.length);
  const duration = await telemetry.histogram('redress.retry.duration', { operation: 'any' });
  expect(duration.count).toBe(1);
  expect(duration.sum).toBeCloseTo(outcome.elapsedMs / 1_000, 9);
  expect(await telemetry.gauge('redress.attempt.abandoned', { 'redress.policy': 'any' })).toBe(
    seen.signals.filter((_, index) => seen.endedAtMs[index] === undefined).length,
  );
  await holdFailures(seen, outcome, timeline);
  await telemetry.conserve();
  policy.dispose();
  await new Promise((resolve) => setImmediate(resolve));
  expect(unhandled).toEqual([]);
}

/** Each attempt that failed is told by one event, with its class, on the span, in the log and in the counter; and its time was wasted. */
async function holdFailures(seen: Seen, outcome: Outcome<unknown>, timeline: readonly TimelineEntry[]): Promise<void> {
  const { attempts } = outcome;
  const aborted = timeline.at(-1)?.event === 'aborted';
  const { span } = telemetry.expectOneCall('any');
  const completed = span.events.find(({ name }) => name === 'aborted')?.attributes['retry.attempt'];
  const timeoutOf = (number: number): number =>
    timeline.find(({ event, attempt }) => event === 'attempt_timeout' && attempt === number)?.atMs ?? Infinity;
  const gaveUp = seen.deeds[attempts - 1]?.does === 'gives up' && timeoutOf(attempts) === Infinity;
  const failedLast = !outcome.ok && (!aborted || (completed === attempts && !gaveUp));
  const failed = Array.from({ length: attempts }, (_, index) => index + 1).filter((number) => number < attempts || failedLast);
  const told = (all: readonly { readonly attributes: Readonly<Record<string, unknown>> }[]): unknown[] =>
    all.filter(({ attributes }) => 'error.class' in attributes).map(({ attributes }) => attributes['retry.attempt']);
  expect(told(span.events)).toEqual(failed);
  expect(told(telemetry.logs().filter(({ attributes }) => attributes['operation'] === 'any'))).toEqual(failed);
  for (const { attributes } of span.events) expect('redress.cause' in attributes).toBe('error.class' in attributes);
  const counted = (await telemetry.metrics()).filter(({ name, attributes }) => name === 'redress.events' && 'error.class' in attributes);
  expect(counted.reduce((sum, series) => sum + (series.kind === 'histogram' ? 0 : series.value), 0)).toBe(failed.length);

  let wastedMs = 0;
  let ranOnMs = 0;
  for (const number of failed) {
    const endedAtMs = seen.endedAtMs[number - 1] ?? Infinity;
    const failedAtMs = Math.min(endedAtMs, timeoutOf(number), outcome.elapsedMs);
    wastedMs += failedAtMs - (seen.beganAtMs[number - 1] ?? 0);
    if (endedAtMs < Infinity) ranOnMs += endedAtMs - failedAtMs;
  }
  expect(await telemetry.counter('redress.wasted.time', { 'redress.waste': 'failed_attempt' })).toBeCloseTo(wastedMs / 1_000, 9);
  expect(await telemetry.counter('redress.wasted.time', { 'redress.waste': 'abandoned' })).toBeCloseTo(ranOnMs / 1_000, 9);
}

describe('any call at all', () => {
  it('[call.settles-at-limit] [call.one-terminal-event] [retry.no-leftovers] [retry.no-phantom-step] [call.failures-told-once] [call.wasted-time] keeps its promises', async () => {
    await fc.assert(fc.asyncProperty(scripts, hold), { numRuns: 400 });
  }, 60_000);
});

import { getEventListeners } from 'node:events';
import type { CallOptions } from './CallOptions.js';
import { AbortRetryError } from '../model/errors/AbortRetryError.js';
import type { SleepDecision } from '../model/Sleep.js';
import type { Policy } from '../policy/Policy.js';
import type { PolicyOptions } from '../policy/PolicyOptions.js';
import { createRegistry } from '../policy/Registry.js';
import { FakeClock } from '../testing/FakeClock.js';
import { fixed } from '../testing/fixedBackoffs.js';
import { inMemoryTelemetry } from '../testing/inMemoryTelemetry.js';
import { gives, hangs, heeds, rejects, scripted, throws, withStatus, type Step } from './fixtures/script.js';

const busy = withStatus(503);
const gone = new Error('gone');

function setUp(options: PolicyOptions = {}) {
  const clock = new FakeClock();
  const policy = createRegistry().policy('aborting', { clock, retry: { backoff: fixed(100) }, ...options });
  const controller = new AbortController();
  return { clock, policy, controller };
}

describe('an abort', () => {
  const thinks = (clock: FakeClock): CallOptions => ({
    sleep: async (): Promise<SleepDecision> => {
      await clock.sleep(30);
      return 'sleep';
    },
  });
  it.each<{ given: string; steps: readonly Step[]; atMs: number; attempts: number; handler?: boolean; policy?: PolicyOptions }>([
    { given: 'during the first attempt', steps: [hangs], atMs: 10, attempts: 1 },
    { given: 'during an attempt that heeds its signal', steps: [heeds], atMs: 10, attempts: 1 },
    { given: 'while the sleep handler thinks', steps: [rejects(busy), gives('no')], atMs: 10, attempts: 1, handler: true },
    { given: '[retry.abort-wakes-sleep] in the wait', steps: [rejects(busy), gives('no')], atMs: 10, attempts: 1 },
    { given: '[retry.abort-wakes-sleep] just before the wait ends', steps: [rejects(busy), gives('no')], atMs: 99.999, attempts: 1 },
    { given: 'during the second attempt', steps: [rejects(busy), hangs], atMs: 150, attempts: 2 },
    { given: 'after an attempt timed out', steps: [hangs], atMs: 60, attempts: 1, policy: { attemptTimeoutMs: 50 } },
    { given: 'at the limit of the call', steps: [hangs], atMs: 1_000, attempts: 1, policy: { timeoutMs: 1_000 } },
  ])('$given ends the call there', async ({ steps, atMs, attempts, handler, policy: options }) => {
    const { clock, policy, controller } = setUp(options);
    const { fn, attempts: made } = scripted(...steps);
    clock.setTimeout(() => controller.abort(gone), atMs);
    const outcome = policy.settle(fn, { signal: controller.signal, timeline: true, ...(handler ? thinks(clock) : {}) });
    expect(await clock.until(outcome)).toMatchObject({ stopReason: 'ABORTED', error: gone, attempts, elapsedMs: atMs });
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    await clock.runAll();
    expect(made).toHaveLength(attempts);
    expect(clock.pending).toBe(0);
  });

  it('[retry.abort-wakes-sleep] in a wait of 0 ms, before it is over, ends the call there', async () => {
    const { policy, controller } = setUp({ retry: { backoff: () => 0 } });
    const { fn, attempts } = scripted(throws(busy), gives('no'));
    const outcome = policy.settle(fn, { signal: controller.signal });
    controller.abort(gone);
    expect(await outcome).toMatchObject({ stopReason: 'ABORTED', attempts: 1 });
    expect(attempts).toHaveLength(1);
  });

  it('reaches the signal of the attempt in flight, with its reason', async () => {
    const { clock, policy, controller } = setUp();
    const { fn, attempts } = scripted(heeds);
    const outcome = policy.settle(fn, { signal: controller.signal });
    await clock.advance(10);
    controller.abort(gone);
    expect(attempts[0]?.signal.aborted).toBe(true);
    expect(attempts[0]?.signal.reason).toBe(gone);
    expect(await outcome).toMatchObject({ error: gone });
  });

  it('comes too late when the call is over', async () => {
    const { policy, controller } = setUp();
    const { fn, attempts } = scripted(gives('ok'));
    await expect(policy.call(fn, { signal: controller.signal })).resolves.toBe('ok');
    controller.abort(gone);
    expect(attempts[0]?.signal.aborted).toBe(false);
  });

  it.each([
    { given: 'no reason', abort: (controller: AbortController) => controller.abort(), then: { name: 'AbortError' } },
    { given: 'a string', abort: (controller: AbortController) => controller.abort('bye'), then: 'bye' },
  ])('[call.rejects-abort-reason] with $given', async ({ abort, then }) => {
    const { policy, controller } = setUp();
    const call = policy.call(hangs, { signal: controller.signal });
    abort(controller);
    const reason: unknown = await call.catch((error: unknown) => error);
    expect(reason).toBe(controller.signal.reason);
    if (typeof then === 'object' && then !== null) expect(reason).toMatchObject(then);
    else expect(reason).toBe(then);
  });

  it('[call.rejects-abort-reason] with an AbortError where the reason is null', async () => {
    const { policy, controller } = setUp();
    const call = policy.call(hangs, { signal: controller.signal });
    controller.abort(null);
    await expect(call).rejects.toMatchObject({ name: 'AbortError', message: 'This operation was aborted' });
  });

  it.each([
    { given: 'while it runs', before: false },
    { given: 'before it began', before: true },
  ])('[call.rejects-abort-reason] with an AbortError where the signal knows no reason: fired $given', async ({ before }) => {
    const { policy } = setUp();
    const signal = Object.assign(new EventTarget(), { aborted: before });
    const call = policy.call(hangs, { signal: signal as unknown as AbortSignal });
    signal.aborted = true;
    signal.dispatchEvent(new Event('abort'));
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('[call.rejects-abort-reason] by AbortSignal.timeout and AbortSignal.any', async () => {
    const policy = createRegistry().policy('aborting');
    const signal = AbortSignal.any([AbortSignal.timeout(5), new AbortController().signal]);
    await expect(policy.call(hangs, { signal })).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('of one call leaves another with the same signal as ended as it, and one with its own alone', async () => {
    const { clock, policy, controller } = setUp();
    const [first, second] = [1, 2].map(() => policy.settle(hangs, { signal: controller.signal }));
    const other = policy.settle(() => clock.sleep(50).then(() => 'ok'), { signal: new AbortController().signal });
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    clock.setTimeout(() => controller.abort(gone), 10);
    await clock.runAll();
    expect(await first).toMatchObject({ stopReason: 'ABORTED' });
    expect(await second).toMatchObject({ stopReason: 'ABORTED' });
    expect(await other).toMatchObject({ ok: true, value: 'ok' });
  });
});

describe('the event of an abort', () => {
  it.each<{ given: string; steps: readonly Step[]; atMs: number; attempts: number; completed: number }>([
    { given: 'during the first attempt', steps: [hangs], atMs: 10, attempts: 1, completed: 0 },
    { given: 'in the wait', steps: [rejects(busy)], atMs: 10, attempts: 1, completed: 1 },
    { given: 'during the second attempt', steps: [rejects(busy), hangs], atMs: 150, attempts: 2, completed: 1 },
    { given: 'by AbortRetryError', steps: [throws(new AbortRetryError())], atMs: 10, attempts: 1, completed: 1 },
  ])('$given tells $completed completed of $attempts attempts', async ({ steps, atMs, attempts, completed }) => {
    const telemetry = await inMemoryTelemetry();
    const { clock, policy, controller } = setUp();
    clock.setTimeout(() => controller.abort(gone), atMs);
    await clock.until(policy.settle(scripted(...steps).fn, { signal: controller.signal }));
    const { span } = telemetry.expectOneCall().aborted().attempts(attempts).status('unset');
    expect(span.events.at(-1)).toMatchObject({ name: 'aborted', attributes: { 'retry.attempt': completed } });
    await telemetry.shutdown();
  });

  it('tells an attempt whose verdict was still out as completed', async () => {
    const telemetry = await inMemoryTelemetry();
    const { policy, controller } = setUp({ classifyResult: () => void controller.abort(gone) });
    await policy.settle(gives('ok'), { signal: controller.signal });
    expect(telemetry.expectOneCall().aborted().attempts(1).span.events.at(-1)?.attributes).toMatchObject({ 'retry.attempt': 1 });
    await telemetry.shutdown();
  });
});

describe('[retry.aborted-before-start] a signal that has fired', () => {
  const own = (signal: AbortSignal): CallOptions => ({ signal });
  const parents = (signal: AbortSignal): CallOptions => ({ parent: { number: 1, operation: 'outer', remainingMs: 10_000, signal } });
  it.each([
    { given: 'by itself', options: {}, call: own },
    { given: 'beside an open circuit', options: { circuitBreaker: { scope: 'call' as const } }, call: own, open: true },
    { given: "as its parent's", options: {}, call: parents },
  ])('$given: the function is never called', async ({ options, call, open }) => {
    const { policy, clock } = setUp(options);
    if (open) policy.circuitBreaker?.forceOpen();
    const { fn, attempts } = scripted(gives('no'));
    const signal = AbortSignal.abort(gone);
    const aborted = { ok: false, stopReason: 'ABORTED', error: gone, attempts: 0, elapsedMs: 0 };
    expect(await policy.settle(fn, call(signal))).toEqual(aborted);
    await expect(policy.call(fn, call(signal))).rejects.toBe(gone);
    expect(attempts).toHaveLength(0);
    expect(clock.pending).toBe(0);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('AbortRetryError', () => {
  it.each([
    { given: 'thrown at once', steps: (error: Error) => [throws(error)], attempts: 1 },
    { given: 'rejected with later', steps: (error: Error) => [rejects(busy), rejects(error)], attempts: 2 },
  ])('[call.rejects-abort-error] $given ends the call, with itself', async ({ steps, attempts }) => {
    const { clock, policy } = setUp({ classify: () => 'TRANSIENT' });
    const error = new AbortRetryError('enough', { cause: busy });
    expect(await clock.until(policy.settle(scripted(...steps(error)).fn))).toMatchObject({ stopReason: 'ABORTED', error, attempts });
    await expect(clock.until(policy.call(scripted(...steps(error)).fn))).rejects.toBe(error);
  });

  it('from another copy of the package does too', async () => {
    class Foreign extends Error {
      static readonly redressError = 'AbortRetryError';
    }
    const { policy } = setUp();
    expect(await policy.settle(throws(new Foreign('enough')))).toMatchObject({ stopReason: 'ABORTED', attempts: 1 });
  });
});

describe('[retry.abort-neutral-to-breaker] to a breaker an abort', () => {
  const breaker = { trip: { type: 'consecutive', failures: 1 }, recoveryMs: () => 1_000 } as const;

  const ways: readonly { given: string; end: (policy: Policy, clock: FakeClock) => Promise<unknown> }[] = [
    {
      given: 'by signal',
      end: (policy, clock) => {
        const controller = new AbortController();
        clock.setTimeout(() => controller.abort(gone), 10);
        return policy.settle(hangs, { signal: controller.signal });
      },
    },
    { given: 'by AbortRetryError', end: (policy) => policy.settle(throws(new AbortRetryError())) },
  ];

  it.each(
    ways.flatMap((way) => [
      { ...way, scope: 'attempt' as const },
      { ...way, scope: 'call' as const },
    ]),
  )('$given, scope $scope, is no failure, no success, and gives the probe back', async ({ end, scope }) => {
    const { clock, policy } = setUp({ circuitBreaker: { ...breaker, scope, successThreshold: 1 } });
    const circuit = policy.circuitBreaker;
    await clock.until(end(policy, clock));
    expect(circuit?.state).toBe('closed');
    await policy.settle(throws(busy), { retry: false });
    expect(circuit?.state).toBe('open');
    await clock.advance(1_000);
    await clock.until(end(policy, clock));
    expect(circuit?.state).toBe('half_open');
    // The place is free again: another probe may run, and closes it.
    await expect(policy.call(gives('ok'))).resolves.toBe('ok');
    expect(circuit?.state).toBe('closed');
  });
});

describe('[retry.no-leftovers] after a call', () => {
  it.each<{ given: string; steps: readonly Step[]; call?: CallOptions }>([
    { given: 'that succeeded', steps: [gives('ok')] },
    { given: 'that was rescued', steps: [rejects(busy), gives('ok')] },
    { given: 'that failed', steps: [rejects(busy)] },
    { given: 'that was permanent', steps: [throws(withStatus(404))] },
    { given: 'that ran out of time', steps: [hangs], call: { timeoutMs: 50 } },
    { given: 'that was deferred', steps: [rejects(busy)], call: { sleep: () => 'defer' } },
    { given: 'that threw AbortRetryError', steps: [throws(new AbortRetryError())] },
  ])('$given no timer and no listener is left', async ({ steps, call }) => {
    const { clock, policy, controller } = setUp();
    const parents = new AbortController();
    const parent = { number: 1, operation: 'outer', remainingMs: 10_000, signal: parents.signal };
    const outcome = policy.settle(scripted(...steps).fn, { ...call, signal: controller.signal, parent });
    expect(getEventListeners(controller.signal, 'abort').length).toBeLessThanOrEqual(1);
    await clock.until(outcome);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    expect(getEventListeners(parents.signal, 'abort')).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('a thousand calls leave nothing on the signal they share', async () => {
    const { clock, policy, controller } = setUp();
    const calls = Array.from({ length: 1_000 }, (_, index) =>
      policy.settle(index % 2 ? scripted(rejects(busy), gives('ok')).fn : gives('ok'), { signal: controller.signal }),
    );
    await clock.runAll();
    await Promise.all(calls);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});

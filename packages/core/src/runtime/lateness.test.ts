import { getEventListeners } from 'node:events';
import type { Attempt } from '../model/Attempt.js';
import { AttemptTimeoutError } from '../model/errors/AttemptTimeoutError.js';
import { DeadlineExceededError } from '../model/errors/DeadlineExceededError.js';
import type { PolicyOptions } from '../policy/PolicyOptions.js';
import { createRegistry } from '../policy/Registry.js';
import { FakeClock } from '../testing/FakeClock.js';
import { fixed } from '../testing/fixedBackoffs.js';
import { inMemoryTelemetry } from '../testing/inMemoryTelemetry.js';
import type { TelemetryHarness } from '../testing/TelemetryHarness.js';
import { BlockableClock } from './fixtures/BlockableClock.js';
import { gives, hangs, rejects, scripted, throws, withStatus, type Step } from './fixtures/script.js';

const busy = withStatus(503);

function setUp(options: PolicyOptions = {}, name = 'late') {
  const clock = new FakeClock();
  const policy = createRegistry().policy(name, { clock, timeoutMs: 1_000, retry: { backoff: fixed(100) }, ...options });
  const after =
    (ms: number, then: Step): Step =>
    async (attempt) => {
      await clock.sleep(ms);
      return then(attempt);
    };
  return { clock, policy, after };
}

const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
beforeAll(() => process.on('unhandledRejection', onUnhandled));
beforeEach(() => unhandled.splice(0));
afterAll(() => void process.off('unhandledRejection', onUnhandled));

describe("the call's limit", () => {
  it.each([
    { at: 999, then: { ok: true, value: 'done', elapsedMs: 999 } },
    { at: 1_000, then: { stopReason: 'DEADLINE_EXCEEDED', elapsedMs: 1_000 } },
    { at: 1_001, then: { stopReason: 'DEADLINE_EXCEEDED', elapsedMs: 1_000 } },
  ])('[retry.deadline-exact] [retry.late-success] a function that ends at $at of 1,000 ms', async ({ at, then }) => {
    const { clock, policy, after } = setUp();
    const outcome = policy.settle(after(at, gives('done')));
    await clock.advance(2_000);
    expect(await outcome).toMatchObject({ attempts: 1, ...then });
  });

  it.each([
    { given: 'the call', options: { timeoutMs: 500 }, then: 'DEADLINE_EXCEEDED' },
    { given: 'the attempt', options: { timeoutMs: 1_000, attemptTimeoutMs: 500, retry: false as const }, then: 'MAX_ATTEMPTS_GLOBAL' },
  ])(
    '[retry.deadline-exact] exactly at the limit of $given is over, though the function ended first in that millisecond',
    async ({ options, then }) => {
      const { clock, policy } = setUp(options);
      const early = clock.sleep(500).then(() => 'done');
      const outcome = policy.settle(() => early);
      await clock.advance(500);
      expect(await outcome).toMatchObject({ stopReason: then, attempts: 1, elapsedMs: 500 });
    },
  );

  it('[call.settles-at-limit] is kept when the function never ends, by call and by settle', async () => {
    const { clock, policy } = setUp();
    const settled: number[] = [];
    const note = (): void => void settled.push(clock.now());
    void policy.settle(hangs).then(note);
    void policy.call(hangs).catch(note);
    await clock.advance(999);
    expect(settled).toEqual([]);
    await clock.advance(1);
    expect(settled).toEqual([1_000, 1_000]);
  });

  it.each([
    { given: 'a call', call: { timeoutMs: 300 }, then: 300 },
    { given: 'a call that allows more', call: { timeoutMs: 3_000 }, then: 3_000 },
    { given: '[call.options-undefined-absent] the policy', call: { timeoutMs: undefined }, then: 1_000 },
  ])('is that of $given', async ({ call, then }) => {
    const { clock, policy } = setUp({ attemptTimeoutMs: undefined });
    expect(await clock.until(policy.settle(hangs, call))).toMatchObject({ stopReason: 'DEADLINE_EXCEEDED', elapsedMs: then });
    expect(clock.now()).toBe(then);
  });

  it('[retry.deadline-in-flight] fires the signal of the attempt, with the error that the call rejects with', async () => {
    const { clock, policy } = setUp();
    const { fn, attempts } = scripted(hangs);
    let firedAt = -1;
    const call = policy.call((attempt) => {
      attempt.signal.addEventListener('abort', () => (firedAt = clock.now()));
      return fn(attempt);
    });
    const error = await clock.until(call.catch((thrown: unknown) => thrown));
    expect(error).toBeInstanceOf(DeadlineExceededError);
    expect(error).toMatchObject({ timeoutMs: 1_000, message: 'The call ran out of its 1000 ms' });
    expect(firedAt).toBe(1_000);
    expect(attempts[0]?.signal.reason).toBe(error);
  });

  it('[call.rejects-deadline-in-attempt] after a bad result has no cause; the outcome has the result', async () => {
    const { clock, policy } = setUp({ classifyResult: () => 'SERVER_ERROR' });
    const outcome = await clock.until(policy.settle(scripted(gives('bad'), hangs).fn));
    expect(outcome).toMatchObject({ stopReason: 'DEADLINE_EXCEEDED', attempts: 2, failedBy: 'exception', lastResult: 'bad' });
    expect(outcome.ok ? undefined : (outcome.error as Error).cause).toBeUndefined();
  });

  it.each([
    { own: 300, timeoutMs: 1_000, then: [300, 700, 1_000], last: DeadlineExceededError },
    { own: 1_000, timeoutMs: 1_000, then: [1_000], last: DeadlineExceededError },
    { own: 400, timeoutMs: 5_000, then: [400, 900, 1_400], last: AttemptTimeoutError },
  ])(
    '[retry.attempt-timeout-min] [call.rejects-deadline-in-attempt] attempts of $own ms in a call of $timeoutMs ms end at $then',
    async ({ own, timeoutMs, then, last }) => {
      const { clock, policy } = setUp({ timeoutMs, attemptTimeoutMs: own });
      const ended: number[] = [];
      const fn = ({ signal }: Attempt): Promise<never> => {
        signal.addEventListener('abort', () => ended.push(clock.now()));
        return new Promise(() => undefined);
      };
      const error = await clock.until(policy.call(fn).catch((thrown: unknown) => thrown));
      expect(ended).toEqual(then);
      expect(error).toBeInstanceOf(last);
    },
  );

  it('[retry.attempt-timeout-min] shows in remainingMs', async () => {
    const { clock, policy } = setUp({ attemptTimeoutMs: 400 });
    const seen: number[][] = [];
    let kept: Attempt | undefined;
    const fn = async (attempt: Attempt): Promise<void> => {
      kept = attempt;
      const begun = attempt.remainingMs;
      await clock.sleep(150);
      seen.push([begun, attempt.remainingMs]);
      if (attempt.number < 4) throw busy;
    };
    await clock.until(policy.call(fn, { retry: { maxAttempts: 4 } }));
    expect(seen).toEqual([
      [400, 250],
      [400, 250],
      [400, 250],
      [250, 100],
    ]);
    expect(kept?.remainingMs).toBe(0);
  });

  it.each([
    { given: 'by a signal', own: new DOMException('The operation was aborted due to timeout', 'TimeoutError') },
    { given: 'of an attempt inside it', own: new AttemptTimeoutError({ timeoutMs: 10, attempt: 1 }) },
    { given: 'of a call inside it', own: new DeadlineExceededError({ timeoutMs: 10 }) },
  ])("[retry.foreign-timeout] is not taken for the function's own timeout, $given", async ({ own }) => {
    const { clock, policy, after } = setUp();
    const outcome = await clock.until(policy.settle(after(10, throws(own)), { timeline: true }));
    expect(outcome).toMatchObject({ stopReason: 'MAX_ATTEMPTS_GLOBAL', errorClass: 'TRANSIENT', attempts: 3 });
    expect(outcome.ok ? undefined : outcome.error).toBe(own);
    expect(outcome.timeline?.map(({ event }) => event)).not.toContain('attempt_timeout');
  });

  it('[call.rejects-attempt-timeout] tells which attempt had how long', async () => {
    const { clock, policy } = setUp({ attemptTimeoutMs: 200 });
    const error = await clock.until(policy.call(hangs).catch((thrown: unknown) => thrown));
    expect(error).toMatchObject({ name: 'AttemptTimeoutError', timeoutMs: 200, attempt: 3, message: 'Attempt 3 ran out of its 200 ms' });
  });

  it('[call.timeout-covers-waits] covers the waits between attempts', async () => {
    const { clock, policy, after } = setUp({ retry: { backoff: fixed(300), maxAttempts: 9, budget: false } });
    const outcome = await clock.until(policy.settle(after(100, throws(busy))));
    // 100 of work and 300 of wait each; after the third attempt 300 ms no longer fit.
    expect(outcome).toMatchObject({ stopReason: 'DEADLINE_EXCEEDED', error: busy, attempts: 3, elapsedMs: 900 });
  });
});

describe('a blocked event loop', () => {
  it.each([
    { given: 'past the limit of the call', blockMs: 1_000, then: { ok: false, stopReason: 'DEADLINE_EXCEEDED', attempts: 1 } },
    { given: 'past that of the attempt', blockMs: 400, then: { ok: true, value: 'done', attempts: 2 } },
    { given: 'to just before that of the attempt', blockMs: 399, then: { ok: true, value: 'done', attempts: 1 } },
  ])('[retry.late-success] $given makes the result late', async ({ blockMs, then }) => {
    const inner = new FakeClock();
    const clock = new BlockableClock(inner);
    const policy = createRegistry().policy('late', { clock, timeoutMs: 1_000, attemptTimeoutMs: 400, retry: { backoff: fixed(100) } });
    for (const sync of [true, false]) {
      const fn = ({ number }: Attempt): unknown => {
        if (number === 1) clock.block(blockMs);
        return sync ? 'done' : Promise.resolve('done');
      };
      expect(await inner.until(policy.settle(fn))).toMatchObject(then);
      expect(inner.pending).toBe(0);
    }
  });

  it('[retry.late-success] makes a failure late too', async () => {
    const inner = new FakeClock();
    const clock = new BlockableClock(inner);
    const policy = createRegistry().policy('late', { clock, timeoutMs: 1_000 });
    const fn = (): never => {
      clock.block(1_000);
      throw busy;
    };
    await expect(inner.until(policy.call(fn))).rejects.toBeInstanceOf(DeadlineExceededError);
  });

  it('[call.timeout-covers-waits] [call.rejects-same-error] in a wait ends the call when it wakes past its limit', async () => {
    const inner = new FakeClock();
    const clock = new BlockableClock(inner);
    const policy = createRegistry().policy('late', { clock, timeoutMs: 1_000, retry: { backoff: fixed(100) } });
    inner.setTimeout(() => clock.block(2_000), 50);
    const { fn, attempts } = scripted(rejects(busy), gives('ok'));
    expect(await inner.until(policy.settle(fn))).toMatchObject({ stopReason: 'DEADLINE_EXCEEDED', error: busy, attempts: 1 });
    expect(attempts).toHaveLength(1);
  });

  it.each([
    { given: 'just before the limit', blockMs: 899, then: { ok: true, attempts: 2 } },
    { given: 'exactly at the limit', blockMs: 900, then: { stopReason: 'DEADLINE_EXCEEDED', attempts: 1 } },
  ])('[retry.deadline-exact] in a wait that so ends $given', async ({ blockMs, then }) => {
    const inner = new FakeClock();
    const clock = new BlockableClock(inner);
    const policy = createRegistry().policy('late', { clock, timeoutMs: 1_000, retry: { backoff: fixed(100) } });
    inner.setTimeout(() => clock.block(blockMs), 50);
    expect(await inner.until(policy.settle(scripted(rejects(busy), gives('ok')).fn))).toMatchObject(then);
  });
});

describe('what comes after the end', () => {
  it('[call.late-result-dropped] of an attempt that timed out does not end the next one', async () => {
    const { clock, policy, after } = setUp({ timeoutMs: 2_000, attemptTimeoutMs: 200 });
    const { fn } = scripted(after(350, gives('late')), after(190, gives('in time')));
    expect(await clock.until(policy.settle(fn))).toMatchObject({ ok: true, value: 'in time', attempts: 2, elapsedMs: 490 });
  });

  it.each([
    { given: 'a value', late: gives('late') },
    { given: '[call.late-rejection-swallowed] a rejection', late: throws(new Error('late')) },
  ])('[call.late-result-dropped] $given is dropped', async ({ late }) => {
    const judged: unknown[] = [];
    const judge = (what: unknown): undefined => void judged.push(what);
    const { clock, policy, after } = setUp({ attemptTimeoutMs: 200, classify: judge, classifyResult: judge });
    const timedOut = policy.settle(after(500, late), { retry: false });
    const overdue = policy.settle(after(5_000, late), { retry: false, timeoutMs: 100 });
    const controller = new AbortController();
    // In time, if nobody had aborted.
    const aborted = policy.settle(after(150, late), { signal: controller.signal });
    clock.setTimeout(() => controller.abort(), 10);
    await clock.runAll();
    expect(await timedOut).toMatchObject({ stopReason: 'MAX_ATTEMPTS_GLOBAL', elapsedMs: 200 });
    expect(await overdue).toMatchObject({ stopReason: 'DEADLINE_EXCEEDED', elapsedMs: 100 });
    expect(await aborted).toMatchObject({ stopReason: 'ABORTED', elapsedMs: 10 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(judged).toEqual([]);
    expect(unhandled).toEqual([]);
  });

  it.each([
    { given: 'success', step: gives('ok') },
    { given: 'an exception', step: throws(withStatus(404)) },
    { given: 'a bad result', step: gives({ status: 503, headers: new Headers() }) },
  ])('[call.signal-quiet-after-settle] does not reach the signal of an attempt that ended in $given', async ({ step }) => {
    const { clock, policy, after } = setUp({ attemptTimeoutMs: 300 });
    const controller = new AbortController();
    const signals: AbortSignal[] = [];
    const fn = (attempt: Attempt): unknown => {
      signals.push(attempt.signal);
      return after(50, step)(attempt);
    };
    await clock.until(policy.settle(fn, { signal: controller.signal }));
    controller.abort();
    await clock.advance(10_000);
    expect(signals.length).toBeGreaterThan(0);
    expect(signals.every(({ aborted }) => !aborted)).toBe(true);
  });

  it.each([
    { given: 'before it fired', readAt: 'first', aborted: true },
    { given: 'after it fired', readAt: 'last', aborted: true },
  ])('a signal that is first read $given has fired', async ({ readAt, aborted }) => {
    const { clock, policy } = setUp();
    const { fn, attempts } = scripted(hangs);
    const outcome = policy.settle((attempt) => {
      if (readAt === 'first') expect(attempt.signal.aborted).toBe(false);
      return fn(attempt);
    });
    await clock.until(outcome);
    expect(attempts[0]?.signal.aborted).toBe(aborted);
    expect(attempts[0]?.signal).toBe(attempts[0]?.signal);
  });

  it('a signal that is first read after a success has not fired', async () => {
    const { policy } = setUp();
    const { fn, attempts } = scripted(gives('ok'));
    await policy.call(fn);
    expect(attempts[0]?.signal.aborted).toBe(false);
  });

  it('leaves nothing on a signal that the function listened to', async () => {
    const { clock, policy, after } = setUp();
    const controller = new AbortController();
    await clock.until(policy.call(after(10, gives('ok')), { signal: controller.signal }));
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });
});

describe('[call.abandoned-gauge] functions that outlive their call', () => {
  let telemetry: TelemetryHarness;
  beforeAll(async () => {
    telemetry = await inMemoryTelemetry();
  });
  afterAll(() => telemetry.shutdown());
  const gauge = (): Promise<number> => telemetry.gauge('redress.attempt.abandoned', { 'redress.policy': 'abandoning' });

  it('are gauged until they end', async () => {
    const { clock, policy, after } = setUp({ timeoutMs: 600, attemptTimeoutMs: 200, retry: { backoff: fixed(50) } }, 'abandoning');
    const { fn } = scripted(after(2_000, gives('late')), after(1_000, throws(busy)), after(900, gives('late')));
    const outcome = policy.settle(fn);
    await clock.advance(500);
    // Two attempts have timed out, the third one runs: the call is not over, so nothing is abandoned.
    expect(await gauge()).toBe(0);
    await clock.advance(100);
    expect(await outcome).toMatchObject({ stopReason: 'DEADLINE_EXCEEDED', attempts: 3 });
    expect(await gauge()).toBe(3);
    await clock.advance(650); // 1,250: the second ended
    expect(await gauge()).toBe(2);
    await clock.advance(150); // 1,400: the third
    expect(await gauge()).toBe(1);
    await clock.advance(600); // 2,000: the first
    expect(await gauge()).toBe(0);
    policy.dispose();
  });

  it('are gauged when their call succeeded at another attempt', async () => {
    const { clock, policy, after } = setUp({ attemptTimeoutMs: 200 }, 'abandoning');
    const { fn } = scripted(after(900, gives('late')), gives('ok'));
    expect(await clock.until(policy.settle(fn))).toMatchObject({ ok: true, attempts: 2, elapsedMs: 300 });
    expect(await gauge()).toBe(1);
    await clock.runAll();
    expect(await gauge()).toBe(0);
    policy.dispose();
  });

  it('do not count when they ended before their call did', async () => {
    const { clock, policy, after } = setUp({ attemptTimeoutMs: 200 }, 'abandoning');
    const { fn } = scripted(after(250, gives('late')), after(10, gives('ok')));
    await clock.until(policy.settle(fn));
    expect(await gauge()).toBe(0);
    await clock.runAll();
    expect(await gauge()).toBe(0);
    policy.dispose();
  });

  it.each([
    { given: 'an abort from inside the function', sync: false },
    { given: 'an abort from inside a sync function', sync: true },
  ])('count once for $given', async ({ sync }) => {
    const { clock, policy } = setUp({}, 'abandoning');
    const controller = new AbortController();
    const outcome = policy.settle(
      () => {
        controller.abort('gone');
        return sync ? 'ok' : clock.sleep(100);
      },
      { signal: controller.signal },
    );
    expect(await outcome).toMatchObject({ stopReason: 'ABORTED', error: 'gone', attempts: 1 });
    expect(await gauge()).toBe(sync ? 0 : 1);
    await clock.runAll();
    expect(await gauge()).toBe(0);
    policy.dispose();
  });
});

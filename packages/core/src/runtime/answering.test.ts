import { AsyncLocalStorage } from 'node:async_hooks';
import { trace } from '@opentelemetry/api';
import type { PolicyOptions } from '../policy/PolicyOptions.js';
import { createRegistry } from '../policy/Registry.js';
import { FakeClock } from '../testing/FakeClock.js';
import { fixed } from '../testing/fixedBackoffs.js';
import { inMemoryTelemetry } from '../testing/inMemoryTelemetry.js';
import type { TelemetryHarness } from '../testing/TelemetryHarness.js';
import type { CallOptions } from './CallOptions.js';
import { errorOf, gives, rejects, scripted, type Step, withStatus } from './fixtures/script.js';

let telemetry: TelemetryHarness;
beforeAll(async () => {
  telemetry = await inMemoryTelemetry();
});
beforeEach(() => telemetry.reset());
afterAll(() => telemetry.shutdown());

const busy = withStatus(503);
const down = [rejects(busy)];

let made = 0;

function setUp(options: PolicyOptions<unknown>, steps: readonly Step[] = down) {
  const clock = new FakeClock();
  made += 1;
  const policy = createRegistry().policy(`answered ${made}`, {
    clock,
    timeoutMs: 1_000,
    attemptTimeoutMs: 400,
    retry: { maxAttempts: 2, backoff: fixed(10), budget: false },
    ...options,
  });
  const { fn, attempts } = scripted(...steps);
  return { clock, attempts, policy, run: (own?: CallOptions<unknown, unknown>) => policy.settle(fn, own) };
}

const events = () => telemetry.calls().map((span) => span.events.map(({ name }) => name));

describe('what answers for a call that failed', () => {
  it('gives a success that says what it stands for', async () => {
    const { clock, run } = setUp({ fallback: { value: 'spare' } });
    const outcome = run({ timeline: true });
    await clock.advance(10);
    expect(await outcome).toMatchObject({
      ok: true,
      value: 'spare',
      attempts: 2,
      answeredBy: 'fallback',
      insteadOf: { ok: false, stopReason: 'MAX_ATTEMPTS_GLOBAL', error: busy, errorClass: 'SERVER_ERROR', attempts: 2 },
      timeline: [{ event: 'attempt' }, { event: 'retry' }, { event: 'attempt' }, { event: 'fallback_used' }, { event: 'success' }],
    });
    telemetry.expectOneCall().attempts(2).succeeded().attribute('redress.answered_by', 'fallback');
    expect(events()).toEqual([['retry', 'fallback_used', 'success']]);
    // The answer is no rescue by an attempt.
    expect(await telemetry.counter('redress.retry.success_after_retries')).toBe(0);
    expect(await telemetry.counter('redress.events', { 'redress.event': 'success' })).toBe(1);
    const used = {
      'redress.event': 'fallback_used',
      'redress.stop_reason': 'MAX_ATTEMPTS_GLOBAL',
      'error.class': 'SERVER_ERROR',
      'error.type': '503',
    };
    expect(await telemetry.counter('redress.events', used)).toBe(1);
    await telemetry.conserve();
  });

  it('resolves a plain call with the answer', async () => {
    const { clock, policy } = setUp({ fallback: { value: undefined } });
    const call = policy.call(() => Promise.reject(busy));
    await clock.advance(10);
    expect(await call).toBeUndefined();
  });

  it('is asked of a call that a gate refused', async () => {
    const { policy, run } = setUp({ fallback: { value: 'spare' }, circuitBreaker: {} });
    policy.circuitBreaker?.forceOpen();
    expect(await run()).toMatchObject({ ok: true, value: 'spare', attempts: 0, insteadOf: { stopReason: 'CIRCUIT_OPEN' } });
    const [span] = telemetry.calls();
    expect(span?.attributes).toMatchObject({ 'redress.outcome': 'success', 'redress.attempt_count': 0 });
    expect(span?.events.at(0)?.attributes).toMatchObject({ 'redress.stop_reason': 'CIRCUIT_OPEN', 'circuit.state': 'forced_open' });
    await telemetry.conserve();
  });

  it.each<[string, Step, CallOptions<unknown, unknown> | undefined, string]>([
    ['succeeded', gives('fine'), undefined, 'fine'],
    ['was aborted', gives('never'), { signal: AbortSignal.abort() }, 'ABORTED'],
    ['was deferred', rejects(busy), { sleep: () => 'defer' }, 'SCHEDULED'],
    ['says that nothing answers', rejects(errorOf.PERMANENT()), { fallback: false }, 'NON_RETRYABLE_CLASS'],
  ])('is not asked of a call that %s', async (_, step, own, then) => {
    const outcome = await setUp({ fallback: { value: 'spare' } }, [step]).run(own);
    expect(outcome.ok ? outcome.value : outcome.stopReason).toBe(then);
    expect(outcome).not.toHaveProperty('answeredBy');
  });

  it("is the call's own where that gives one, with a policy that has none", async () => {
    const { run } = setUp({}, [rejects(errorOf.PERMANENT())]);
    expect(await run({ fallback: { value: 'own' } })).toMatchObject({ ok: true, value: 'own' });
  });
});

describe('an answer that takes its time', () => {
  /** A call that has failed, and whose fallback gives the answer after so long. */
  function waiting(ms: number, own: PolicyOptions<unknown> = {}, end: () => unknown = () => 'late') {
    const signals: AbortSignal[] = [];
    const set = setUp({
      retry: false,
      fallback: {
        timeoutMs: 300,
        run: ({ signal }) => {
          signals.push(signal);
          return set.clock.sleep(ms).then(end);
        },
      },
      ...own,
    });
    return { ...set, signals };
  }

  it('is waited for, and the call is under way till then', async () => {
    const { clock, policy, run } = waiting(200);
    const outcome = run();
    await clock.advance(199);
    expect(await telemetry.gauge('redress.active_calls', { 'redress.policy': policy.name })).toBe(1);
    expect(telemetry.calls()).toEqual([]);
    await clock.advance(1);
    expect(await outcome).toMatchObject({ ok: true, value: 'late', elapsedMs: 200 });
    expect(clock.pending).toBe(0);
    await telemetry.reset();
    expect(await telemetry.gauge('redress.active_calls', { 'redress.policy': policy.name })).toBe(0);
  });

  it('may take its own time beyond that of the call', async () => {
    const { clock, run } = waiting(200, { timeoutMs: 50, attemptTimeoutMs: 50 });
    const hanging = setUp({ timeoutMs: 50, attemptTimeoutMs: 50, fallback: { run: () => 'after the deadline' } }, [
      () => new Promise(() => {}),
    ]);
    const outcome = hanging.run();
    await hanging.clock.advance(50);
    expect(await outcome).toMatchObject({ value: 'after the deadline', insteadOf: { stopReason: 'DEADLINE_EXCEEDED' } });
    const late = run();
    await clock.advance(200);
    expect(await late).toMatchObject({ value: 'late' });
  });

  it('that takes too long fails, and its signal fires', async () => {
    const { clock, run, signals } = waiting(301);
    const outcome = run();
    await clock.advance(300);
    expect(await outcome).toMatchObject({
      ok: false,
      stopReason: 'FALLBACK_FAILED',
      error: { name: 'DeadlineExceededError', cause: busy },
      attempts: 1,
    });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(events()).toEqual([['fallback_used', 'fallback_failed', 'exception']]);
    await clock.advance(1);
    expect(clock.pending).toBe(0);
    await telemetry.conserve();
  });

  it('that fails is what the caller sees', async () => {
    const worse = errorOf.PERMANENT();
    const { clock, policy } = waiting(5, {}, () => Promise.reject(worse));
    const call = policy.call(() => Promise.reject(busy)).catch((error: unknown) => error);
    await clock.advance(5);
    expect(await call).toBe(worse);
    telemetry.expectOneCall().failedWith('FALLBACK_FAILED', 'PERMANENT');
    await telemetry.conserve();
  });

  it('is given up when the caller aborts', async () => {
    const { clock, run, signals } = waiting(200);
    const caller = new AbortController();
    const reason = new Error('enough');
    const outcome = run({ signal: caller.signal });
    await clock.advance(100);
    caller.abort(reason);
    expect(await outcome).toMatchObject({ ok: false, stopReason: 'ABORTED', error: reason });
    expect(signals[0]?.reason).toBe(reason);
    await clock.advance(100);
    expect(events()).toEqual([['fallback_used', 'aborted']]);
    await telemetry.conserve();
  });

  it('ends with the attempt around the call', async () => {
    const { clock, run } = waiting(200);
    const outer = setUp({ retry: false }, [
      (parent) => {
        inner = run({ parent });
        return clock.sleep(50);
      },
    ]);
    let inner: ReturnType<typeof run> | undefined;
    const outcome = outer.run();
    await clock.advance(50);
    expect(await outcome).toMatchObject({ ok: true });
    expect(await inner).toMatchObject({ ok: false, stopReason: 'ABORTED' });
  });

  it('[call.caller-context] is made in the context of the caller, with the span of the call active', async () => {
    const store = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const { clock, run } = setUp({
      fallback: { run: () => void seen.push(store.getStore(), trace.getActiveSpan()?.spanContext().spanId) },
    });
    const outcome = store.run('the caller', () => run());
    await store.run('somebody else', () => clock.advance(10));
    await outcome;
    expect(seen).toEqual(['the caller', telemetry.calls()[0]?.spanId]);
  });
});

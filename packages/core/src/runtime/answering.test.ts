import { AsyncLocalStorage } from 'node:async_hooks';
import { trace } from '@opentelemetry/api';
import { busy, fallen } from '../around/fallback/fixtures/fallen.js';
import { makeParts } from '../policy/PolicyParts.js';
import { createRegistry } from '../policy/Registry.js';
import { telemetry as hub } from '../telemetry/otel/install.js';
import { told, withDiag } from '../telemetry/fixtures/diag.js';
import { FakeClock } from '../testing/FakeClock.js';
import { fixed } from '../testing/fixedBackoffs.js';
import { inMemoryTelemetry } from '../testing/inMemoryTelemetry.js';
import type { TelemetryHarness } from '../testing/TelemetryHarness.js';
import { Call } from './Call.js';

// What answers in the place of a function, whatever it is: a fallback stands for all of them.

let telemetry: TelemetryHarness;
beforeAll(async () => {
  telemetry = await inMemoryTelemetry();
});
beforeEach(() => telemetry.reset());
afterAll(() => telemetry.shutdown());

const events = () => telemetry.calls().map((span) => span.events.map(({ name }) => name));
const retried = { retry: { maxAttempts: 2, backoff: fixed(10), budget: false } } as const;

describe('what answers for a call that failed', () => {
  it('[around.answered] [around.told] gives a success that says what it stands for', async () => {
    const { clock, run } = fallen({ ...retried, fallback: { value: 'spare' } });
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

  it('[around.answered] resolves a plain call with the answer', async () => {
    const { policy, fn } = fallen({ fallback: { value: undefined } });
    expect(await policy.call(fn)).toBeUndefined();
  });
});

describe('an answer that takes its time', () => {
  /** A call that has failed, and for which something answers after so long. */
  function waiting(ms: number) {
    const set = fallen({ fallback: { run: () => set.clock.sleep(ms).then(() => 'late') } });
    return set;
  }

  it('[around.under-way] is waited for, and the call is under way till then', async () => {
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

  it('[around.under-way] keeps a drain waiting, and what is asked for the answer is part of the call', async () => {
    const clock = new FakeClock();
    const registry = createRegistry();
    const spare = registry.policy('spare', { clock, retry: false });
    const policy = registry.policy('drained', {
      clock,
      retry: false,
      fallback: { alternates: [{ policy: spare, run: () => clock.sleep(100).then(() => 'late') }] },
    });
    const call = policy.call(() => clock.sleep(10).then(() => Promise.reject(busy)));
    let isDrained: boolean | undefined;
    void registry.drain({ timeoutMs: 1_000, clock }).then((drained) => (isDrained = drained));
    await clock.advance(109);
    expect(isDrained).toBeUndefined();
    await clock.advance(1);
    expect(await call).toBe('late');
    expect(isDrained).toBe(true);
  });

  it('[around.ends-with-caller] is given up when the caller aborts', async () => {
    const { clock, run } = waiting(200);
    const caller = new AbortController();
    const reason = new Error('enough');
    const outcome = run({ signal: caller.signal });
    await clock.advance(100);
    caller.abort(reason);
    expect(await outcome).toMatchObject({ ok: false, stopReason: 'ABORTED', error: reason });
    await clock.advance(100);
    expect(events()).toEqual([['fallback_used', 'aborted']]);
    await telemetry.conserve();
  });

  it('[around.ends-with-caller] [call.parent-ends] ends with the attempt around the call', async () => {
    const { clock, run } = waiting(200);
    let inner: ReturnType<typeof run> | undefined;
    const outer = fallen({}, [
      (parent) => {
        inner = run({ parent });
        return clock.sleep(50);
      },
    ]);
    const outcome = outer.run();
    await clock.advance(50);
    expect(await outcome).toMatchObject({ ok: true });
    expect(await inner).toMatchObject({ ok: false, stopReason: 'ABORTED' });
  });

  it('[around.ends-with-caller] a signal that cannot be listened to ends it, and nothing stays under way', async () => {
    withDiag();
    let listens = 0;
    const signal = Object.assign(new EventTarget(), { aborted: false, reason: undefined, onabort: null, throwIfAborted: () => undefined });
    signal.addEventListener = () => {
      listens += 1;
      if (listens > 1) throw new Error('deaf');
    };
    const { policy, run } = waiting(200);
    expect(await run({ signal: signal as unknown as AbortSignal })).toMatchObject({
      stopReason: 'FALLBACK_FAILED',
      error: { message: 'deaf' },
    });
    expect(await telemetry.gauge('redress.active_calls', { 'redress.policy': policy.name })).toBe(0);
    expect(told()).toEqual([]);
  });

  it('[around.under-way] settles the call, whatever else of that breaks meanwhile', async () => {
    withDiag();
    const clock = new FakeClock();
    const { plan } = makeParts('broken', { clock, retry: false, fallback: { run: () => clock.sleep(10).then(() => 'late') } });
    const settled: unknown[] = [];
    const settle = (value: unknown): void => void settled.push(value);
    const call = new Call(plan, () => Promise.reject(busy), undefined, false, settle, settle);
    call.launch();
    await clock.advance(5);
    call.broke(new Error('odd'));
    expect(settled).toEqual([]);
    expect(told()).toHaveLength(1);
    await clock.advance(5);
    expect(settled).toEqual(['late']);
  });

  it('[call.caller-context] is made in the context of the caller, with the span of the call active', async () => {
    const store = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const { clock, run } = fallen({
      ...retried,
      fallback: { run: () => void seen.push(store.getStore(), trace.getActiveSpan()?.spanContext().spanId) },
    });
    const outcome = store.run('the caller', () => run());
    await store.run('somebody else', () => clock.advance(10));
    await outcome;
    expect(seen).toEqual(['the caller', telemetry.calls()[0]?.spanId]);
  });
});

// Last, for it takes telemetry over.
it('[around.ends-with-caller] does not begin when what is told of it has aborted the call', async () => {
  const caller = new AbortController();
  const unbind = hub().bind({ logSink: { emit: () => caller.abort('told') } });
  const answer = jest.fn();
  const outcome = await fallen({ fallback: { run: answer } }).run({ signal: caller.signal });
  unbind();
  expect(outcome).toMatchObject({ stopReason: 'ABORTED', error: 'told' });
  expect(answer).not.toHaveBeenCalled();
});

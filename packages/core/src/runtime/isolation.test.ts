import { trace } from '@opentelemetry/api';
import type { Attempt } from '../model/Attempt.js';
import type { PolicyOptions } from '../policy/PolicyOptions.js';
import { createRegistry } from '../policy/Registry.js';
import { FakeClock } from '../testing/FakeClock.js';
import { fixed } from '../testing/fixedBackoffs.js';
import { inMemoryTelemetry } from '../testing/inMemoryTelemetry.js';
import { seededRandom } from '../testing/seededRandom.js';
import type { TelemetryHarness } from '../testing/TelemetryHarness.js';
import { BlockableClock } from './fixtures/BlockableClock.js';
import { gives, hangs, heeds, scripted, throws, withStatus } from './fixtures/script.js';

const busy = withStatus(503);

function setUp(options: PolicyOptions = {}) {
  const clock = new FakeClock();
  const registry = createRegistry();
  const policy = registry.policy('many', { clock, retry: { backoff: fixed(100), budget: false }, ...options });
  return { clock, registry, policy };
}

describe('with telemetry', () => {
  let telemetry: TelemetryHarness;
  beforeAll(async () => {
    telemetry = await inMemoryTelemetry();
  });
  beforeEach(() => telemetry.reset());
  afterAll(() => telemetry.shutdown());

  it('[call.concurrent-isolated] two hundred calls at once see their own span, attempts and timeline alone', async () => {
    const { clock, policy } = setUp();
    const random = seededRandom(7);
    const calls = Array.from({ length: 200 }, (_, id) => {
      const failures = Math.floor(random() * 4);
      const seen: { spanId: string | undefined; number: number }[] = [];
      const fn = async (attempt: Attempt): Promise<string> => {
        const spanId = trace.getActiveSpan()?.spanContext().spanId;
        seen.push({ spanId, number: attempt.number });
        await clock.sleep(random() * 300);
        expect(trace.getActiveSpan()?.spanContext().spanId).toBe(spanId);
        if (attempt.number <= failures) throw busy;
        return `result ${id}`;
      };
      return { id, failures, seen, outcome: policy.settle(fn, { operation: `op-${id % 5}`, attributes: { id }, timeline: true }) };
    });
    await clock.runAll();
    const spans = new Map(telemetry.expectCalls(200).map(({ span }) => [span.spanId, span]));
    for (const { id, failures, seen, outcome } of calls) {
      const settled = await outcome;
      const attempts = Math.min(failures + 1, 3);
      expect(settled.attempts).toBe(attempts);
      if (settled.ok) expect(settled.value).toBe(`result ${id}`);
      expect(seen.map(({ number }) => number)).toEqual([1, 2, 3].slice(0, attempts));
      const [spanId] = new Set(seen.map((one) => one.spanId));
      expect(seen.every((one) => one.spanId === spanId)).toBe(true);
      expect(spans.get(spanId ?? '')?.attributes).toMatchObject({ id, operation: `op-${id % 5}`, 'redress.attempt_count': attempts });
      const { timeline = [] } = settled;
      expect(timeline.filter(({ event }) => event === 'attempt').map(({ attempt }) => attempt)).toEqual([1, 2, 3].slice(0, attempts));
      expect(timeline.filter(({ event }) => event === 'retry')).toHaveLength(attempts - 1);
    }
    await telemetry.conserve();
  });

  it('[call.nested-spans] policies in one another give spans in one another', async () => {
    const { clock, registry, policy } = setUp();
    const [middle, inner] = [registry.policy('middle', { clock }), registry.policy('inner', { clock })];
    await clock.until(
      policy.call(async () => {
        await clock.sleep(1);
        return middle.call(async () => {
          await clock.sleep(1);
          return inner.call(() => clock.sleep(1));
        });
      }),
    );
    const [outerCall, middleCall, innerCall] = ['many', 'middle', 'inner'].map((name) => telemetry.expectOneCall(name));
    if (outerCall === undefined || middleCall === undefined) throw new Error('there are three');
    expect(outerCall.span.parentSpanId).toBeUndefined();
    middleCall.childOf(outerCall.span);
    innerCall?.childOf(middleCall.span);
  });

  it('[call.nested-spans] two calls side by side in one function are both its children', async () => {
    const { clock, registry, policy } = setUp();
    const inner = registry.policy('inner', { clock });
    await clock.until(policy.call(() => Promise.all([inner.call(() => clock.sleep(2)), inner.call(() => clock.sleep(1))])));
    const outer = telemetry.expectOneCall('many').span;
    for (const call of telemetry.expectCalls(2, 'inner')) call.childOf(outer);
  });

  it('a call after another is not its child', async () => {
    const { policy } = setUp();
    await policy.call(gives('one'));
    await policy.call(gives('two'));
    for (const { span } of telemetry.expectCalls(2)) expect(span.parentSpanId).toBeUndefined();
  });
});

describe('parent', () => {
  it('ends the call when the attempt around it ends', async () => {
    const { clock, registry, policy } = setUp({ attemptTimeoutMs: 200, retry: false });
    const inner = registry.policy('inner', { clock });
    const outcomes: Promise<unknown>[] = [];
    const outer = policy.settle((attempt) => {
      const call = inner.settle(heeds, { parent: attempt, timeoutMs: 5_000 });
      outcomes.push(call);
      return call.then(() => new Promise(() => undefined));
    });
    expect(await clock.until(outer)).toMatchObject({ stopReason: 'MAX_ATTEMPTS_GLOBAL', elapsedMs: 200 });
    expect(await outcomes[0]).toMatchObject({ ok: false, elapsedMs: 200 });
    expect(clock.pending).toBe(0);
  });

  it('passes an abort of the outer call on, with its reason', async () => {
    const { clock, registry, policy } = setUp();
    const inner = registry.policy('inner', { clock });
    const controller = new AbortController();
    const { fn, attempts } = scripted(hangs);
    const outcomes: Promise<unknown>[] = [];
    const outer = policy.settle(
      (attempt) => {
        const call = inner.settle(fn, { parent: attempt });
        outcomes.push(call);
        return call;
      },
      { signal: controller.signal },
    );
    clock.setTimeout(() => controller.abort('gone'), 30);
    expect(await clock.until(outer)).toMatchObject({ stopReason: 'ABORTED', error: 'gone' });
    expect(await outcomes[0]).toMatchObject({ stopReason: 'ABORTED', error: 'gone', elapsedMs: 30 });
    expect(attempts[0]?.signal.reason).toBe('gone');
  });

  it.each([
    { given: 'less than its own', own: 5_000, then: 300 },
    { given: 'more than its own', own: 100, then: 100 },
  ])('bounds the call by what is left of the attempt: $given', async ({ own, then }) => {
    const { clock, registry, policy } = setUp({ attemptTimeoutMs: 400 });
    const inner = registry.policy('inner', { clock });
    const outer = policy.settle(async (attempt) => {
      await clock.sleep(100);
      const { remainingMs } = attempt;
      const seen: number[] = [];
      void inner.settle(
        (innerAttempt) => {
          seen.push(innerAttempt.remainingMs);
          return hangs(innerAttempt);
        },
        { parent: attempt, timeoutMs: own },
      );
      return { remainingMs, seen };
    });
    expect(await clock.until(outer)).toMatchObject({ ok: true, value: { remainingMs: 300, seen: [then] } });
  });

  it('that is over leaves no time: the function is not called, and the breaker learns nothing', async () => {
    const { clock, registry, policy } = setUp();
    const inner = registry.policy('inner', { clock, circuitBreaker: { scope: 'call', trip: { type: 'consecutive', failures: 1 } } });
    let kept: Attempt | undefined;
    await policy.call((attempt) => {
      kept = attempt;
    });
    const { fn, attempts } = scripted(gives('no'));
    expect(await inner.settle(fn, { parent: kept })).toMatchObject({ stopReason: 'DEADLINE_EXCEEDED', attempts: 0, elapsedMs: 0 });
    expect(attempts).toHaveLength(0);
    expect(inner.circuitBreaker.state).toBe('closed');
  });

  it('that was cut short ends the call before it starts', async () => {
    const { clock, registry, policy } = setUp({ attemptTimeoutMs: 50, retry: false });
    const inner = registry.policy('inner', { clock });
    let kept: Attempt | undefined;
    const outer = policy.settle((attempt) => {
      kept = attempt;
      return hangs(attempt);
    });
    await clock.until(outer);
    const outcome = await inner.settle(gives('no'), { parent: kept });
    expect(outcome).toMatchObject({ stopReason: 'ABORTED', attempts: 0, error: { name: 'AttemptTimeoutError' } });
  });
});

describe('[call.order] in one attempt', () => {
  it('the breaker stands around the timeout, and the timeout around the function', async () => {
    const clock = new FakeClock();
    const policy = createRegistry().policy('order', {
      clock,
      attemptTimeoutMs: 50,
      retry: false,
      circuitBreaker: { trip: { type: 'consecutive', failures: 1 } },
    });
    // The function is cut short by the timeout, whose failure the breaker counts; then the breaker refuses before the function.
    const error = { name: 'AttemptTimeoutError' };
    expect(await clock.until(policy.settle(hangs))).toMatchObject({ stopReason: 'MAX_ATTEMPTS_GLOBAL', elapsedMs: 50, error });
    expect(policy.circuitBreaker.state).toBe('open');
    const { fn, attempts } = scripted(gives('no'));
    expect(await policy.settle(fn)).toMatchObject({ stopReason: 'CIRCUIT_OPEN', attempts: 0 });
    expect(attempts).toHaveLength(0);
  });

  it('retry stands around the breaker: each attempt counts', async () => {
    const clock = new FakeClock();
    const policy = createRegistry().policy('order', {
      clock,
      retry: { backoff: fixed(1) },
      circuitBreaker: { trip: { type: 'consecutive', failures: 3 } },
    });
    await clock.until(policy.settle(throws(busy), { retry: { maxAttempts: 2 } }));
    expect(policy.circuitBreaker.state).toBe('closed');
    expect(await clock.until(policy.settle(throws(busy)))).toMatchObject({ stopReason: 'CIRCUIT_OPEN', attempts: 1 });
  });

  it('retry stands around the timeout: each attempt has its own', async () => {
    const clock = new FakeClock();
    const policy = createRegistry().policy('order', { clock, attemptTimeoutMs: 50, retry: { backoff: fixed(10) } });
    const outcome = await clock.until(policy.settle(hangs, { timeline: true }));
    expect(outcome).toMatchObject({ stopReason: 'MAX_ATTEMPTS_GLOBAL', attempts: 3, elapsedMs: 3 * 50 + 2 * 10 });
    const timeouts = outcome.timeline?.filter(({ event }) => event === 'attempt_timeout');
    expect(timeouts?.map(({ atMs }) => atMs)).toEqual([50, 110, 170]);
  });

  it('the clock starts before admission, which has its time from the call', async () => {
    const clock = new BlockableClock(new FakeClock());
    const policy = createRegistry().policy('order', { clock, timeoutMs: 500 });
    const parent = {
      number: 1,
      operation: 'outer',
      signal: new AbortController().signal,
      get remainingMs() {
        clock.block(100);
        return 10_000;
      },
    };
    expect(await policy.settle(({ remainingMs }) => remainingMs, { parent })).toMatchObject({ ok: true, value: 400, elapsedMs: 100 });
  });

  it('the clock starts before the first attempt, in the turn of the caller', async () => {
    const clock = new FakeClock({ startMs: 500 });
    const policy = createRegistry().policy('order', { clock });
    let called = false;
    const call = policy.settle(() => {
      called = true;
      return clock.sleep(70);
    });
    expect(called).toBe(true);
    expect(await clock.until(call)).toMatchObject({ elapsedMs: 70 });
  });
});

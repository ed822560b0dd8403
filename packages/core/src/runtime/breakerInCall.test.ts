import { CircuitOpenError } from '../gates/breaker/CircuitOpenError.js';
import type { CallOptions } from './CallOptions.js';
import { AbortRetryError } from '../model/errors/AbortRetryError.js';
import { CircuitBreaker } from '../gates/breaker/CircuitBreaker.js';
import { createRegistry } from '../policy/Registry.js';
import { FakeClock } from '../testing/FakeClock.js';
import { fixed } from '../testing/fixedBackoffs.js';
import { inMemoryTelemetry } from '../testing/inMemoryTelemetry.js';
import type { TelemetryHarness } from '../testing/TelemetryHarness.js';
import { guarded, once } from './fixtures/guarded.js';
import { gives, hangs, scripted, throws, withStatus, type Step } from './fixtures/script.js';

const busy = withStatus(503);
const missing = withStatus(404);
let telemetry: TelemetryHarness;
beforeAll(async () => {
  telemetry = await inMemoryTelemetry();
});
beforeEach(() => telemetry.reset());
afterAll(() => telemetry.shutdown());

/** A signal that fires later, by the clock. */
function abortedAfter(clock: FakeClock, delayMs: number): AbortSignal {
  const controller = new AbortController();
  clock.setTimeout(() => controller.abort(), delayMs);
  return controller.signal;
}

const events = (event: string): Promise<number> => telemetry.counter('redress.events', { 'redress.event': event });

describe('a refusal', () => {
  it('[breaker.refusal-says-when] says the time to wait, to call and to settle', async () => {
    const { clock, policy, fail } = guarded(once);
    await fail();
    await clock.advance(300);
    expect(await policy.settle(gives('no'))).toMatchObject({ stopReason: 'CIRCUIT_OPEN', retryAfterMs: 700, attempts: 0, elapsedMs: 0 });
    const error = await policy.call(gives('no')).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CircuitOpenError);
    expect(error).toMatchObject({ circuit: 'guarded', retryAfterMs: 700, state: 'open' });
    expect(await telemetry.counter('redress.attempts')).toBe(1);
  });

  it('[breaker.refusal-says-when] says it in the middle of a retry too', async () => {
    const { clock, policy, fail } = guarded(once);
    const late = policy.settle(async () => {
      await clock.sleep(300);
      throw busy;
    });
    await fail();
    expect(await clock.until(late)).toMatchObject({ stopReason: 'CIRCUIT_OPEN', retryAfterMs: 700, attempts: 1 });
  });

  it('links to it in the middle of a retry too, unless the call opened the circuit itself', async () => {
    const { policy, clock } = guarded(once);
    const late = policy.settle(
      async () => {
        await policy.settle(throws(busy), { operation: 'opener' });
        throw busy;
      },
      { operation: 'late' },
    );
    await clock.advance(0);
    expect(await late).toMatchObject({ stopReason: 'CIRCUIT_OPEN', attempts: 1 });
    const opener = telemetry
      .expectOneCall('opener')
      .failedWith('CIRCUIT_OPEN', 'SERVER_ERROR')
      .events('circuit_opened', 'circuit_rejected').span;
    expect(opener.links).toEqual([]);
    telemetry.expectOneCall('late').failedWith('CIRCUIT_OPEN').linkedTo(opener);
  });

  it('links to the span whose failure opened the circuit', async () => {
    const { policy, clock } = guarded(once);
    await policy.settle(throws(busy), { retry: false, operation: 'opener' });
    await policy.settle(gives('no'), { operation: 'refused' });
    await clock.advance(1_000);
    await policy.settle(gives('ok'), { operation: 'probe' });
    const opener = telemetry.expectOneCall('opener').events('circuit_opened', 'max_attempts_exceeded').span;
    telemetry.expectOneCall('refused').rejectedWith('CIRCUIT_OPEN').linkedTo(opener);
    telemetry.expectOneCall('probe').succeeded().linkedTo(opener).events('circuit_half_open', 'circuit_closed');
  });
});

describe('in the middle of a retry', () => {
  it('[breaker.opens-mid-retry] [breaker.no-sleep-when-open] the circuit stops the call: no retry, no sleep, no backoff asked', async () => {
    const backoff = jest.fn(() => 100);
    const beforeSleep = jest.fn();
    const { clock, policy } = guarded({ trip: { type: 'consecutive', failures: 2 } }, { retry: { backoff, beforeSleep, maxAttempts: 5 } });
    const outcome = await clock.until(policy.settle(throws(busy), { timeline: true }));
    expect(outcome).toMatchObject({ stopReason: 'CIRCUIT_OPEN', attempts: 2, elapsedMs: 100, errorClass: 'SERVER_ERROR' });
    expect(backoff).toHaveBeenCalledTimes(1);
    expect(beforeSleep).toHaveBeenCalledTimes(1);
    telemetry.expectOneCall().attempts(2).events('retry', 'circuit_opened', 'circuit_rejected').waited(100);
  });

  it.each<{ given: string; open(circuit: CircuitBreaker, fail: () => Promise<unknown>): unknown }>([
    { given: 'opened', open: (_, fail) => fail() },
    { given: 'forced open', open: (circuit) => circuit.forceOpen() },
  ])('[breaker.no-sleep-when-open] one that was $given during an attempt stops it, whatever that ended in', async ({ open }) => {
    const { clock, policy, circuit, fail } = guarded(once);
    const { fn, attempts } = scripted(() => clock.sleep(50).then(() => Promise.reject(withStatus(429))), gives('no'));
    const running = policy.settle(fn);
    await open(circuit, fail);
    expect(await clock.until(running)).toMatchObject({ stopReason: 'CIRCUIT_OPEN', attempts: 1, elapsedMs: 50, errorClass: 'RATE_LIMIT' });
    expect(attempts).toHaveLength(1);
  });

  it('[breaker.opens-mid-retry] one that another call opened while this one slept refuses its next attempt', async () => {
    const { clock, policy, fail } = guarded(once);
    const { fn, attempts } = scripted(throws(missing), gives('no'));
    const outcome = policy.settle(fn, { retry: { maxAttempts: 3 } });
    expect(await outcome).toMatchObject({ attempts: 1 });
    const slow = scripted(throws(withStatus(429)), gives('no'));
    const sleeping = policy.settle(slow.fn);
    await clock.advance(50);
    await fail();
    expect(await clock.until(sleeping)).toMatchObject({ stopReason: 'CIRCUIT_OPEN', attempts: 1, elapsedMs: 100, retryAfterMs: 950 });
    expect(slow.attempts).toHaveLength(1);
    expect(attempts).toHaveLength(1);
  });

  it('[call.circuit-open-cause] after a bad result the cause carries it', async () => {
    const response = { status: 503, headers: new Headers() };
    const { policy } = guarded(once);
    const error = await policy.call(gives(response)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'CircuitOpenError', cause: { name: 'RetryExhaustedError', lastResult: response } });
  });
});

describe('probes', () => {
  it.each([
    { given: undefined, then: 1 },
    { given: 3, then: 3 },
  ])('[breaker.probe-limit] [breaker.half-open-event] given $given, of twenty calls $then run, and half-open is told once', async (one) => {
    const { clock, policy, circuit, fail } = guarded({ ...once, probes: one.given });
    await fail();
    await clock.advance(1_000);
    expect(await events('circuit_half_open')).toBe(0);
    const calls = Array.from({ length: 20 }, () => policy.settle(() => clock.sleep(10)));
    await clock.runAll();
    const outcomes = await Promise.all(calls);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(one.then);
    expect(outcomes.filter((outcome) => !outcome.ok && outcome.stopReason === 'CIRCUIT_OPEN')).toHaveLength(20 - one.then);
    expect(await events('circuit_half_open')).toBe(1);
    expect(await events('circuit_closed')).toBe(1);
    expect(circuit.state).toBe('closed');
  });

  it.each<{ given: string; end: Step; state: string; call?(clock: FakeClock): CallOptions }>([
    { given: 'success', end: gives('ok'), state: 'closed' },
    { given: 'a counted failure', end: throws(busy), state: 'open' },
    { given: 'a bad result', end: gives({ status: 503, headers: new Headers() }), state: 'open' },
    { given: 'a timeout', end: hangs, state: 'open' },
    { given: 'the deadline of the call', end: hangs, state: 'open', call: () => ({ timeoutMs: 20 }) },
    { given: 'an abort', end: hangs, state: 'half_open', call: (clock) => ({ signal: abortedAfter(clock, 20) }) },
    { given: '[breaker.probe-other-class] a class that does not trip', end: throws(missing), state: 'half_open' },
    {
      given: '[breaker.inner-refusal] a refusal further inside',
      end: throws(new CircuitOpenError({ circuit: 'inner', retryAfterMs: 5 })),
      state: 'half_open',
    },
    { given: 'an AbortRetryError', end: throws(new AbortRetryError()), state: 'half_open' },
    { given: 'an UNKNOWN failure', end: throws(new Error('odd')), state: 'open' },
  ])('[breaker.probe-released-once] give their place back: $given', async ({ end, state, call }) => {
    const { clock, policy, circuit, fail } = guarded(once, { attemptTimeoutMs: 50 });
    await fail();
    await clock.advance(1_000);
    await clock.until(policy.settle(end, { retry: false, ...call?.(clock) }));
    expect(circuit.state).toBe(state);
    await clock.advance(state === 'open' ? 1_000 : 0);
    const [first, second] = [policy.settle(() => clock.sleep(5)), policy.settle(() => clock.sleep(5))];
    await clock.runAll();
    expect(await first).toMatchObject({ ok: true });
    expect(await second).toMatchObject(state === 'closed' ? { ok: true } : { stopReason: 'CIRCUIT_OPEN' });
  });

  it('[breaker.success-threshold] two of them close the circuit', async () => {
    const { clock, policy, circuit, fail } = guarded({ ...once, successThreshold: 2 });
    await fail();
    await clock.advance(1_000);
    await policy.call(gives('ok'));
    expect(circuit.state).toBe('half_open');
    await policy.call(gives('ok'));
    expect(circuit.state).toBe('closed');
  });

  it('[breaker.reopens-longer] [breaker.half-open-by-itself] the first that fails doubles the open time, from recoveryMs on', async () => {
    const { clock, policy, circuit, fail } = guarded({ ...once, recoveryMs: 1_000 }, { random: () => 0.5 });
    await fail();
    for (const openMs of [1_000, 2_000, 2_000]) {
      expect(await policy.settle(gives('no'))).toMatchObject({ stopReason: 'CIRCUIT_OPEN', retryAfterMs: openMs });
      await clock.advance(openMs - 1);
      expect(circuit.state).toBe('open');
      await clock.advance(1);
      expect(circuit.state).toBe('half_open');
      await fail();
    }
  });

  it('[breaker.probe-reclaimed] one that never settles loses its place after maxProbeMs', async () => {
    const { clock, policy, fail } = guarded({ ...once, maxProbeMs: 500 }, { timeoutMs: 60_000, attemptTimeoutMs: 60_000 });
    await fail();
    await clock.advance(1_000);
    const stuck = policy.settle(hangs);
    await clock.advance(499);
    expect(await policy.settle(gives('no'))).toMatchObject({ stopReason: 'CIRCUIT_OPEN', retryAfterMs: 1 });
    await clock.advance(1);
    expect(await policy.settle(gives('ok'))).toMatchObject({ ok: true });
    await clock.runAll();
    expect(await stuck).toMatchObject({ ok: false });
  });

  it('[breaker.stale-result] a success that began before the circuit opened does not close it', async () => {
    const { clock, policy, circuit, fail } = guarded(once);
    const stale = policy.settle(() => clock.sleep(1_500));
    await fail();
    await clock.advance(1_500);
    expect(await stale).toMatchObject({ ok: true });
    expect(circuit.state).toBe('half_open');
  });
});

describe('of scope call', () => {
  it('[call.breaker-scope-call] counts a call once, whatever its attempts', async () => {
    const { clock, policy, circuit } = guarded({ scope: 'call', trip: { type: 'consecutive', failures: 2 } });
    expect(await clock.until(policy.settle(throws(busy)))).toMatchObject({ attempts: 3, stopReason: 'MAX_ATTEMPTS_GLOBAL' });
    expect(circuit.state).toBe('closed');
    expect(await clock.until(policy.settle(throws(busy)))).toMatchObject({ attempts: 3, stopReason: 'MAX_ATTEMPTS_GLOBAL' });
    expect(circuit.state).toBe('open');
    expect(await policy.settle(gives('no'))).toMatchObject({ attempts: 0, stopReason: 'CIRCUIT_OPEN' });
  });

  it('[call.breaker-scope-call] a call that was rescued is a success', async () => {
    const { clock, policy, circuit } = guarded({ scope: 'call', ...once });
    expect(await clock.until(policy.settle(scripted(throws(busy), gives('ok')).fn))).toMatchObject({ ok: true, attempts: 2 });
    expect(circuit.state).toBe('closed');
  });

  it('[call.breaker-scope-call] does not stop a call that is retrying when another opened it', async () => {
    const { clock, policy, circuit } = guarded({ scope: 'call', ...once });
    const retrying = policy.settle(scripted(throws(withStatus(429)), gives('ok')).fn);
    await clock.advance(50);
    await policy.settle(throws(busy), { retry: false });
    expect(circuit.state).toBe('open');
    expect(await clock.until(retrying)).toMatchObject({ ok: true, attempts: 2 });
  });

  it('[call.breaker-scope-call] does not stop one whose attempt fails after another opened it', async () => {
    const { clock, policy, circuit } = guarded({ scope: 'call', ...once });
    const { fn } = scripted(() => clock.sleep(50).then(() => throws(withStatus(429))({} as never)), gives('ok'));
    const retrying = policy.settle(fn);
    await policy.settle(throws(busy), { retry: false });
    expect(circuit.state).toBe('open');
    expect(await clock.until(retrying)).toMatchObject({ ok: true, attempts: 2 });
  });

  it.each<{ given: string; end: Step; call?(clock: FakeClock): CallOptions }>([
    { given: 'a class that does not trip', end: throws(missing) },
    { given: 'an AbortRetryError', end: throws(new AbortRetryError()) },
    { given: 'an abort', end: hangs, call: (clock) => ({ signal: abortedAfter(clock, 20) }) },
    { given: 'a deferral', end: throws(withStatus(429)), call: () => ({ sleep: () => 'defer' }) },
  ])('[breaker.probe-released-once] a probe gives its place back after $given', async ({ end, call }) => {
    const { clock, policy, circuit } = guarded({ scope: 'call', ...once });
    await policy.settle(throws(busy), { retry: false });
    await clock.advance(1_000);
    await clock.until(policy.settle(end, call?.(clock)));
    expect(circuit.state).toBe('half_open');
    expect(await policy.settle(gives('ok'))).toMatchObject({ ok: true });
    expect(circuit.state).toBe('closed');
  });

  it('[breaker.probe-released-once] a probe is one call, and given back once', async () => {
    const { clock, policy, circuit } = guarded({ scope: 'call', ...once });
    await policy.settle(throws(busy), { retry: false });
    await clock.advance(1_000);
    const probe = policy.settle(scripted(throws(busy), gives('ok')).fn);
    expect(await policy.settle(gives('no'))).toMatchObject({ stopReason: 'CIRCUIT_OPEN' });
    expect(await clock.until(probe)).toMatchObject({ ok: true, attempts: 2 });
    expect(circuit.state).toBe('closed');
  });

  it('the slowness of a call is that of the whole call', async () => {
    const { clock, policy, circuit } = guarded({ scope: 'call', trip: { type: 'rate', slowCallMs: 100, minimumCalls: 1 } });
    await clock.until(policy.settle(scripted(throws(busy), gives('ok')).fn));
    expect(circuit.state).toBe('open');
  });
});

describe('shared between policies', () => {
  it('counts and refuses for all of them', async () => {
    const clock = new FakeClock();
    const registry = createRegistry();
    const circuitBreaker = new CircuitBreaker({ name: 'shared', trip: { type: 'consecutive', failures: 2 }, recoveryMs: () => 1_000 });
    const [one, two] = ['one', 'two'].map((name) => registry.policy(name, { clock, circuitBreaker, retry: false }));
    await one?.settle(throws(busy));
    await two?.settle(throws(busy));
    expect(circuitBreaker.state).toBe('open');
    expect(one?.circuitBreaker).toBe(circuitBreaker);
    expect(two?.circuitBreaker).toBe(circuitBreaker);
    for (const policy of [one, two]) expect(await policy?.settle(gives('no'))).toMatchObject({ stopReason: 'CIRCUIT_OPEN', attempts: 0 });
    const error = await two?.call(gives('no')).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ circuit: 'shared' });
  });

  it('[breaker.inner-refusal] a refusal inside the function is no failure of the one outside', async () => {
    const clock = new FakeClock();
    const registry = createRegistry();
    const inner = registry.policy('inner', { clock, circuitBreaker: once, retry: false });
    const outer = registry.policy('outer', { clock, circuitBreaker: once, retry: false });
    inner.circuitBreaker.forceOpen();
    for (const call of [1, 2, 3]) {
      const outcome = await outer.settle(() => inner.call(gives(call)));
      expect(outcome).toMatchObject({
        ok: false,
        stopReason: 'MAX_ATTEMPTS_GLOBAL',
        errorClass: 'TRANSIENT',
        error: { name: 'CircuitOpenError', circuit: 'inner' },
      });
    }
    expect(outer.circuitBreaker.state).toBe('closed');
  });

  it('[breaker.inner-refusal] nor of one of scope call, nor when the call retries', async () => {
    const clock = new FakeClock();
    const registry = createRegistry();
    const inner = registry.policy('inner', { clock, circuitBreaker: { ...once, recoveryMs: () => 300 }, retry: false });
    const circuitBreaker = { ...once, scope: 'call' } as const;
    const outer = registry.policy('outer', { clock, circuitBreaker, retry: { backoff: fixed(10) }, random: () => 0 });
    await inner.settle(throws(busy));
    const { fn, attempts } = scripted(() => inner.call(gives('inner ok')));
    // The refusal says when to come again, which the outer call honours.
    expect(await clock.until(outer.settle(fn))).toMatchObject({ ok: true, value: 'inner ok', attempts: 2, elapsedMs: 300 });
    expect(attempts).toHaveLength(2);
    inner.circuitBreaker.forceOpen();
    expect(await clock.until(outer.settle(() => inner.call(gives('no'))))).toMatchObject({ ok: false, attempts: 3 });
    expect(outer.circuitBreaker.state).toBe('closed');
  });
});

describe('[breaker.observe-only]', () => {
  it('tells what it would have done, and refuses nothing', async () => {
    const { clock, policy, circuit, fail } = guarded({ ...once, observeOnly: true });
    await fail();
    expect(circuit.state).toBe('open');
    const { fn, attempts } = scripted(throws(busy), gives('ok'));
    expect(await clock.until(policy.settle(fn))).toMatchObject({ ok: true, value: 'ok', attempts: 2 });
    expect(attempts).toHaveLength(2);
    expect(await events('circuit_opened')).toBe(1);
    // The two attempts that a live circuit would have refused.
    const spans = telemetry.calls().flatMap((span) => span.events.map(({ name, attributes }) => ({ name, ...attributes })));
    expect(spans.filter(({ name }) => name === 'circuit_rejected')).toHaveLength(2);
  });
});

describe('forced', () => {
  it('[breaker.force-holds] open it refuses for ever, closed it lets failures pass, until reset', async () => {
    const { clock, policy, circuit, fail } = guarded(once);
    circuit.forceOpen();
    await clock.advance(1e7);
    expect(await policy.settle(gives('no'))).toMatchObject({ stopReason: 'CIRCUIT_OPEN', retryAfterMs: Infinity });
    circuit.forceClose();
    await fail(100);
    expect(circuit.state).toBe('closed');
    circuit.reset();
    await fail();
    expect(circuit.state).toBe('open');
  });

  it('[breaker.force-holds] is told with the owner, in the log with its name as the operation and attempt 0', async () => {
    const { circuit } = guarded(once, {}, 'forcing');
    circuit.forceOpen();
    circuit.reset();
    const labels = { 'redress.policy': 'forcing', operation: 'forcing' };
    const counted = { 'redress.policy': 'forcing', 'circuit.name': 'forcing' };
    expect(await telemetry.counter('redress.events', { ...counted, 'redress.event': 'circuit_opened' })).toBe(1);
    expect(await telemetry.counter('redress.events', { ...counted, 'redress.event': 'circuit_closed' })).toBe(1);
    const log = telemetry.logs().find(({ eventName }) => eventName === 'redress.circuit_opened');
    expect(log?.attributes).toMatchObject({ ...labels, 'retry.attempt': 0, 'circuit.state': 'forced_open' });
  });
});

describe('its state', () => {
  it('[breaker.half-open-by-itself] [breaker.one-hot] turns half-open by itself, in state, gauge and time in state', async () => {
    const { clock, circuit, fail } = guarded(once, {}, 'itself');
    const gauge = (state: string): Promise<number> =>
      telemetry.gauge('redress.circuit.state', { 'circuit.name': 'itself', 'circuit.state': state });
    const time = (state: string): Promise<number> =>
      telemetry.counter('redress.circuit.time_in_state', { 'circuit.name': 'itself', 'circuit.state': state });
    await clock.advance(200);
    await fail();
    expect([await gauge('closed'), await gauge('open'), await gauge('half_open')]).toEqual([0, 1, 0]);
    await clock.advance(999);
    expect(circuit.state).toBe('open');
    await clock.advance(1);
    expect(circuit.state).toBe('half_open');
    expect([await gauge('closed'), await gauge('open'), await gauge('half_open')]).toEqual([0, 0, 1]);
    await clock.advance(300);
    expect(await time('closed')).toBeCloseTo(0.2, 9);
    expect(await time('open')).toBeCloseTo(1, 9);
    expect(await time('half_open')).toBeCloseTo(0.3, 9);
  });

  it('[breaker.series-at-once] [breaker.one-hot] shows in all its series from the start, one of them 1', async () => {
    const { policy } = guarded(once, {}, 'new-one');
    const states = ['closed', 'open', 'half_open', 'forced_open'];
    const read = (): Promise<number[]> =>
      Promise.all(states.map((state) => telemetry.gauge('redress.circuit.state', { 'circuit.name': 'new-one', 'circuit.state': state })));
    expect(await read()).toEqual([1, 0, 0, 0]);
    policy.circuitBreaker.forceOpen();
    expect(await read()).toEqual([0, 0, 0, 1]);
    policy.dispose();
    expect(await read()).toEqual([0, 0, 0, 0]);
  });
});

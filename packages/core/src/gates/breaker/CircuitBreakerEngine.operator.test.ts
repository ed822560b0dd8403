import { CircuitBreakerEngine } from './CircuitBreakerEngine.js';
import type { BreakerLease } from './BreakerLease.js';
import type { BreakerSnapshot } from './BreakerSnapshot.js';
import { type GivenSettings, noChance, plain, settingsOf } from './fixtures/breakerSettings.js';

const breaker = (given: Partial<GivenSettings> = {}) => new CircuitBreakerEngine(settingsOf({ ...plain, ...given }), 0, noChance);

function leaseOf(engine: CircuitBreakerEngine, nowMs: number): BreakerLease {
  const entry = engine.enter(nowMs);
  if (entry.kind === 'refusal') throw new Error(`refused at ${nowMs}: ${entry.state}`);
  return entry;
}

const fail = (engine: CircuitBreakerEngine, nowMs: number, cause?: unknown) =>
  engine.fail(leaseOf(engine, nowMs), nowMs, 1, 'TRANSIENT', cause);

function opened(given: Partial<GivenSettings> = {}) {
  const engine = breaker(given);
  fail(engine, 0, 'the failure');
  return engine;
}

describe('CircuitBreakerEngine, forced', () => {
  it('[breaker.force-holds] forced open refuses for ever, until reset', () => {
    const engine = breaker();
    expect(engine.forceOpen(10)).toEqual({ from: 'closed', to: 'forced_open', reason: 'forced', retryAfterMs: undefined });
    expect(engine.stateAt(1e9)).toBe('forced_open');
    expect(engine.retryAfterMs(1e9)).toBe(Infinity);
    expect(engine.refuses(1e9)).toBe(true);
    expect(engine.enter(1e9)).toEqual({ kind: 'refusal', retryAfterMs: Infinity, state: 'forced_open', openedBy: undefined });
    expect(engine.reset(1e9)).toEqual({ from: 'forced_open', to: 'closed', reason: 'reset', retryAfterMs: undefined });
    expect(engine.enter(1e9).kind).toBe('lease');
    expect(engine.timeInState(1e9 + 1)).toEqual({ closed: 11, open: 0, half_open: 0, forced_open: 1e9 - 10 });
  });

  it('[breaker.force-holds] forced closed lets all failures pass, until reset', () => {
    const engine = opened();
    expect(engine.forceClose(10)).toEqual({ from: 'open', to: 'closed', reason: 'forced', retryAfterMs: undefined });
    for (let nowMs = 10; nowMs < 60; nowMs += 1) expect(fail(engine, nowMs)).toBeUndefined();
    expect(engine.stateAt(1e9)).toBe('closed');
    expect(engine.reset(1e9)).toBeUndefined();
    expect(fail(engine, 1e9)).toMatchObject({ from: 'closed', to: 'open', reason: 'consecutive', retryAfterMs: 100 });
  });

  it('[breaker.force-holds] forced closed still counts, so that the failure rate stays true', () => {
    const engine = breaker({
      trip: { type: 'rate', failureRate: 0.5, minimumCalls: 2, windowMs: 6_400, slowCallMs: undefined, slowCallRate: undefined },
    });
    engine.forceClose(0);
    fail(engine, 0);
    fail(engine, 0);
    expect(engine.failureRate(0)).toBe(1);
    expect(engine.stateAt(0)).toBe('closed');
    engine.reset(0);
    expect(engine.failureRate(0)).toBeNaN();
  });

  it('[breaker.force-holds] each of them may follow the other', () => {
    const engine = breaker();
    engine.forceOpen(0);
    expect(engine.forceClose(1)).toMatchObject({ from: 'forced_open', to: 'closed', reason: 'forced' });
    expect(engine.forceOpen(2)).toMatchObject({ from: 'closed', to: 'forced_open', reason: 'forced' });
    expect(engine.stateAt(3)).toBe('forced_open');
  });

  it.each([
    { when: 'closed', then: undefined, act: (engine: CircuitBreakerEngine) => engine.forceClose(0) },
    { when: 'closed', then: undefined, act: (engine: CircuitBreakerEngine) => engine.reset(0) },
    { when: 'forced open', then: undefined, act: (engine: CircuitBreakerEngine) => [engine.forceOpen(0), engine.forceOpen(0)][1] },
  ])('[breaker.one-transition] tells nothing where $when was told already', ({ act, then }) => {
    expect(act(breaker())).toBe(then);
  });

  it('[breaker.force-holds] a half-open that nobody saw is not told: the chain goes on from open', () => {
    expect(opened().forceOpen(500)).toMatchObject({ from: 'open', to: 'forced_open' });
    expect(opened().reset(500)).toMatchObject({ from: 'open', to: 'closed' });
    const seen = opened();
    leaseOf(seen, 500);
    expect(seen.forceClose(501)).toMatchObject({ from: 'half_open', to: 'closed' });
  });

  it('[breaker.stale-result] what ran before it was forced or reset changes nothing', () => {
    for (const act of ['forceOpen', 'forceClose', 'reset'] as const) {
      const engine = breaker();
      const old = leaseOf(engine, 0);
      engine[act](0);
      const state = engine.stateAt(0);
      expect(engine.fail(old, 1, 1, 'TRANSIENT', undefined)).toBeUndefined();
      expect(engine.stateAt(1)).toBe(state);
    }
    const engine = opened({ successThreshold: 1 });
    const probe = leaseOf(engine, 100);
    engine.forceOpen(100);
    expect(engine.succeed(probe, 101, 1)).toBeUndefined();
    expect(engine.stateAt(101)).toBe('forced_open');
  });

  it('[breaker.force-holds] nothing but force is to blame for a circuit that is forced open', () => {
    const engine = opened();
    engine.forceOpen(1);
    expect(engine.enter(2)).toMatchObject({ openedBy: undefined });
  });

  it('[breaker.reopens-longer] reset starts the open time over', () => {
    const engine = opened();
    fail(engine, 100, 'the probe');
    engine.reset(150);
    expect(fail(engine, 150)).toMatchObject({ retryAfterMs: 100 });
  });
});

describe('CircuitBreakerEngine, only observing', () => {
  it('[breaker.observe-only] moves and tells as ever, and gives a lease where it would have refused', () => {
    const engine = breaker({ observeOnly: true, probes: 1, successThreshold: 1 });
    expect(fail(engine, 0, 'the failure')).toMatchObject({ to: 'open' });
    expect(engine.stateAt(1)).toBe('open');
    expect(engine.retryAfterMs(1)).toBe(99);
    expect(engine.refuses(1)).toBe(false);
    const observed = leaseOf(engine, 1);
    const refusal = { kind: 'refusal', retryAfterMs: 99, state: 'open', openedBy: 'the failure' };
    expect(observed).toMatchObject({ kind: 'lease', probe: false, transition: undefined, observed: refusal });
    expect(leaseOf(engine, 100)).toMatchObject({ probe: true, transition: { to: 'half_open' }, observed: undefined });
    expect(leaseOf(engine, 101)).toMatchObject({ probe: false, observed: { state: 'half_open', retryAfterMs: 999 } });
  });

  it('[breaker.observe-only] does not count what it would have refused', () => {
    const engine = opened({ observeOnly: true, successThreshold: 1 });
    expect(engine.succeed(leaseOf(engine, 1), 2, 1)).toBeUndefined();
    expect(engine.fail(leaseOf(engine, 1), 2, 1, 'TRANSIENT', undefined)).toBeUndefined();
    expect(engine.retryAfterMs(2)).toBe(98);
    const [probe] = [leaseOf(engine, 100), leaseOf(engine, 100)];
    const observed = leaseOf(engine, 100);
    expect(engine.succeed(observed, 101, 1)).toBeUndefined();
    expect(engine.stateAt(101)).toBe('half_open');
    expect(engine.succeed(probe, 102, 1)).toMatchObject({ to: 'closed' });
    expect(leaseOf(engine, 103).observed).toBeUndefined();
  });

  it('[breaker.observe-only] refuses nothing even when forced open', () => {
    const engine = breaker({ observeOnly: true });
    engine.forceOpen(0);
    expect(engine.refuses(1)).toBe(false);
    expect(leaseOf(engine, 1).observed).toMatchObject({ state: 'forced_open', retryAfterMs: Infinity });
  });
});

describe('CircuitBreakerEngine, saved and restored', () => {
  const restored = (snapshot: BreakerSnapshot, nowMs: number, wallMs?: number) => {
    const engine = breaker();
    return { engine, transition: engine.restore(JSON.parse(JSON.stringify(snapshot)), nowMs, wallMs) };
  };

  it('[breaker.snapshot] says all that is kept, in JSON', () => {
    expect(breaker().toJSON(5)).toEqual({ version: 1, state: 'closed', remainingOpenMs: 0, openings: 0 });
    const engine = opened();
    fail(engine, 100);
    const snapshot = engine.toJSON(150, 1_700_000_000_000);
    const then = { version: 1, state: 'open', remainingOpenMs: 150, openings: 2, lastOpenMs: 200, takenAtMs: 1_700_000_000_000 };
    expect(snapshot).toEqual(then);
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(then);
  });

  it.each([
    { given: 'closed', engine: breaker(), acts: [], then: 'closed' },
    { given: 'open', engine: opened(), acts: [], then: 'open' },
    { given: 'forced open', engine: opened(), acts: ['forceOpen'], then: 'forced_open' },
    { given: 'forced closed', engine: opened(), acts: ['forceClose'], then: 'forced_closed' },
    { given: 'forced closed and reset', engine: opened(), acts: ['forceClose', 'reset'], then: 'closed' },
  ] as const)('[breaker.snapshot] a breaker that is $given is saved as $then', ({ engine, acts, then }) => {
    for (const act of acts) engine[act](1);
    expect(engine.toJSON(2).state).toBe(then);
  });

  it('[breaker.snapshot] is half-open with nothing left when its open time is over', () => {
    expect(opened().toJSON(100)).toEqual({ version: 1, state: 'half_open', remainingOpenMs: 0, openings: 1, lastOpenMs: 100 });
  });

  it('[breaker.snapshot] keeps the open time that is left, on another clock', () => {
    const { engine, transition } = restored(opened().toJSON(30), 9_000);
    expect(transition).toEqual({ from: 'closed', to: 'open', reason: 'restored', retryAfterMs: 70 });
    expect(engine.stateAt(9_069)).toBe('open');
    expect(engine.stateAt(9_070)).toBe('half_open');
    expect(leaseOf(engine, 9_070)).toMatchObject({ probe: true, openedBy: undefined, transition: { from: 'open', to: 'half_open' } });
  });

  it('[breaker.snapshot] keeps the openings in a row, so that doubling goes on', () => {
    const { engine } = restored(opened().toJSON(30), 9_000);
    const recoveries: unknown[] = [];
    const other = new CircuitBreakerEngine(settingsOf({ ...plain, recovery: (context) => recoveries.push(context) }), 0, noChance);
    other.restore(opened().toJSON(30), 9_000);
    fail(other, 9_070);
    expect(recoveries).toMatchObject([{ attempt: 2, previousDelayMs: 100 }]);
    expect(fail(engine, 9_070)).toMatchObject({ retryAfterMs: 200 });
  });

  it.each([
    { downMs: 0, then: { to: 'open', retryAfterMs: 70 } },
    { downMs: 69, then: { to: 'open', retryAfterMs: 1 } },
    { downMs: 70, then: { to: 'half_open', retryAfterMs: undefined } },
    { downMs: 1e9, then: { to: 'half_open', retryAfterMs: undefined } },
    { downMs: -1e9, then: { to: 'open', retryAfterMs: 70 } },
  ])('[breaker.snapshot] of 70 ms left, $downMs ms by the wall clock later: $then', ({ downMs, then }) => {
    const { engine, transition } = restored(opened().toJSON(30, 1_000_000), 9_000, 1_000_000 + downMs);
    expect(transition).toEqual({ from: 'closed', reason: 'restored', ...then });
    expect(engine.stateAt(9_000)).toBe(then.to);
  });

  it('[breaker.snapshot] [breaker.half-open-event] a half-open one is told at once, and not again with its first probe', () => {
    const { engine, transition } = restored(opened().toJSON(100), 9_000);
    expect(transition).toEqual({ from: 'closed', to: 'half_open', reason: 'restored', retryAfterMs: undefined });
    expect(leaseOf(engine, 9_000)).toMatchObject({ probe: true, transition: undefined });
    expect(leaseOf(engine, 9_000)).toMatchObject({ probe: true });
    expect(engine.enter(9_000).kind).toBe('refusal');
  });

  it('[breaker.snapshot] [breaker.force-holds] what was forced stays forced', () => {
    const forcedOpen = opened();
    forcedOpen.forceOpen(1);
    const open = restored(forcedOpen.toJSON(2), 9_000);
    expect(open.transition).toEqual({ from: 'closed', to: 'forced_open', reason: 'restored', retryAfterMs: undefined });
    expect(open.engine.enter(1e9)).toMatchObject({ state: 'forced_open', retryAfterMs: Infinity });
    const forcedClosed = breaker();
    forcedClosed.forceClose(1);
    const closed = restored(forcedClosed.toJSON(2), 9_000);
    expect(closed.transition).toBeUndefined();
    expect(fail(closed.engine, 9_000)).toBeUndefined();
    closed.engine.reset(9_001);
    expect(fail(closed.engine, 9_001)).toMatchObject({ to: 'open' });
  });

  it('[breaker.snapshot] [breaker.stale-result] takes the place of what was there, whose leases and cause are gone', () => {
    const engine = opened();
    const probe = leaseOf(engine, 100);
    engine.restore(opened().toJSON(0), 200);
    expect(engine.succeed(probe, 201, 1)).toBeUndefined();
    expect(engine.enter(201)).toEqual({ kind: 'refusal', retryAfterMs: 99, state: 'open', openedBy: undefined });
    expect(engine.restore(breaker().toJSON(0), 250)).toMatchObject({
      from: 'open',
      to: 'closed',
      reason: 'restored',
      retryAfterMs: undefined,
    });
    expect(fail(engine, 250)).toMatchObject({ retryAfterMs: 100 });
    expect(engine.timeInState(300)).toEqual({ closed: 0, open: 200, half_open: 100, forced_open: 0 });
  });
});

import { CircuitBreakerEngine } from './CircuitBreakerEngine.js';
import type { BreakerLease, BreakerRefusal } from './BreakerLease.js';
import { type GivenSettings, noChance, plain, settingsOf } from './fixtures/breakerSettings.js';
import type { TripOptions } from './trips/index.js';
import { recoveryBackoff } from '../../backoff/recoveryBackoff.js';
import type { BackoffContext } from '../../model/Backoff.js';

const breaker = (given: Partial<GivenSettings> = {}, nowMs = 0) =>
  new CircuitBreakerEngine(settingsOf({ ...plain, ...given }), nowMs, noChance);

function leaseOf(engine: CircuitBreakerEngine, nowMs: number): BreakerLease {
  const entry = engine.enter(nowMs);
  if (entry.kind === 'refusal') throw new Error(`refused at ${nowMs}: ${entry.state}`);
  return entry;
}

function refusalOf(engine: CircuitBreakerEngine, nowMs: number): BreakerRefusal {
  const entry = engine.enter(nowMs);
  if (entry.kind === 'lease') throw new Error(`not refused at ${nowMs}`);
  return entry;
}

/** A breaker that opened at `nowMs`, for 100 ms. */
function opened(given: Partial<GivenSettings> = {}, nowMs = 0, cause: unknown = 'the first failure') {
  const engine = breaker(given, nowMs);
  engine.fail(leaseOf(engine, nowMs), nowMs, 1, 'TRANSIENT', cause);
  return engine;
}

describe('CircuitBreakerEngine, closed', () => {
  it('hands out one frozen lease', () => {
    const engine = breaker();
    const lease = leaseOf(engine, 0);
    expect(lease).toEqual({ kind: 'lease', probe: false, openedBy: undefined, transition: undefined, observed: undefined });
    expect(Object.isFrozen(lease)).toBe(true);
    expect(engine.enter(5)).toBe(lease);
    expect(engine.succeed(lease, 6, 1)).toBeUndefined();
    expect(engine.enter(7)).toBe(lease);
  });

  it('is closed from the start, refuses nothing and has nothing to wait for', () => {
    const engine = breaker({}, 1_000);
    expect(engine.stateAt(1_000)).toBe('closed');
    expect(engine.retryAfterMs(1_000)).toBe(0);
    expect(engine.refuses(1_000)).toBe(false);
    expect(engine.timeInState(1_000)).toEqual({ closed: 0, open: 0, half_open: 0, forced_open: 0 });
  });

  it.each([
    { rule: 'breaker.trip-on', errorClass: 'TRANSIENT', then: 'open' },
    { rule: 'breaker.trip-on', errorClass: 'SERVER_ERROR', then: 'open' },
    { rule: 'breaker.trip-on', errorClass: 'UNKNOWN', then: 'closed' },
    { rule: 'breaker.trip-on', errorClass: 'RATE_LIMIT', then: 'closed' },
  ] as const)('[$rule] a failure of class $errorClass leaves it $then', ({ errorClass, then }) => {
    const engine = breaker();
    engine.fail(leaseOf(engine, 0), 0, 1, errorClass, undefined);
    expect(engine.stateAt(0)).toBe(then);
  });

  it('[breaker.non-failure-is-success] counts a failure of another class as a success: it ends a row', () => {
    const engine = breaker({ trip: { type: 'consecutive', failures: 2 } });
    const lease = leaseOf(engine, 0);
    engine.fail(lease, 0, 1, 'TRANSIENT', undefined);
    expect(engine.fail(lease, 0, 1, 'UNKNOWN', undefined)).toBeUndefined();
    expect(engine.fail(lease, 0, 1, 'TRANSIENT', undefined)).toBeUndefined();
    expect(engine.fail(lease, 0, 1, 'TRANSIENT', undefined)).toMatchObject({ to: 'open' });
  });

  it('[breaker.non-failure-is-success] does not count what was released: it ends no row', () => {
    const engine = breaker({ trip: { type: 'consecutive', failures: 2 } });
    const lease = leaseOf(engine, 0);
    engine.fail(lease, 0, 1, 'TRANSIENT', undefined);
    expect(engine.release(lease)).toBeUndefined();
    expect(engine.fail(lease, 0, 1, 'TRANSIENT', undefined)).toMatchObject({ to: 'open' });
  });

  it('[breaker.failures-by-class] trips on a class that has a threshold of its own', () => {
    const engine = breaker({ trip: { type: 'count', failures: 9, windowMs: 100, failuresByClass: { RATE_LIMIT: 2 } } });
    const lease = leaseOf(engine, 0);
    expect(engine.fail(lease, 0, 1, 'RATE_LIMIT', undefined)).toBeUndefined();
    expect(engine.fail(lease, 1, 1, 'RATE_LIMIT', 'quota')).toEqual({ from: 'closed', to: 'open', reason: 'count', retryAfterMs: 100 });
    expect(refusalOf(engine, 1).openedBy).toBe('quota');
  });

  it('[breaker.crossing-call-opens] opens with the call that crosses the threshold, and says why and for how long', () => {
    const engine = breaker({ trip: { type: 'consecutive', failures: 2 } });
    const lease = leaseOf(engine, 0);
    expect(engine.fail(lease, 5, 1, 'TRANSIENT', undefined)).toBeUndefined();
    expect(engine.stateAt(5)).toBe('closed');
    expect(engine.fail(lease, 7, 1, 'TRANSIENT', undefined)).toEqual({
      from: 'closed',
      to: 'open',
      reason: 'consecutive',
      retryAfterMs: 100,
    });
    expect(engine.stateAt(7)).toBe('open');
  });

  it('[breaker.one-transition] fifty concurrent failures are one transition', () => {
    const engine = breaker({ trip: { type: 'consecutive', failures: 10 } });
    const leases = Array.from({ length: 50 }, () => leaseOf(engine, 0));
    const told = leases.map((lease, index) => engine.fail(lease, index, 1, 'TRANSIENT', index));
    expect(told.filter((transition) => transition !== undefined)).toHaveLength(1);
    expect(told[9]).toMatchObject({ from: 'closed', to: 'open' });
    expect(refusalOf(engine, 50)).toEqual({ kind: 'refusal', retryAfterMs: 59, state: 'open', openedBy: 9 });
  });

  const rate: TripOptions = {
    type: 'rate',
    failureRate: 0.5,
    minimumCalls: 2,
    windowMs: 6_400,
    slowCallMs: 200,
    slowCallRate: 1,
  };
  it('[breaker.slow-calls] opens on slow calls, for which no failure is to blame', () => {
    const contexts: BackoffContext[] = [];
    const engine = breaker({ trip: rate, recovery: (context) => contexts.push(context) * 100, tripOn: new Set(['SERVER_ERROR']) });
    const lease = leaseOf(engine, 0);
    engine.fail(lease, 0, 1, 'SERVER_ERROR', 'long past');
    engine.succeed(lease, 6_400, 200);
    expect(engine.succeed(lease, 6_500, 200)).toEqual({
      from: 'closed',
      to: 'open',
      reason: 'slow_call_ratio',
      retryAfterMs: 100,
      window: { calls: 2, failureRatio: 0, slowCallRatio: 1 },
    });
    expect(refusalOf(engine, 6_500).openedBy).toBeUndefined();
    expect(contexts).toMatchObject([{ classification: { errorClass: 'TRANSIENT' } }]);
  });

  it('[breaker.slow-calls] a slow failure of a class that does not trip is still slow', () => {
    const engine = breaker({ trip: rate });
    const lease = leaseOf(engine, 0);
    engine.fail(lease, 0, 200, 'UNKNOWN', undefined);
    expect(engine.fail(lease, 0, 200, 'UNKNOWN', undefined)).toMatchObject({ reason: 'slow_call_ratio' });
  });

  it('[breaker.crossing-call-opens] when a success is the call that opens, the last failure is to blame', () => {
    const engine = breaker({ trip: rate });
    const lease = leaseOf(engine, 0);
    engine.fail(lease, 0, 1, 'TRANSIENT', 'the failure');
    expect(engine.succeed(lease, 0, 1)).toMatchObject({ reason: 'failure_ratio' });
    expect(refusalOf(engine, 0).openedBy).toBe('the failure');
    expect(engine.openedBy).toBe('the failure');
  });

  it('[breaker.minimum-calls] has a failure rate from the minimum of calls on', () => {
    const engine = breaker({ trip: { ...rate, minimumCalls: 3 } });
    const lease = leaseOf(engine, 0);
    engine.fail(lease, 0, 1, 'TRANSIENT', undefined);
    engine.succeed(lease, 0, 1);
    expect(engine.failureRate(0)).toBeNaN();
    engine.succeed(lease, 0, 1);
    expect(engine.failureRate(0)).toBe(1 / 3);
    expect(engine.failureRate(6_400)).toBeNaN();
  });

  it.each([
    { durationMs: 199, then: false },
    { durationMs: 200, then: true },
  ])('[breaker.slow-calls] a call of $durationMs ms is slow: $then', ({ durationMs, then }) => {
    expect(breaker({ trip: rate }).isSlow(durationMs)).toBe(then);
  });
});

describe('CircuitBreakerEngine, open', () => {
  it('[breaker.refusal-says-when] refuses with the time that is left and what opened it', () => {
    const engine = opened({}, 1_000);
    expect(refusalOf(engine, 1_000)).toEqual({ kind: 'refusal', retryAfterMs: 100, state: 'open', openedBy: 'the first failure' });
    expect(refusalOf(engine, 1_099.5)).toMatchObject({ retryAfterMs: 0.5, state: 'open' });
    expect(engine.retryAfterMs(1_040)).toBe(60);
    expect(engine.refuses(1_099.5)).toBe(true);
  });

  it('[breaker.half-open-by-itself] turns half-open by itself at the end of its open time', () => {
    const engine = opened({}, 1_000);
    expect(engine.stateAt(1_099.5)).toBe('open');
    expect(engine.stateAt(1_100)).toBe('half_open');
    expect(engine.retryAfterMs(1_100)).toBe(0);
    expect(engine.refuses(1_100)).toBe(false);
    expect(opened({}, 1_000).retryAfterMs(1_100)).toBe(0);
    expect(opened({}, 1_000).refuses(1_100)).toBe(false);
  });

  it('[breaker.half-open-by-itself] time in state turns at that moment too, though nobody looked', () => {
    const engine = opened({}, 1_000);
    expect(engine.timeInState(5_000)).toEqual({ closed: 0, open: 100, half_open: 3_900, forced_open: 0 });
    expect(engine.timeInState(5_001)).toEqual({ closed: 0, open: 100, half_open: 3_901, forced_open: 0 });
    const moved = opened({}, 1_000);
    moved.forceOpen(2_000);
    expect(moved.timeInState(2_500)).toEqual({ closed: 0, open: 100, half_open: 900, forced_open: 500 });
    const reset = opened({}, 1_000);
    reset.reset(2_000);
    expect(reset.timeInState(2_500)).toEqual({ closed: 500, open: 100, half_open: 900, forced_open: 0 });
    const restored = opened({}, 1_000);
    restored.restore({ version: 1, state: 'closed', remainingOpenMs: 0, openings: 0 }, 2_000);
    expect(restored.timeInState(2_500)).toEqual({ closed: 500, open: 100, half_open: 900, forced_open: 0 });
  });

  it('gives the recovery the openings in a row, the last open time, the class that opened it and its chance', () => {
    const contexts: BackoffContext[] = [];
    const random = () => 0.5;
    const settings = { ...plain, probes: 1, successThreshold: 1, recovery: (context: BackoffContext) => contexts.push(context) * 10 };
    const engine = new CircuitBreakerEngine(settingsOf(settings), 0, random);
    engine.fail(leaseOf(engine, 0), 0, 1, 'SERVER_ERROR', undefined);
    engine.fail(leaseOf(engine, 10), 10, 1, 'TRANSIENT', undefined);
    engine.succeed(leaseOf(engine, 30), 30, 1);
    engine.fail(leaseOf(engine, 40), 40, 1, 'TRANSIENT', undefined);
    const always = { remainingMs: Infinity, failedBy: 'exception', random };
    expect(contexts).toEqual([
      { ...always, attempt: 1, previousDelayMs: undefined, classification: { errorClass: 'SERVER_ERROR' } },
      { ...always, attempt: 2, previousDelayMs: 10, classification: { errorClass: 'TRANSIENT' } },
      { ...always, attempt: 1, previousDelayMs: undefined, classification: { errorClass: 'TRANSIENT' } },
    ]);
  });

  it.each([
    { given: 'a throwing', recovery: () => Number(Symbol('no number')), told: [true] },
    { given: 'a negative', recovery: () => -1, told: [] },
  ])('[call.backoff-throw-zero] $given recovery is 0 ms, and what is thrown is told', ({ recovery, told }) => {
    const errors: boolean[] = [];
    const engine = new CircuitBreakerEngine(settingsOf({ ...plain, recovery }), 0, noChance, (_, threw) => errors.push(threw));
    expect(engine.fail(leaseOf(engine, 0), 0, 1, 'TRANSIENT', undefined)).toMatchObject({ to: 'open', retryAfterMs: 0 });
    expect(engine.stateAt(0)).toBe('half_open');
    expect(errors).toEqual(told);
    const untold = new CircuitBreakerEngine(settingsOf({ ...plain, recovery }), 0, noChance);
    expect(untold.fail(leaseOf(untold, 0), 0, 1, 'TRANSIENT', undefined)).toMatchObject({ retryAfterMs: 0 });
  });

  it.each<{ given: string; answer: () => unknown }>([
    { given: 'a NaN', answer: () => Number.NaN },
    { given: 'a promised', answer: () => Promise.resolve(1) },
    { given: 'a rejected', answer: () => Promise.reject(new Error('late')) },
    { given: 'a text for a', answer: () => '100' },
    { given: 'a missing', answer: () => undefined },
    { given: 'a null', answer: () => null },
    { given: 'a thenable that throws for a', answer: () => ({ then: () => Number(Symbol('no number')) }) },
  ])('[breaker.recovery-sanitised] [call.stray-promise] for $given recovery the default serves, and it is told', async ({ answer }) => {
    const errors: unknown[] = [];
    const settings = settingsOf({ ...plain, recovery: answer as () => number });
    const engine = new CircuitBreakerEngine(
      settings,
      0,
      () => 0.5,
      (error) => errors.push(error),
    );
    expect(engine.fail(leaseOf(engine, 0), 0, 1, 'TRANSIENT', undefined)).toMatchObject({ to: 'open', retryAfterMs: 5_000 });
    expect(engine.enter(4_999)).toMatchObject({ kind: 'refusal' });
    expect(engine.fail(leaseOf(engine, 5_000), 5_000, 1, 'TRANSIENT', undefined)).toMatchObject({ to: 'open', retryAfterMs: 10_000 });
    expect(errors.map(String)).toContainEqual(expect.stringContaining('a backoff must give a number of milliseconds'));
    await new Promise((resolve) => setImmediate(resolve));
  });

  it.each([
    { recovery: () => Infinity, why: 'an infinite one' },
    { recovery: recoveryBackoff(Number.MAX_VALUE), why: 'one that chance lets overflow' },
  ])('[breaker.overflow] stays open as long as there is for a recovery that overflows: $why', ({ recovery }) => {
    const engine = new CircuitBreakerEngine(settingsOf({ ...plain, recovery }), 0, () => 0.9);
    expect(engine.fail(leaseOf(engine, 0), 0, 1, 'TRANSIENT', undefined)).toMatchObject({ to: 'open', retryAfterMs: Number.MAX_VALUE });
    expect(engine.stateAt(1e300)).toBe('open');
    expect(engine.toJSON(1)).toMatchObject({ state: 'open', remainingOpenMs: Number.MAX_VALUE });
  });

  it.each([
    { given: 'no wait', waitMs: undefined, then: 100 },
    { given: 'a shorter wait', waitMs: 99, then: 100 },
    { given: 'a longer wait', waitMs: 250, then: 250 },
    { given: 'a wait beyond what is allowed', waitMs: 1e9, then: 300 },
    { given: 'an endless wait', waitMs: Infinity, then: 300 },
    { given: 'a wait that is no number', waitMs: Number.NaN, then: 100 },
    { given: 'a negative wait', waitMs: -5, then: 100 },
  ])('[breaker.retry-after] stays open for $then ms when the failure that opened it carries $given', ({ waitMs, then }) => {
    const engine = breaker({});
    expect(engine.fail(leaseOf(engine, 0), 0, 1, 'TRANSIENT', undefined, waitMs)).toMatchObject({ to: 'open', retryAfterMs: then });
    expect([engine.stateAt(then - 1), engine.stateAt(then)]).toEqual(['open', 'half_open']);
  });

  it('[breaker.retry-after] goes by a wait of the probe that failed, and by none that came too late', () => {
    const engine = breaker({});
    const [lease, late] = [leaseOf(engine, 0), leaseOf(engine, 0)];
    engine.fail(lease, 0, 1, 'TRANSIENT', undefined);
    expect(engine.fail(late, 1, 1, 'TRANSIENT', undefined, 300)).toBeUndefined();
    expect(engine.retryAfterMs(1)).toBe(99);
    expect(engine.fail(leaseOf(engine, 100), 110, 10, 'TRANSIENT', undefined, 280)).toMatchObject({
      reason: 'probe_failed',
      retryAfterMs: 280,
    });
  });
});

describe('CircuitBreakerEngine, half-open', () => {
  it('[breaker.half-open-event] tells half-open once, with the first probe', () => {
    const engine = opened();
    expect(engine.stateAt(100)).toBe('half_open');
    const first = leaseOf(engine, 130);
    const second = leaseOf(engine, 131);
    expect(first).toMatchObject({ probe: true, openedBy: 'the first failure', observed: undefined });
    expect(first.transition).toEqual({ from: 'open', to: 'half_open', reason: 'recovery_elapsed', retryAfterMs: undefined });
    expect(second).toMatchObject({ probe: true, transition: undefined });
  });

  it('[breaker.probe-limit] [breaker.refusal-says-when] lets as many probes run as it may, and refuses the others until the oldest is reclaimed', () => {
    const engine = opened();
    leaseOf(engine, 100);
    leaseOf(engine, 150);
    expect(refusalOf(engine, 150)).toEqual({ kind: 'refusal', retryAfterMs: 950, state: 'half_open', openedBy: 'the first failure' });
    expect(refusalOf(engine, 1_099)).toMatchObject({ retryAfterMs: 1 });
    expect(engine.refuses(150)).toBe(false);
  });

  it('[breaker.probe-reclaimed] gives the place of an overdue probe to the next, and its late result changes nothing', () => {
    const engine = opened({ probes: 1, successThreshold: 1 });
    const overdue = leaseOf(engine, 100);
    const next = leaseOf(engine, 1_100);
    expect(next).toMatchObject({ probe: true, transition: undefined });
    expect(engine.succeed(overdue, 1_101, 1)).toBeUndefined();
    expect(engine.fail(overdue, 1_101, 1, 'TRANSIENT', undefined)).toBeUndefined();
    engine.release(overdue);
    expect(engine.stateAt(1_101)).toBe('half_open');
    expect(refusalOf(engine, 1_101)).toMatchObject({ retryAfterMs: 999 });
    expect(engine.succeed(next, 1_102, 1)).toMatchObject({ to: 'closed' });
  });

  it('[breaker.success-threshold] closes at the last success it wants, and not before', () => {
    const engine = opened({ successThreshold: 3 });
    const [first, second] = [leaseOf(engine, 100), leaseOf(engine, 100)];
    expect(engine.succeed(first, 110, 1)).toBeUndefined();
    expect(engine.succeed(second, 110, 1)).toBeUndefined();
    expect(engine.succeed(leaseOf(engine, 110), 120, 1)).toEqual({
      from: 'half_open',
      to: 'closed',
      reason: 'probes_succeeded',
      retryAfterMs: undefined,
    });
    expect(engine.stateAt(120)).toBe('closed');
  });

  it('[breaker.success-threshold] counts the successes of each half-open time anew', () => {
    const engine = opened();
    engine.succeed(leaseOf(engine, 100), 100, 1);
    engine.fail(leaseOf(engine, 100), 100, 1, 'TRANSIENT', undefined);
    expect(engine.succeed(leaseOf(engine, 300), 300, 1)).toBeUndefined();
    expect(engine.succeed(leaseOf(engine, 300), 300, 1)).toMatchObject({ to: 'closed' });
  });

  it('[breaker.close-clears] closing clears the counts, and its leases are new', () => {
    const engine = breaker({ trip: { type: 'consecutive', failures: 2 }, probes: 1, successThreshold: 1 });
    const lease = leaseOf(engine, 0);
    engine.fail(lease, 0, 1, 'TRANSIENT', 'first');
    engine.fail(lease, 0, 1, 'TRANSIENT', 'second');
    engine.succeed(leaseOf(engine, 100), 100, 1);
    const closed = leaseOf(engine, 100);
    expect(closed).not.toBe(lease);
    expect(engine.fail(closed, 100, 1, 'TRANSIENT', undefined)).toBeUndefined();
    expect(engine.stateAt(100)).toBe('closed');
  });

  it('[breaker.probe-failure-reopens] [breaker.reopens-longer] a failed probe opens it again, longer, and is what opened it', () => {
    const engine = opened();
    expect(engine.fail(leaseOf(engine, 100), 150, 1, 'SERVER_ERROR', 'the probe')).toEqual({
      from: 'half_open',
      to: 'open',
      reason: 'probe_failed',
      retryAfterMs: 200,
    });
    expect(refusalOf(engine, 349)).toEqual({ kind: 'refusal', retryAfterMs: 1, state: 'open', openedBy: 'the probe' });
    expect(engine.fail(leaseOf(engine, 350), 350, 1, 'SERVER_ERROR', undefined)).toMatchObject({ retryAfterMs: 300 });
  });

  it('[breaker.probe-failure-reopens] successes before it do not outweigh it', () => {
    const engine = opened({ successThreshold: 3 });
    engine.succeed(leaseOf(engine, 100), 100, 1);
    engine.succeed(leaseOf(engine, 100), 100, 1);
    expect(engine.fail(leaseOf(engine, 100), 110, 1, 'TRANSIENT', undefined)).toMatchObject({ to: 'open', reason: 'probe_failed' });
    expect(engine.stateAt(110)).toBe('open');
  });

  it('[breaker.reopens-longer] starts over when it was closed between', () => {
    const engine = opened({ successThreshold: 1 });
    engine.fail(leaseOf(engine, 100), 100, 1, 'TRANSIENT', undefined);
    engine.succeed(leaseOf(engine, 300), 300, 1);
    expect(engine.fail(leaseOf(engine, 300), 300, 1, 'TRANSIENT', undefined)).toMatchObject({ retryAfterMs: 100 });
  });

  it('[breaker.probe-other-class] a probe that fails in a class that does not trip gives its place back, no more', () => {
    const engine = opened({ probes: 1, successThreshold: 1 });
    expect(engine.fail(leaseOf(engine, 100), 110, 1, 'UNKNOWN', undefined)).toBeUndefined();
    expect(engine.stateAt(110)).toBe('half_open');
    expect(leaseOf(engine, 110)).toMatchObject({ probe: true, transition: undefined, openedBy: 'the first failure' });
  });

  it('[retry.abort-neutral-to-breaker] an aborted probe gives its place back and counts as nothing', () => {
    const engine = opened({ probes: 1 });
    engine.succeed(leaseOf(engine, 100), 100, 1);
    engine.release(leaseOf(engine, 100));
    expect(engine.stateAt(110)).toBe('half_open');
    expect(engine.succeed(leaseOf(engine, 110), 110, 1)).toMatchObject({ to: 'closed' });
  });

  it('[breaker.probe-released-once] a lease that comes back twice neither counts twice nor frees two places', () => {
    const engine = opened({ successThreshold: 3 });
    const [first, second] = [leaseOf(engine, 100), leaseOf(engine, 100)];
    engine.succeed(first, 101, 1);
    engine.succeed(first, 101, 1);
    engine.succeed(first, 101, 1);
    expect(engine.stateAt(101)).toBe('half_open');
    engine.fail(first, 101, 1, 'TRANSIENT', undefined);
    engine.release(first);
    expect(engine.stateAt(101)).toBe('half_open');
    leaseOf(engine, 101);
    expect(engine.enter(101).kind).toBe('refusal');
    engine.release(second);
    engine.release(second);
    leaseOf(engine, 102);
    expect(engine.enter(102).kind).toBe('refusal');
  });

  const slow: TripOptions = { type: 'rate', failureRate: 1, minimumCalls: 1, windowCalls: 5, slowCallMs: 200, slowCallRate: 1 };
  it.each([
    { settle: 'succeed', then: 'a success' },
    { settle: 'fail', then: 'a failure' },
    { settle: 'release', then: 'an abort' },
  ] as const)('[breaker.stale-result] $then of an older generation changes nothing', ({ settle }) => {
    const give = (engine: CircuitBreakerEngine, lease: BreakerLease, nowMs: number) =>
      settle === 'fail' ? engine.fail(lease, nowMs, 1, 'TRANSIENT', 'stale') : engine[settle](lease, nowMs, 1);
    const seen = (engine: CircuitBreakerEngine, nowMs: number) => [engine.toJSON(nowMs), engine.timeInState(nowMs)];
    const engine = breaker({ trip: slow, successThreshold: 1 });
    const old = leaseOf(engine, 0);
    engine.fail(old, 0, 1, 'TRANSIENT', 'the failure');
    for (const nowMs of [1, 100]) {
      const before = seen(engine, nowMs);
      expect(give(engine, old, nowMs)).toBeUndefined();
      expect(seen(engine, nowMs)).toEqual(before);
    }
    const [probe, other] = [leaseOf(engine, 100), leaseOf(engine, 100)];
    expect(give(engine, old, 101)).toBeUndefined();
    expect(refusalOf(engine, 101)).toMatchObject({ state: 'half_open', openedBy: 'the failure' });
    engine.succeed(probe, 102, 1);
    for (const stale of [old, probe, other]) {
      expect(give(engine, stale, 103)).toBeUndefined();
      expect(engine.stateAt(103)).toBe('closed');
    }
    // Nothing was counted.
    expect(engine.failureRate(103)).toBeNaN();
  });

  it.each([
    { durationMs: 199, then: 'closed' },
    { durationMs: 200, then: 'open' },
  ])('[breaker.slow-calls] a probe that succeeds in $durationMs ms leaves it $then', ({ durationMs, then }) => {
    const engine = breaker({ trip: slow, successThreshold: 1 });
    engine.fail(leaseOf(engine, 0), 0, 1, 'TRANSIENT', 'the failure');
    expect(engine.succeed(leaseOf(engine, 100), 100, durationMs)?.to).toBe(then);
    expect(engine.stateAt(100)).toBe(then);
  });

  it('[breaker.slow-calls] a slow probe opens it again, longer, and what opened it stays to blame', () => {
    const contexts: BackoffContext[] = [];
    const engine = breaker({ trip: slow, recovery: (context) => contexts.push(context) * 100 });
    engine.fail(leaseOf(engine, 0), 0, 1, 'SERVER_ERROR', 'the failure');
    expect(engine.succeed(leaseOf(engine, 100), 100, 200)).toEqual({
      from: 'half_open',
      to: 'open',
      reason: 'probe_failed',
      retryAfterMs: 200,
    });
    expect(refusalOf(engine, 100).openedBy).toBe('the failure');
    expect(contexts).toMatchObject([{ classification: { errorClass: 'SERVER_ERROR' } }, { classification: { errorClass: 'TRANSIENT' } }]);
  });
});

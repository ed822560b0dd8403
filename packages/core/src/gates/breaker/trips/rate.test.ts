import { type RateTrip, rate } from './rate.js';
import type { Trip } from './Trip.js';

const tenCalls: RateTrip = {
  type: 'rate',
  failureRate: 0.5,
  minimumCalls: 4,
  windowCalls: 10,
  slowCallMs: undefined,
  slowCallRate: undefined,
};

/** 0.07 * 100 is a little more than 7. */
const sevenOf100 = `${'.'.repeat(93)}fffffff`;

/** `.` a success, `f` a failure, `s` a slow success, `F` a slow failure; each 1 ms after the one before. */
const make = (options: RateTrip, nowMs: number): Trip => rate.resolve('breaker', options).make(nowMs);

function run(trip: Trip, calls: string): (string | undefined)[] {
  return [...calls].map((call, index) => {
    const durationMs = 'sF'.includes(call) ? 200 : 199.9;
    return 'fF'.includes(call) ? trip.fail(index, durationMs, 'TRANSIENT') : trip.succeed(index, durationMs);
  });
}

describe('a trip on the rate of failed or slow calls', () => {
  it.each([
    { rule: 'breaker.minimum-calls', trip: tenCalls, calls: 'fff', then: undefined },
    { rule: 'breaker.minimum-calls', trip: tenCalls, calls: 'ffff', then: 'failure_ratio' },
    { rule: 'breaker.minimum-calls', trip: { ...tenCalls, slowCallMs: 200 }, calls: 'sss', then: undefined },
    { rule: 'breaker.crossing-call-opens', trip: tenCalls, calls: 'fff.', then: 'failure_ratio' },
    { rule: 'breaker.crossing-call-opens', trip: tenCalls, calls: '...f.fff', then: 'failure_ratio' },
    { rule: 'breaker.opens-at-threshold', trip: tenCalls, calls: '..ff', then: 'failure_ratio' },
    { rule: 'breaker.opens-at-threshold', trip: tenCalls, calls: '...ff', then: undefined },
    { rule: 'breaker.opens-at-threshold', trip: tenCalls, calls: '...fff', then: 'failure_ratio' },
    { rule: 'breaker.opens-at-threshold', trip: { ...tenCalls, failureRate: 0.3 }, calls: '.......fff', then: 'failure_ratio' },
    { rule: 'breaker.opens-at-threshold', trip: { ...tenCalls, failureRate: 0.1 }, calls: '.........f', then: 'failure_ratio' },
    { rule: 'breaker.opens-at-threshold', trip: { ...tenCalls, failureRate: 0.1, windowCalls: 20 }, calls: '..........f', then: undefined },
    {
      rule: 'breaker.opens-at-threshold',
      trip: { ...tenCalls, failureRate: 0.07, windowCalls: 100 },
      calls: sevenOf100,
      then: 'failure_ratio',
    },
    { rule: 'breaker.opens-at-threshold', trip: { ...tenCalls, failureRate: 1 }, calls: 'fff.fff', then: undefined },
    { rule: 'breaker.opens-at-threshold', trip: { ...tenCalls, failureRate: 1 }, calls: 'ffff', then: 'failure_ratio' },
    { rule: 'breaker.window-forgets', trip: { ...tenCalls, windowCalls: 4 }, calls: 'f...f', then: undefined },
    { rule: 'breaker.window-forgets', trip: { ...tenCalls, windowCalls: 4 }, calls: 'f...f.f', then: 'failure_ratio' },
    { rule: 'breaker.slow-calls', trip: tenCalls, calls: 'ssss', then: undefined },
    { rule: 'breaker.slow-calls', trip: { ...tenCalls, slowCallMs: 200 }, calls: 'ssss', then: 'slow_call_ratio' },
    { rule: 'breaker.slow-calls', trip: { ...tenCalls, slowCallMs: 200 }, calls: '.ssss', then: undefined },
    { rule: 'breaker.slow-calls', trip: { ...tenCalls, slowCallMs: 200, slowCallRate: 0.75 }, calls: '.ss.', then: undefined },
    { rule: 'breaker.slow-calls', trip: { ...tenCalls, slowCallMs: 200, slowCallRate: 0.75 }, calls: '.sss', then: 'slow_call_ratio' },
    { rule: 'breaker.slow-calls', trip: { ...tenCalls, slowCallMs: 200, slowCallRate: 0.75 }, calls: '.ssF', then: 'slow_call_ratio' },
    { rule: 'breaker.slow-calls', trip: { ...tenCalls, slowCallMs: 200, slowCallRate: 0.75 }, calls: '.ssf', then: undefined },
    { rule: 'breaker.slow-calls', trip: { ...tenCalls, slowCallMs: 200, slowCallRate: 0.5 }, calls: '.sFF', then: 'failure_ratio' },
  ] as const)('[$rule] "$calls" ends in $then', ({ trip, calls, then }) => {
    const reasons = run(make(trip, 0), calls);
    expect(reasons.at(-1)).toBe(then);
    expect(reasons.slice(0, -1).every((reason) => reason === undefined)).toBe(true);
  });

  it.each([
    { calls: '', then: Number.NaN },
    { calls: 'ff.', then: Number.NaN },
    { calls: 'f...', then: 0.25 },
    { calls: '....', then: 0 },
    { calls: 'f....', then: 0.2 },
  ])('[breaker.minimum-calls] the failure rate of "$calls" is $then', ({ calls, then }) => {
    const trip = make(tenCalls, 0);
    run(trip, calls);
    expect(trip.failureRate(100)).toBe(then);
  });

  it('[breaker.window-forgets] reads the rate of a span of time as it is now', () => {
    const { windowCalls: _, ...rest } = tenCalls;
    const trip = make({ ...rest, windowMs: 6_400 }, 1_000);
    for (const ms of [1_000, 1_000, 1_100, 1_100]) trip.succeed(ms, 0);
    trip.fail(1_100, 0, 'TRANSIENT');
    trip.succeed(1_100, 0);
    expect(trip.failureRate(7_399)).toBe(1 / 6);
    expect(trip.failureRate(7_400)).toBe(1 / 4);
    expect(trip.failureRate(7_500)).toBeNaN();
  });

  it('[breaker.window-forgets] weighs every call, so a success opens when older successes have left the window', () => {
    const { windowCalls: _, ...rest } = tenCalls;
    const trip = make({ ...rest, windowMs: 6_400 }, 0);
    for (let call = 0; call < 9; call += 1) trip.succeed(0, 0);
    for (let call = 0; call < 4; call += 1) expect(trip.fail(200, 0, 'TRANSIENT')).toBeUndefined();
    expect(trip.succeed(6_399, 0)).toBeUndefined();
    expect(trip.succeed(6_400, 0)).toBe('failure_ratio');
  });

  it.each([
    { before: 'fff', calls: 'fff.', then: 'failure_ratio' },
    { before: 'fff', calls: '...f', then: undefined },
    { before: 'sss', calls: '...s', then: undefined },
    { before: '...', calls: 'f', then: undefined },
  ])('[breaker.close-clears] counts anew when cleared: "$before", then "$calls" ends in $then', ({ before, calls, then }) => {
    const trip = make({ ...tenCalls, slowCallMs: 200, slowCallRate: 0.5 }, 0);
    run(trip, before);
    trip.clear(10);
    const reasons = run(trip, calls);
    expect(reasons.pop()).toBe(then);
    expect(reasons.every((reason) => reason === undefined)).toBe(true);
  });

  it.each([
    { slowCallMs: undefined, durationMs: 1e9, then: false },
    { slowCallMs: 200, durationMs: 199.9, then: false },
    { slowCallMs: 200, durationMs: 200, then: true },
  ])('[breaker.slow-calls] slow from $slowCallMs ms: $durationMs ms is $then', ({ slowCallMs, durationMs, then }) => {
    expect(durationMs >= (rate.resolve('breaker', { ...tenCalls, slowCallMs }).slowCallMs ?? 0)).toBe(then);
  });
});

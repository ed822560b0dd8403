import { FailureRun } from './FailureRun.js';
import { rate } from './rate.js';

describe('a run of failures', () => {
  it.each([
    {
      given: 'one after another',
      failures: [
        [0, 5],
        [5, 5],
        [10, 5],
      ],
      then: 3,
    },
    {
      given: 'one after another, at once each',
      failures: [
        [0, 0],
        [0, 0],
        [0, 0],
      ],
      then: 3,
    },
    {
      given: 'all under way when the first failed',
      failures: [
        [50, 50],
        [51, 50],
        [60, 20],
        [1_050, 1_049],
      ],
      then: 1,
    },
    {
      given: 'one that began as the first failed',
      failures: [
        [50, 50],
        [60, 10],
      ],
      then: 2,
    },
    {
      given: 'one that began 0.1 ms before',
      failures: [
        [50, 50],
        [60, 10.1],
      ],
      then: 1,
    },
    {
      given: 'one that was under way, more than a second later',
      failures: [
        [50, 50],
        [1_050.1, 1_040],
      ],
      then: 2,
    },
    {
      given: 'one that began at a time that floats cannot say',
      failures: [
        [0.3, 0.1],
        [0.6, 0.6 - 0.3],
      ],
      then: 2,
    },
    {
      given: 'one lost connection, then one that was tried again',
      failures: [
        [50, 50],
        [51, 50],
        [52, 1],
        [53, 50],
      ],
      then: 2,
    },
  ])('[breaker.consecutive-failures] [breaker.one-trouble] counts $then: $given', ({ failures, then }) => {
    const countsTo = (limit: number): boolean => {
      const run = new FailureRun();
      return failures.map(([nowMs = 0, durationMs = 0]) => run.add(nowMs, durationMs, limit)).includes(true);
    };
    expect([countsTo(then), countsTo(then + 1)]).toEqual([true, false]);
  });

  it('[breaker.consecutive-failures] ends with a success, and the next one has a first failure of its own', () => {
    const run = new FailureRun();
    run.add(50, 50, 2);
    run.end();
    expect(run.add(100, 90, 2)).toBe(false);
    expect(run.add(110, 60, 2)).toBe(false);
    expect(run.add(111, 11, 2)).toBe(true);
  });
});

describe('a rate that also opens on a run', () => {
  const afterSuccesses = (options: { readonly consecutiveFailures?: number | false }, failures: number): (string | undefined)[] => {
    const trip = rate.resolve('breaker', { type: 'rate', ...options }).make(0);
    for (let call = 0; call < 1_000; call++) trip.succeed(call, 1);
    return Array.from({ length: failures }, (_, index) => trip.fail(1_000 + index, 0, 'TRANSIENT'));
  };

  it.each([
    { options: {}, failures: 20, then: 'consecutive' },
    { options: {}, failures: 19, then: undefined },
    { options: { consecutiveFailures: 3 }, failures: 3, then: 'consecutive' },
    { options: { consecutiveFailures: 3 }, failures: 2, then: undefined },
    { options: { consecutiveFailures: 1 }, failures: 1, then: 'consecutive' },
    { options: { consecutiveFailures: false }, failures: 999, then: undefined },
    { options: { consecutiveFailures: false }, failures: 1_000, then: 'failure_ratio' },
  ] as const)(
    '[breaker.consecutive-failures] $options after 1,000 successes: $failures failures end in $then',
    ({ options, failures, then }) => {
      const reasons = afterSuccesses(options, failures);
      expect([reasons.at(-2), reasons.at(-1)]).toEqual([undefined, then]);
    },
  );

  it('[breaker.consecutive-failures] opens before minimumCalls, and names the rate where both are reached', () => {
    const make = (minimumCalls: number) => rate.resolve('breaker', { type: 'rate', minimumCalls, consecutiveFailures: 3 }).make(0);
    const [run, both] = [make(10), make(3)];
    expect([0, 1, 2].map((at) => run.fail(at, 0, 'TRANSIENT'))).toEqual([undefined, undefined, 'consecutive']);
    expect([0, 1, 2].map((at) => both.fail(at, 0, 'TRANSIENT'))).toEqual([undefined, undefined, 'failure_ratio']);
  });

  it('[breaker.close-clears] counts anew when cleared', () => {
    const trip = rate.resolve('breaker', { type: 'rate', consecutiveFailures: 2 }).make(0);
    trip.fail(0, 0, 'TRANSIENT');
    trip.clear(1);
    expect(trip.fail(2, 0, 'TRANSIENT')).toBeUndefined();
    expect(trip.fail(3, 0, 'TRANSIENT')).toBe('consecutive');
  });

  it('[breaker.open-facts] says what its window holds, and nothing of an empty one', () => {
    const trip = rate.resolve('breaker', { type: 'rate', slowCallMs: 100, windowMs: 1_000 }).make(0);
    expect(trip.window?.(0)).toBeUndefined();
    for (let at = 0; at < 4; at++) trip.succeed(at, at === 0 ? 100 : 1);
    trip.fail(4, 1, 'TRANSIENT');
    expect(trip.window?.(5)).toEqual({ calls: 5, failureRatio: 0.2, slowCallRatio: 0.2 });
    expect(trip.window?.(5_000)).toBeUndefined();
  });
});

import { ConsecutiveTrip } from './ConsecutiveTrip.js';

describe('ConsecutiveTrip', () => {
  it.each([
    { failures: 1, calls: 'f', then: 'consecutive' },
    { failures: 3, calls: 'ff', then: undefined },
    { failures: 3, calls: 'fff', then: 'consecutive' },
    { failures: 3, calls: 'ff.f', then: undefined },
    { failures: 3, calls: 'ff.fff', then: 'consecutive' },
    { failures: 3, calls: 'ffcff', then: undefined },
    { failures: 3, calls: 'ffcfff', then: 'consecutive' },
    { failures: 3, calls: 'fff.', then: undefined },
    { failures: 3, calls: 'ffff', then: 'consecutive' },
  ])('[breaker.opens-at-threshold] $failures in a row: "$calls" (c: cleared) ends in $then', ({ failures, calls, then }) => {
    const trip = new ConsecutiveTrip({ type: 'consecutive', failures });
    const reasons = [...calls].map((call) => (call === 'f' ? trip.fail() : call === 'c' ? trip.clear() : trip.succeed()));
    expect(reasons.at(-1)).toBe(then);
  });

  it('knows neither a rate nor slow calls', () => {
    const trip = new ConsecutiveTrip({ type: 'consecutive', failures: 1 });
    expect(trip.failureRate()).toBeNaN();
    expect(trip.isSlow()).toBe(false);
  });
});

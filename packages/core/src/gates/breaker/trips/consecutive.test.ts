import { consecutive } from './consecutive.js';

describe('a trip on failures in a row', () => {
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
    const trip = consecutive.resolve('breaker', { type: 'consecutive', failures }).make(0);
    const reasons = [...calls].map((call) =>
      call === 'f' ? trip.fail(0, 0, 'TRANSIENT') : call === 'c' ? trip.clear(0) : trip.succeed(0, 0),
    );
    expect(reasons.at(-1)).toBe(then);
  });

  it('knows neither a rate nor slow calls', () => {
    const settings = consecutive.resolve('breaker', { type: 'consecutive', failures: 1 });
    expect(settings.make(0).failureRate(0)).toBeNaN();
    expect(settings.slowCallMs).toBe(Infinity);
  });
});

import { type CountTrip, count } from './count.js';
import type { ErrorClass } from '../../../model/ErrorClass.js';

const trip: CountTrip = { type: 'count', failures: 3, windowMs: 100 };
const make = (options: CountTrip) => count.resolve('breaker', options).make(0);

type Failure = readonly [atMs: number, errorClass: ErrorClass];

describe('a trip on a number of failures', () => {
  it.each<{ rule: string; given: Partial<CountTrip>; failures: readonly Failure[]; then: string | undefined }>([
    {
      rule: 'breaker.opens-at-threshold',
      given: {},
      failures: [
        [0, 'TRANSIENT'],
        [1, 'TRANSIENT'],
      ],
      then: undefined,
    },
    {
      rule: 'breaker.opens-at-threshold',
      given: {},
      failures: [
        [0, 'TRANSIENT'],
        [1, 'SERVER_ERROR'],
        [2, 'TRANSIENT'],
      ],
      then: 'count',
    },
    {
      rule: 'breaker.window-forgets',
      given: {},
      failures: [
        [0, 'TRANSIENT'],
        [1, 'TRANSIENT'],
        [99, 'TRANSIENT'],
      ],
      then: 'count',
    },
    {
      rule: 'breaker.window-forgets',
      given: {},
      failures: [
        [0, 'TRANSIENT'],
        [1, 'TRANSIENT'],
        [100, 'TRANSIENT'],
      ],
      then: undefined,
    },
    { rule: 'breaker.failures-by-class', given: { failuresByClass: { RATE_LIMIT: 2 } }, failures: [[0, 'RATE_LIMIT']], then: undefined },
    {
      rule: 'breaker.failures-by-class',
      given: { failuresByClass: { RATE_LIMIT: 2 } },
      failures: [
        [0, 'RATE_LIMIT'],
        [99, 'RATE_LIMIT'],
      ],
      then: 'count',
    },
    {
      rule: 'breaker.failures-by-class',
      given: { failuresByClass: { RATE_LIMIT: 2 } },
      failures: [
        [0, 'RATE_LIMIT'],
        [100, 'RATE_LIMIT'],
      ],
      then: undefined,
    },
    {
      rule: 'breaker.failures-by-class',
      given: { failuresByClass: { RATE_LIMIT: 2 } },
      failures: [
        [0, 'RATE_LIMIT'],
        [1, 'TRANSIENT'],
      ],
      then: undefined,
    },
    {
      rule: 'breaker.failures-by-class',
      given: { failuresByClass: { RATE_LIMIT: 9 } },
      failures: [
        [0, 'RATE_LIMIT'],
        [1, 'TRANSIENT'],
        [2, 'RATE_LIMIT'],
      ],
      then: 'count',
    },
    {
      rule: 'breaker.failures-by-class',
      given: { failures: 9, failuresByClass: { RATE_LIMIT: 2, TRANSIENT: 3 } },
      failures: [
        [0, 'RATE_LIMIT'],
        [1, 'TRANSIENT'],
        [2, 'TRANSIENT'],
        [3, 'TRANSIENT'],
      ],
      then: 'count',
    },
  ])('[$rule] $given: $failures ends in $then', ({ given, failures, then }) => {
    const counting = make({ ...trip, ...given });
    const reasons = failures.map(([atMs, errorClass]) => counting.fail(atMs, 0, errorClass));
    expect(reasons.pop()).toBe(then);
    expect(reasons.every((reason) => reason === undefined)).toBe(true);
  });

  it('is not put off by successes between', () => {
    const counting = make(trip);
    counting.fail(0, 0, 'TRANSIENT');
    counting.fail(1, 0, 'TRANSIENT');
    expect(counting.succeed(2, 0)).toBeUndefined();
    expect(counting.fail(2, 0, 'TRANSIENT')).toBe('count');
  });

  it('[breaker.close-clears] counts anew when cleared, in all and by class', () => {
    const counting = make({ ...trip, failuresByClass: { RATE_LIMIT: 2 } });
    counting.fail(0, 0, 'TRANSIENT');
    counting.fail(0, 0, 'RATE_LIMIT');
    counting.clear(1);
    expect(counting.fail(1, 0, 'RATE_LIMIT')).toBeUndefined();
    expect(counting.fail(1, 0, 'TRANSIENT')).toBeUndefined();
    expect(counting.fail(1, 0, 'TRANSIENT')).toBe('count');
  });

  it('knows neither a rate nor slow calls', () => {
    expect(make(trip).failureRate(0)).toBeNaN();
    expect(count.resolve('breaker', trip).slowCallMs).toBe(Infinity);
  });
});

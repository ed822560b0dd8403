import { tripOnOf } from './tripOnOf.js';
import type { BreakerSettings } from '../BreakerSettings.js';
import { plain } from '../fixtures/breakerSettings.js';

describe('tripOnOf', () => {
  const count = { type: 'count', failures: 1, windowMs: 1 } as const;
  it.each<{ rule: string; given: Partial<BreakerSettings>; then: string[] }>([
    { rule: 'breaker.trip-on', given: {}, then: ['SERVER_ERROR', 'TRANSIENT'] },
    { rule: 'breaker.trip-on', given: { tripOn: new Set(['UNKNOWN']) }, then: ['UNKNOWN'] },
    { rule: 'breaker.trip-on', given: { trip: { ...count, failuresByClass: {} } }, then: ['SERVER_ERROR', 'TRANSIENT'] },
    {
      rule: 'breaker.failures-by-class',
      given: { trip: { ...count, failuresByClass: { RATE_LIMIT: 3, TRANSIENT: 4 } } },
      then: ['RATE_LIMIT', 'SERVER_ERROR', 'TRANSIENT'],
    },
  ])('[$rule] $given: $then', ({ given, then }) => {
    expect([...tripOnOf({ ...plain, ...given })].sort()).toEqual(then);
  });
});

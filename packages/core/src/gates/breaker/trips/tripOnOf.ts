import type { BreakerSettings } from '../BreakerSettings.js';
import { ErrorClass } from '../../../model/ErrorClass.js';

/** The classes that count as failures: `tripOn`, and those with a threshold of their own. */
export function tripOnOf({ trip, tripOn }: BreakerSettings): ReadonlySet<ErrorClass> {
  if (trip.type !== 'count') return tripOn;
  return new Set(
    Object.values(ErrorClass).filter((errorClass) => tripOn.has(errorClass) || trip.failuresByClass[errorClass] !== undefined),
  );
}

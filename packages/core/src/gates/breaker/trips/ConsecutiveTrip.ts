import type { Trip } from './Trip.js';
import type { ResolvedConsecutiveTrip } from '../BreakerSettings.js';
import type { TripReason } from '../BreakerTransition.js';

/** Opens on failures in a row, however far apart in time. */
export class ConsecutiveTrip implements Trip {
  readonly #limit: number;
  #failures = 0;

  constructor(trip: ResolvedConsecutiveTrip) {
    this.#limit = trip.failures;
  }

  succeed(): undefined {
    this.#failures = 0;
  }

  fail(): TripReason | undefined {
    this.#failures += 1;
    return this.#failures >= this.#limit ? 'consecutive' : undefined;
  }

  isSlow(): boolean {
    return false;
  }

  failureRate(): number {
    return Number.NaN;
  }

  clear(): void {
    this.#failures = 0;
  }
}

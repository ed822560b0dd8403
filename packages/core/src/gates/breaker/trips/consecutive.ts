import { atLeastOne, wrong } from '../../../model/rules.js';
import type { Trip, TripKind, TripReason } from './Trip.js';

/** Opens on failures in a row. */
export interface ConsecutiveTrip {
  /** Tells the ways to trip apart. */
  readonly type: 'consecutive';
  /** Opens at so many failures without a success between them; at least 1. */
  readonly failures: number;
}

export const consecutive: TripKind<ConsecutiveTrip> = {
  type: 'consecutive',
  rules: { failures: atLeastOne },
  resolve: (where, { failures }) => {
    if (failures === undefined) throw wrong(where, 'trip.failures', atLeastOne.must, failures);
    return { classes: [], make: () => new TripsOnRun(failures) };
  },
};

/** Opens on failures in a row, however far apart in time. */
class TripsOnRun implements Trip {
  readonly slowCallMs = Infinity;
  readonly #limit: number;
  #failures = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  succeed(): undefined {
    this.#failures = 0;
  }

  fail(): TripReason | undefined {
    this.#failures += 1;
    return this.#failures >= this.#limit ? 'consecutive' : undefined;
  }

  failureRate(): number {
    return Number.NaN;
  }

  clear(): void {
    this.#failures = 0;
  }
}

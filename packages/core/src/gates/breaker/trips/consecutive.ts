import { atLeastOne, wrong } from '../../../model/rules.js';
import { LASTING_MS } from '../windows/CallWindow.js';
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
    return { classes: [], slowCallMs: Infinity, make: () => new TripsOnRun(failures) };
  },
};

/** Opens on failures in a row, however far apart in time. */
class TripsOnRun implements Trip {
  readonly #limit: number;
  #failures = 0;
  #lastMs: number | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  succeed(): undefined {
    this.#failures = 0;
  }

  fail(nowMs: number): TripReason | undefined {
    this.#lastMs = nowMs;
    this.#failures += 1;
    return this.#failures >= this.#limit ? 'consecutive' : undefined;
  }

  hasTrouble(nowMs: number): boolean {
    return this.#failures > 0 && this.#lastMs !== undefined && nowMs - this.#lastMs < LASTING_MS;
  }

  failureRate(): number {
    return Number.NaN;
  }

  clear(): void {
    this.#failures = 0;
  }
}

import type { Trip } from './Trip.js';
import type { ResolvedCountTrip } from '../BreakerSettings.js';
import type { TripReason } from '../BreakerTransition.js';
import type { ErrorClass } from '../../../model/ErrorClass.js';
import { RecentTimes } from '../windows/RecentTimes.js';

/** Opens on a number of failures in a span of time: in all, or of one class that has a threshold of its own. */
export class CountTrip implements Trip {
  readonly #all: RecentTimes;
  readonly #byClass = new Map<string, RecentTimes>();

  constructor(trip: ResolvedCountTrip) {
    this.#all = new RecentTimes(trip.failures, trip.windowMs);
    for (const [errorClass, failures] of Object.entries(trip.failuresByClass)) {
      this.#byClass.set(errorClass, new RecentTimes(failures, trip.windowMs));
    }
  }

  succeed(): undefined {
    return undefined;
  }

  fail(nowMs: number, _durationMs: number, errorClass: ErrorClass): TripReason | undefined {
    const full = this.#all.record(nowMs);
    const classFull = this.#byClass.get(errorClass)?.record(nowMs);
    return full || classFull ? 'failures' : undefined;
  }

  isSlow(): boolean {
    return false;
  }

  failureRate(): number {
    return Number.NaN;
  }

  clear(): void {
    this.#all.clear();
    for (const times of this.#byClass.values()) times.clear();
  }
}

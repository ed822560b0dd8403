import type { ErrorClass } from '../../../model/ErrorClass.js';
import { anObject, atLeastOne, byClass, check, errorClasses, milliseconds, wrong } from '../../../model/rules.js';
import { RecentTimes } from '../windows/RecentTimes.js';
import type { Trip, TripKind, TripReason } from './Trip.js';

/** Opens on a number of failures in a window of time. */
export interface CountTrip {
  /** Tells the ways to trip apart. */
  readonly type: 'count';
  /** Opens at so many failures in the window; at least 1. */
  readonly failures: number;
  /** Milliseconds over which failures count; finite, above 0. */
  readonly windowMs: number;
  /** Thresholds of their own for some classes; these classes trip even when `tripOn` leaves them out. None by default. */
  readonly failuresByClass?: Partial<Readonly<Record<ErrorClass, number>>> | undefined;
}

export const count: TripKind<CountTrip> = {
  type: 'count',
  rules: { failures: atLeastOne, windowMs: milliseconds, failuresByClass: anObject },
  resolve: (where, { failures, windowMs, failuresByClass = Object.create(null) as NonNullable<CountTrip['failuresByClass']> }) => {
    if (failures === undefined) throw wrong(where, 'trip.failures', atLeastOne.must, failures);
    if (windowMs === undefined) throw wrong(where, 'trip.windowMs', milliseconds.must, windowMs);
    const limits = check(where, failuresByClass, byClass(atLeastOne), 'trip.failuresByClass.');
    return {
      classes: errorClasses.filter((errorClass) => limits[errorClass] !== undefined),
      slowCallMs: Infinity,
      make: () => new TripsOnCount(failures, windowMs, limits),
    };
  },
};

/** Opens on a number of failures in a span of time: in all, or of one class that has a threshold of its own and counts towards all as well. */
class TripsOnCount implements Trip {
  readonly #all: RecentTimes;
  readonly #windowMs: number;
  readonly #limits: NonNullable<CountTrip['failuresByClass']>;
  /** Made at the first failure of a class that has a threshold. */
  #byClass: Map<ErrorClass, RecentTimes> | undefined;

  constructor(failures: number, windowMs: number, failuresByClass: NonNullable<CountTrip['failuresByClass']>) {
    this.#all = new RecentTimes(failures, windowMs);
    this.#windowMs = windowMs;
    this.#limits = failuresByClass;
  }

  succeed(): undefined {
    return undefined;
  }

  fail(nowMs: number, _durationMs: number, errorClass: ErrorClass): TripReason | undefined {
    const full = this.#all.record(nowMs);
    const classFull = this.#timesOf(errorClass)?.record(nowMs);
    return full || classFull ? 'count' : undefined;
  }

  hasTrouble(nowMs: number): boolean {
    return this.#all.hasAny(nowMs);
  }

  failureRate(): number {
    return Number.NaN;
  }

  clear(): void {
    this.#all.clear();
    this.#byClass = undefined;
  }

  #timesOf(errorClass: ErrorClass): RecentTimes | undefined {
    const limit = this.#limits[errorClass];
    if (limit === undefined) return undefined;
    this.#byClass ??= new Map();
    let times = this.#byClass.get(errorClass);
    if (times === undefined) {
      times = new RecentTimes(limit, this.#windowMs);
      this.#byClass.set(errorClass, times);
    }
    return times;
  }
}

import type { BackoffContext } from '../../model/Backoff.js';
import type { ErrorClass } from '../../model/ErrorClass.js';

/** Opens on the share of failed or slow calls; counts a span of time or a number of calls. */
export type ResolvedRateTrip = {
  readonly type: 'rate';
  /** In (0, 1]. */
  readonly failureRate: number;
  /** At least 1; not above `windowCalls`, or it could never open. */
  readonly minimumCalls: number;
  /** Milliseconds from which a call is slow; undefined: none is. */
  readonly slowCallMs: number | undefined;
  /** In (0, 1]; read only beside `slowCallMs`, and then 1 when undefined. */
  readonly slowCallRate: number | undefined;
} & (
  | { /** Milliseconds. */ readonly windowMs: number; readonly windowCalls?: undefined }
  | { /** At least 1. */ readonly windowCalls: number; readonly windowMs?: undefined }
);

/** Opens on a number of failures in a span of time. */
export interface ResolvedCountTrip {
  readonly type: 'count';
  /** At least 1. */
  readonly failures: number;
  /** Milliseconds. */
  readonly windowMs: number;
  /** A class with a threshold of its own trips, and counts towards `failures` as well. */
  readonly failuresByClass: Partial<Readonly<Record<ErrorClass, number>>>;
}

/** Opens on failures in a row. */
export interface ResolvedConsecutiveTrip {
  readonly type: 'consecutive';
  /** At least 1. */
  readonly failures: number;
}

/** When a circuit opens, defaults filled in. */
export type ResolvedTrip = ResolvedRateTrip | ResolvedCountTrip | ResolvedConsecutiveTrip;

/** What a breaker decides by: options that were validated, defaults filled in. */
export interface BreakerSettings {
  readonly trip: ResolvedTrip;
  /** Classes that count as failures; those of `failuresByClass` are added by the engine. */
  readonly tripOn: ReadonlySet<ErrorClass>;
  /**
   * Milliseconds to stay open. `attempt` is the number of openings in a row (1 for the first),
   * `previousDelayMs` how long the one before lasted, `remainingMs` is Infinity; the class is that of the failure which opened the
   * circuit, TRANSIENT when a success did: a slow one, or the one that was missing for a rate.
   * What throws, or is NaN, infinite or negative, counts as 0.
   */
  readonly recovery: (context: BackoffContext) => number;
  /** Probes that may run at once; at least 1. */
  readonly probes: number;
  /** Successful probes that close the circuit; at least 1. */
  readonly successThreshold: number;
  /** Milliseconds after which the place of a probe that never settled may be taken by another. */
  readonly maxProbeMs: number;
  /** Moves and tells, refuses nothing. */
  readonly observeOnly: boolean;
}

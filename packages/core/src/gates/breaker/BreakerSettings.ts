import type { BackoffContext } from '../../model/Backoff.js';
import type { ErrorClass } from '../../model/ErrorClass.js';
import type { TripSettings } from './trips/Trip.js';

/** What a breaker decides by: options that were validated, defaults filled in. */
export interface BreakerSettings {
  readonly trip: TripSettings;
  /** Classes that count as failures, those of the trip included. */
  readonly tripOn: ReadonlySet<ErrorClass>;
  /**
   * Milliseconds to stay open. `attempt` is the number of openings in a row (1 for the first),
   * `previousDelayMs` how long the one before lasted, `remainingMs` is Infinity; the class is that of the failure which opened the
   * circuit, TRANSIENT when a success did: a slow one, or the one that was missing for a rate.
   * What throws or is negative counts as 0, what overflows is the maximum; for NaN and for what is no number the default serves.
   */
  readonly recovery: (context: BackoffContext) => number;
  /** The most milliseconds that a wait which the other side asked for keeps it open, where `recovery` said `openMs`. */
  readonly longestWaitMs: (openMs: number) => number;
  /** Probes that may run at once; at least 1. */
  readonly probes: number;
  /** Successful probes that close the circuit; at least 1. */
  readonly successThreshold: number;
  /** Milliseconds after which the place of a probe that never settled may be taken by another. */
  readonly maxProbeMs: number;
  /** Moves and tells, refuses nothing. */
  readonly observeOnly: boolean;
}

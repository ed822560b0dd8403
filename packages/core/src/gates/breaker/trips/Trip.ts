import type { TripReason } from '../BreakerTransition.js';
import type { ErrorClass } from '../../../model/ErrorClass.js';

/** Counts the calls of a closed circuit and says when it is to open; knows nothing of states. */
export interface Trip {
  /** A call that counts as a success; it may be the one that fills the window, or a slow one too many. */
  succeed(nowMs: number, durationMs: number): TripReason | undefined;
  /** A call that counts as a failure. */
  fail(nowMs: number, durationMs: number, errorClass: ErrorClass): TripReason | undefined;
  isSlow(durationMs: number): boolean;
  /** In [0, 1]; NaN when too few calls are counted to say, or when no rate is. */
  failureRate(nowMs: number): number;
  /** Starts counting anew. */
  clear(nowMs: number): void;
}

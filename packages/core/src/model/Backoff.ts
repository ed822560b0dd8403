import type { Classification } from './Classification.js';
import type { FailedBy } from './FailedBy.js';

/** What a backoff decides by. */
export interface BackoffContext {
  /** The attempt that failed; 1 for the first. */
  readonly attempt: number;
  /** What the failure was, with `retryAfterMs` when the other side asked for a wait. */
  readonly classification: Classification;
  /** Milliseconds this call waited before the failed attempt; undefined before the first wait. */
  readonly previousDelayMs: number | undefined;
  /** Milliseconds left of the call's timeout. */
  readonly remainingMs: number;
  /** Whether it was thrown or judged. */
  readonly failedBy: FailedBy;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/**
 * Milliseconds to wait before the next attempt. A negative delay counts as 0, and Infinity never fits. For NaN, a promise or no number at
 * all, which is told through `diag`, the default backoff serves.
 */
export type Backoff = (context: BackoffContext) => number;

/** A backoff that goes by how attempts end: policies that use it tell it of each. */
export interface RecordingBackoff extends Backoff {
  /** One attempt has ended; aborted ones are not told. */
  record(succeeded: boolean): void;
}

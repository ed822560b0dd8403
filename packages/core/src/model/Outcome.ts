import type { ErrorClass } from './ErrorClass.js';
import type { EventName } from './EventName.js';
import type { FailedBy } from './FailedBy.js';
import type { FailureReason, RefusalReason, StopReason } from './StopReason.js';

/** One thing that happened in a call; recorded when the call asks for `timeline: true`. */
export interface TimelineEntry {
  /** Milliseconds since the call began. */
  readonly atMs: number;
  /** What happened; `attempt`: the function was called. */
  readonly event: EventName | 'attempt';
  /** The attempt it belongs to; 0 before the first. */
  readonly attempt: number;
  /** Class of the failure that led to it, where one did. */
  readonly errorClass?: ErrorClass | undefined;
  /** Milliseconds waited after a `retry`, or to be waited after a `scheduled`. */
  readonly delayMs?: number | undefined;
  /** Why the call stopped; on its last entry, unless it succeeded. */
  readonly stopReason?: StopReason | undefined;
}

/** What every outcome tells. */
export interface Settled {
  /** Attempts made. */
  readonly attempts: number;
  /** Milliseconds from the call's start to its end, waits included. */
  readonly elapsedMs: number;
  /** Present when the call asked for `timeline: true`. */
  readonly timeline?: readonly TimelineEntry[] | undefined;
}

/** What every outcome that ends a failure tells. */
export interface Failure {
  /** Tells it from a success. */
  readonly ok: false;
  /** What was thrown last, ours or the function's; a RetryExhaustedError when the last failure was a result. */
  readonly error: unknown;
  /** Class of the last failure. */
  readonly errorClass: ErrorClass;
  /** Whether the last failure was thrown or judged. */
  readonly failedBy: FailedBy;
  /** The last result that was judged a failure. */
  readonly lastResult?: unknown;
  /** The attempts before, ten at most, when one of them failed in another class: the last failure may come of the retry itself. With FALLBACK_FAILED every attempt that failed. */
  readonly earlierFailures?: readonly EarlierFailure[] | undefined;
}

/** An attempt of a call that failed before the last one. */
export interface EarlierFailure {
  /** Its number. */
  readonly attempt: number;
  /** What was thrown, or the result that was judged a failure. */
  readonly error: unknown;
  /** Its class. */
  readonly errorClass: ErrorClass;
}

/** The call succeeded. */
export interface SuccessOutcome<T> extends Settled {
  /** Tells it from every other. */
  readonly ok: true;
  /** What the function gave, or what answered in its place. */
  readonly value: T;
  /** What answered in the place of the function: `redress.answered_by`. Absent where the function did. */
  readonly answeredBy?: string | undefined;
  /** How the call would have ended, when that is what was answered for. */
  readonly insteadOf?: UnsuccessfulOutcome | undefined;
}

/** A sleep handler deferred the retry: run it again with `resume` after `nextDelayMs`. */
export interface ScheduledOutcome extends Settled, Failure {
  /** Tells it from the others. */
  readonly stopReason: 'SCHEDULED';
  /** Milliseconds after which the call should go on. */
  readonly nextDelayMs: number;
}

/** A gate refused the call: its circuit is open, or opened while the call was retrying. */
export interface RejectedBy<R extends RefusalReason> extends Settled {
  /** Tells it from a success. */
  readonly ok: false;
  /** Tells it from the others. */
  readonly stopReason: R;
  /** That gate's error (`CircuitOpenError` …), made when it is first read, without a stack; its `cause` is the last error, when it refused mid-retry. */
  readonly error: Error;
  /** Milliseconds after which it is worth trying again: until the circuit may let a probe through, Infinity while it is forced open. */
  readonly retryAfterMs: number;
  /** Class of the last failure, when the gate refused mid-retry. */
  readonly errorClass?: ErrorClass | undefined;
}

/** A gate refused the call; told apart by its stop reason. */
export type RejectedOutcome = { [R in RefusalReason]: RejectedBy<R> }[RefusalReason];

/** The caller, the function or the sleep handler ended the call, or the attempt around it ended. */
export interface AbortedOutcome extends Settled {
  /** Tells it from a success. */
  readonly ok: false;
  /** Tells it from the others. */
  readonly stopReason: 'ABORTED';
  /** The signal's reason, the AbortRetryError, or the function's own AbortError. */
  readonly error: unknown;
}

/** The call failed. */
export interface FailureOutcome extends Settled, Failure {
  /** Why it was not tried again. */
  readonly stopReason: FailureReason;
  /** How the call would have ended without the fallback that failed; with FALLBACK_FAILED. */
  readonly insteadOf?: UnsuccessfulOutcome | undefined;
}

/** How a call ended that did not succeed. */
export type UnsuccessfulOutcome = ScheduledOutcome | RejectedOutcome | AbortedOutcome | FailureOutcome;

/** How a call ended. */
export type Outcome<T> = SuccessOutcome<T> | UnsuccessfulOutcome;

/** `redress.outcome` in telemetry. */
export type OutcomeKind = 'success' | 'failure' | 'rejected' | 'aborted' | 'scheduled';

import type { FailureFacts } from './FailureFacts.js';
import type { RefusalFacts } from './Refusal.js';
import type { FailureReason, RefusalReason } from './StopReason.js';

/**
 * How a call that did not succeed ended: made once, told to telemetry as it is, and turned into the outcome.
 * The runtime's own ends say more of failures and refusals than telemetry asks for; a foreign library gives just that.
 */
export type CallEnd<F extends FailureFacts = FailureFacts, R extends RefusalFacts = RefusalFacts> =
  | FailedEnd<F>
  | ScheduledEnd<F>
  | AbortedEnd
  | RejectedEnd<F, R>;

/** The call failed. */
export interface FailedEnd<F extends FailureFacts = FailureFacts> {
  readonly kind: 'failure';
  /** Attempts made. */
  readonly attempts: number;
  /** Why it was not tried again. */
  readonly stopReason: FailureReason;
  /** The last failure. */
  readonly failure: F;
  /** True where the call made no attempt: its time was up, and nothing else failed. */
  readonly unattempted?: boolean | undefined;
}

/** The retry was deferred. */
export interface ScheduledEnd<F extends FailureFacts = FailureFacts> {
  readonly kind: 'scheduled';
  /** Attempts made. */
  readonly attempts: number;
  readonly stopReason: 'SCHEDULED';
  /** What is to be retried. */
  readonly failure: F;
  /** Milliseconds until the retry. */
  readonly delayMs: number;
}

/** The call was ended from outside. */
export interface AbortedEnd {
  readonly kind: 'aborted';
  /** Attempts made. */
  readonly attempts: number;
  readonly stopReason: 'ABORTED';
  /** Attempts that ended by themselves: `retry.attempt` of the event. */
  readonly completed: number;
  /** What the call rejects with. */
  readonly error?: unknown;
  /** Who ended it: `redress.abort.source`. */
  readonly source?: AbortSource | undefined;
}

/** Who ended a call: its caller's signal, its function, its sleep handler, or the attempt around it. */
export type AbortSource = 'caller' | 'function' | 'sleep' | 'parent';

/** A gate refused. */
export interface RejectedEnd<F extends FailureFacts = FailureFacts, R extends RefusalFacts = RefusalFacts> {
  readonly kind: 'rejected';
  /** Attempts made. */
  readonly attempts: number;
  readonly stopReason: RefusalReason;
  /** What the gate said. */
  readonly refusal: R;
  /** The last failure, when it refused in the middle of a retry. */
  readonly failure?: F | undefined;
}

/** Kinds of {@link CallEnd}: every outcome but success. */
export type UnsuccessfulKind = CallEnd['kind'];

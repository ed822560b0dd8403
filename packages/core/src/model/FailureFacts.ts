import type { ErrorClass } from './ErrorClass.js';
import type { FailedBy } from './FailedBy.js';

/** One failed attempt, as everybody is told of it: retry, gates and telemetry. `failureOf` makes it. */
export interface FailureFacts {
  /** `error.class`. */
  readonly errorClass: ErrorClass;
  /** `redress.cause`. */
  readonly failedBy: FailedBy;
  /** The thrown value, or the result that was judged a failure. Its message is shown only in the span's exception event. */
  readonly error: unknown;
  /** `error.type`: the status code as text, else the exception's class name; the error class for a failed result. */
  readonly errorType: string;
  /** Milliseconds the other side asked to wait; undefined when it asked for none. */
  readonly retryAfterMs?: number | undefined;
  /** It is UNKNOWN because a classifier threw or gave no class: it says nothing to a gate about the dependency. */
  readonly neutral?: true | undefined;
}

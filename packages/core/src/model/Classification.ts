import type { ErrorClass } from './ErrorClass.js';

/** What a failure is, and what its sender asked for. */
export interface Classification {
  /** What retry, breaker and telemetry go by. */
  readonly errorClass: ErrorClass;
  /** Milliseconds the other side asked to wait (Retry-After): the floor of the backoff. */
  readonly retryAfterMs?: number | undefined;
  /** `false`: not retried, whatever the class; a breaker still counts it as that. A server says so with `x-should-retry: false`. */
  readonly retryable?: false | undefined;
  /** Anything the classifier wants its backoff to see; redress does not read it. */
  readonly details?: unknown;
}

/** A classifier's answer. `undefined`: ask the default rule (for an error), the result is fine (for a result). */
export type Verdict = ErrorClass | Classification | undefined;

/** Turns a thrown value into a {@link Verdict}. One that throws counts as `UNKNOWN`. */
export type Classifier = (error: unknown) => Verdict;

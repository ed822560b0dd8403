import type { ErrorClass } from '../model/ErrorClass.js';
import { withoutStack } from '../model/errors/withoutStack.js';
import type { RejectedBy, TimelineEntry } from '../model/Outcome.js';
import type { Refusal } from '../model/Refusal.js';
import type { RefusalReason } from '../model/StopReason.js';

/**
 * A refusal as an outcome. Its error is made when it is first read, without a stack: a service under an open circuit refuses thousands of
 * calls a second, and whoever uses `settle` seldom looks at more than the reason.
 */
export class Rejection implements RejectedBy<RefusalReason> {
  readonly ok = false;
  readonly stopReason: RefusalReason;
  readonly retryAfterMs: number;
  #error: Error | undefined = undefined;
  readonly #refusal: Refusal;
  readonly #cause: unknown;

  constructor(
    readonly attempts: number,
    readonly elapsedMs: number,
    readonly timeline: readonly TimelineEntry[] | undefined,
    /** Class of the last failure, when the gate refused mid-retry. */
    readonly errorClass: ErrorClass | undefined,
    refusal: Refusal,
    cause: unknown,
  ) {
    this.stopReason = refusal.stopReason;
    this.retryAfterMs = refusal.retryAfterMs;
    this.#refusal = refusal;
    this.#cause = cause;
  }

  get error(): Error {
    this.#error ??= withoutStack(() => this.#refusal.error(this.#cause));
    return this.#error;
  }

  /** The error with a stack, for a call that rejects long after it was made. */
  withStack(): Error {
    this.#error ??= this.#refusal.error(this.#cause);
    return this.#error;
  }
}

import type { ErrorClass } from '../ErrorClass.js';
import type { RetryableErrorOptions } from './MarkerErrorOptions.js';
import { RedressError } from './RedressError.js';

/** Throw it to mark a failure as `CONCURRENCY`: a conflict, a lost optimistic lock, a deadlock. Retried. */
export class ConcurrencyError extends RedressError {
  /** Tells the class across two copies of core. */
  static readonly redressError: string = 'ConcurrencyError';
  override readonly name: string = 'ConcurrencyError';
  /** What it marks. */
  readonly errorClass: ErrorClass = 'CONCURRENCY';
  /** HTTP status, when there was one. */
  readonly status: number | undefined;
  /** Milliseconds the other side asked to wait: the floor of the backoff. */
  readonly retryAfterMs: number | undefined;

  constructor(message?: string, options?: RetryableErrorOptions) {
    super(message, options);
    this.status = options?.status;
    this.retryAfterMs = options?.retryAfterMs;
  }
}

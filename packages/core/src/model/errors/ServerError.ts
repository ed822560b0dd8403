import type { ErrorClass } from '../ErrorClass.js';
import type { RetryableErrorOptions } from './MarkerErrorOptions.js';
import { RedressError } from './RedressError.js';

/** Throw it to mark a failure as `SERVER_ERROR`: the other side is in trouble. Retried, and counted by the circuit breaker. */
export class ServerError extends RedressError {
  /** Tells the class across two copies of core. */
  static readonly redressError: string = 'ServerError';
  override readonly name: string = 'ServerError';
  /** What it marks. */
  readonly errorClass: ErrorClass = 'SERVER_ERROR';
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

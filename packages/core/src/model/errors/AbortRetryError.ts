import type { ErrorClass } from '../ErrorClass.js';
import { RedressError } from './RedressError.js';

/** Throw it to end the call as `ABORTED`: no retry, neither success nor failure for the circuit breaker; the call rejects with it. */
export class AbortRetryError extends RedressError {
  /** Tells the class across two copies of core. */
  static readonly redressError: string = 'AbortRetryError';
  override readonly name: string = 'AbortRetryError';
  /** What it is to a policy that sees it as the cause of another error: not retried either. */
  readonly errorClass: ErrorClass = 'PERMANENT';

  constructor(message?: string, options?: { readonly cause?: unknown }) {
    super(message, options);
  }
}

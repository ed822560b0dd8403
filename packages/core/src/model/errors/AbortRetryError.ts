import type { ErrorClass } from '../ErrorClass.js';
import { brandOf, hasInstance } from './instanceOf.js';

/** Throw it to end the call as `ABORTED`: no retry, neither success nor failure for the circuit breaker; the call rejects with it. */
export class AbortRetryError extends Error {
  /** Tells the class across two copies of core. */
  static readonly redressError: string = 'AbortRetryError';
  override readonly name: string = 'AbortRetryError';
  /** What it is to a policy that sees it as the cause of another error: not retried either. */
  readonly errorClass: ErrorClass = 'PERMANENT';

  constructor(message?: string, options?: { readonly cause?: unknown }) {
    super(message, options);
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return hasInstance.call(this, value);
  }
}

/** Whether an error is an {@link AbortRetryError}, of whichever copy of core. Never throws, as `instanceof` does for a hostile proxy. */
export function isAbortRetryError(error: unknown): error is AbortRetryError {
  return brandOf(error) === AbortRetryError.redressError;
}

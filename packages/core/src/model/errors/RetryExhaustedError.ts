import type { ErrorClass } from '../ErrorClass.js';
import type { StopReason } from '../StopReason.js';
import { RedressError } from './RedressError.js';

/** What a {@link RetryExhaustedError} tells. */
export interface RetryExhaustedErrorOptions {
  /** Attempts made. */
  readonly attempts: number;
  /** The result that was judged a failure. */
  readonly lastResult: unknown;
  /** The class the result was judged to be. */
  readonly errorClass: ErrorClass;
  /** Why the call stopped. */
  readonly stopReason: StopReason;
}

/** The last result of the call was judged a failure, and it is not retried any more. */
export class RetryExhaustedError extends RedressError {
  /** Tells the class across two copies of core. */
  static readonly redressError: string = 'RetryExhaustedError';
  override readonly name: string = 'RetryExhaustedError';
  /** Attempts made. */
  readonly attempts: number;
  /** The result that was judged a failure. */
  readonly lastResult: unknown;
  /** The class the result was judged to be. */
  readonly errorClass: ErrorClass;
  /** Why the call stopped. */
  readonly stopReason: StopReason;

  constructor(options: RetryExhaustedErrorOptions) {
    const { attempts, lastResult, errorClass, stopReason } = options;
    super(`The result of attempt ${attempts} is a failure of class ${errorClass} (${stopReason})`);
    this.attempts = attempts;
    this.lastResult = lastResult;
    this.errorClass = errorClass;
    this.stopReason = stopReason;
  }
}

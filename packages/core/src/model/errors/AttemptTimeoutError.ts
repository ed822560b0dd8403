import type { ErrorClass } from '../ErrorClass.js';
import { RedressError } from './RedressError.js';

/** What an {@link AttemptTimeoutError} tells. */
export interface AttemptTimeoutErrorOptions {
  /** Milliseconds the attempt had. */
  readonly timeoutMs: number;
  /** The attempt's number; 1 for the first. */
  readonly attempt: number;
}

/** One attempt ran out of its own time. */
export class AttemptTimeoutError extends RedressError {
  /** Tells the class across two copies of core. */
  static readonly redressError: string = 'AttemptTimeoutError';
  override readonly name: string = 'AttemptTimeoutError';
  /** What it is to a policy around the one that threw it. */
  readonly errorClass: ErrorClass = 'TRANSIENT';
  /** Milliseconds the attempt had. */
  readonly timeoutMs: number;
  /** The attempt's number; 1 for the first. */
  readonly attempt: number;

  constructor(options: AttemptTimeoutErrorOptions) {
    super(`Attempt ${options.attempt} ran out of its ${options.timeoutMs} ms`);
    this.timeoutMs = options.timeoutMs;
    this.attempt = options.attempt;
  }
}

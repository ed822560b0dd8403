import { RedressError } from './RedressError.js';

/** What a {@link RetryScheduledError} tells. */
export interface RetryScheduledErrorOptions {
  /** Milliseconds after which the call should go on. */
  readonly nextDelayMs: number;
  /** Attempts made: `resume.attempt` of the call that goes on. */
  readonly attempts: number;
  /** The error that is to be retried; a RetryExhaustedError when it was a result. */
  readonly cause?: unknown;
}

/** A sleep handler deferred the retry: call again with `resume` after `nextDelayMs`. */
export class RetryScheduledError extends RedressError {
  /** Tells the class across two copies of core. */
  static readonly redressError: string = 'RetryScheduledError';
  override readonly name: string = 'RetryScheduledError';
  /** Milliseconds after which the call should go on. */
  readonly nextDelayMs: number;
  /** Attempts made: `resume.attempt` of the call that goes on. */
  readonly attempts: number;

  constructor(options: RetryScheduledErrorOptions) {
    const { nextDelayMs, attempts, cause } = options;
    super(`The retry of attempt ${attempts} is deferred by ${nextDelayMs} ms`, cause === undefined ? undefined : { cause });
    this.nextDelayMs = nextDelayMs;
    this.attempts = attempts;
  }
}

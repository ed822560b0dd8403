import type { ErrorClass } from '../ErrorClass.js';
import { RedressError } from './RedressError.js';

/** What a {@link DeadlineExceededError} tells. */
export interface DeadlineExceededErrorOptions {
  /** The call's `timeoutMs`. */
  readonly timeoutMs: number;
  /** The last error of an attempt before, if there was one. */
  readonly cause?: unknown;
}

/** The call's whole time ran out during an attempt. */
export class DeadlineExceededError extends RedressError {
  /** Tells the class across two copies of core. */
  static readonly redressError: string = 'DeadlineExceededError';
  override readonly name: string = 'DeadlineExceededError';
  /** What it is to a policy around the one that threw it. */
  readonly errorClass: ErrorClass = 'TRANSIENT';
  /** The call's `timeoutMs`. */
  readonly timeoutMs: number;

  constructor(options: DeadlineExceededErrorOptions) {
    const { timeoutMs, cause } = options;
    super(`The call ran out of its ${timeoutMs} ms`, cause === undefined ? undefined : { cause });
    this.timeoutMs = timeoutMs;
  }
}

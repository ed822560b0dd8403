import type { ErrorClass } from '../ErrorClass.js';
import { RedressError } from './RedressError.js';

/** What a {@link DeadlineExceededError} tells. */
export interface DeadlineExceededErrorOptions {
  /** The call's `timeoutMs`, or its fallback's. */
  readonly timeoutMs: number;
  /** Whose time it was, for the message. Default `call`. */
  readonly of?: 'call' | 'fallback' | undefined;
  /** The last error of an attempt before, if there was one. */
  readonly cause?: unknown;
}

/** The call's whole time ran out during an attempt; or the time of its fallback, which is its own. */
export class DeadlineExceededError extends RedressError {
  /** Tells the class across two copies of core. */
  static readonly redressError: string = 'DeadlineExceededError';
  override readonly name: string = 'DeadlineExceededError';
  /** What it is to a policy around the one that threw it. */
  readonly errorClass: ErrorClass = 'TRANSIENT';
  /** The call's `timeoutMs`, or its fallback's. */
  readonly timeoutMs: number;

  constructor(options: DeadlineExceededErrorOptions) {
    const { timeoutMs, of = 'call', cause } = options;
    super(`The ${of} ran out of its ${timeoutMs} ms`, cause === undefined ? undefined : { cause });
    this.timeoutMs = timeoutMs;
  }
}

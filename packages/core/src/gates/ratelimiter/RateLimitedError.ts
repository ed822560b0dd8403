import type { ErrorClass } from '../../model/ErrorClass.js';
import { RedressError } from '../../model/errors/RedressError.js';
import { wholeMsUp } from '../../model/wholeMsUp.js';

/** What a {@link RateLimitedError} tells. */
export interface RateLimitedErrorOptions {
  /** The rate limiter's name: the policy's, unless it has one of its own. */
  readonly limiter: string;
  /** Milliseconds until the permits are there; Infinity for more permits than there can ever be at once. */
  readonly retryAfterMs: number;
  /** Permits in each `windowMs`. */
  readonly limit: number;
  /** Milliseconds in which they come back. */
  readonly windowMs: number;
  /** Permits that the call asked for. Default 1. */
  readonly cost?: number | undefined;
  /** Permits that can be saved. Default `limit`. */
  readonly burst?: number | undefined;
  /** The failure before, when there was one. */
  readonly cause?: unknown;
}

/** A rate limiter refused the call: its permits would not have come in time. The function was not called. */
export class RateLimitedError extends RedressError {
  /** Tells the class across two copies of core. */
  static readonly redressError: string = 'RateLimitedError';
  /** Tells a refusal of ours, by whatever gate. */
  static readonly redressRefusal: boolean = true;
  override readonly name: string = 'RateLimitedError';
  /** What it is to a policy around the one that threw it: PERMANENT for a call that asks for more permits than there can ever be at once. */
  readonly errorClass: ErrorClass;
  /** The rate limiter's name. */
  readonly limiter: string;
  /** Milliseconds until the permits are there; Infinity for more permits than there can ever be at once. */
  readonly retryAfterMs: number;
  /** Permits in each `windowMs`. */
  readonly limit: number;
  /** Milliseconds in which they come back. */
  readonly windowMs: number;

  constructor(options: RateLimitedErrorOptions) {
    const { limiter, retryAfterMs, limit, windowMs, cost = 1, burst = limit, cause } = options;
    const isNever = retryAfterMs === Infinity;
    const what = isNever
      ? `can never let this call through: it costs ${cost} permits, and no more than ${burst} can be saved`
      : `has no permits left of ${limit} in ${windowMs} ms: again in ${wholeMsUp(retryAfterMs)} ms`;
    super(`Rate limiter ${limiter} ${what}`, cause === undefined ? undefined : { cause });
    this.errorClass = isNever ? 'PERMANENT' : 'RATE_LIMIT';
    this.limiter = limiter;
    this.retryAfterMs = retryAfterMs;
    this.limit = limit;
    this.windowMs = windowMs;
  }
}

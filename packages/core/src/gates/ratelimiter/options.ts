import { aName, atLeastOne, check, hold, milliseconds, oneOf, waitMs, type Rules } from '../../model/rules.js';
import { properName } from '../../model/properName.js';

/** How many calls may be made in a time. */
export interface RateLimiterOptions {
  /** Permits that come back in each `windowMs`, one after the other at even distances; at least 1. */
  readonly limit: number;
  /** Milliseconds in which `limit` permits come back. Default 1_000; finite, above 0. */
  readonly windowMs?: number | undefined;
  /** Permits that can be saved, and so be taken at once after a quiet time; at least 1. Default `limit`. No span of `windowMs` ever sees more than `burst + limit`: where the other side counts strictly, keep that sum within its limit; 1 spaces the calls evenly. */
  readonly burst?: number | undefined;
  /** Milliseconds that a call may wait for its permits, first come, first served; the wait counts towards its timeout. Default 0: a call that finds too few is refused at once. So is one that could not have them in time. */
  readonly maxWaitMs?: number | undefined;
  /** `attempt`: each attempt takes permits. `call`: stands outside retry and takes them once a call. Default `attempt`, unless the policy's `order` says otherwise. */
  readonly scope?: 'attempt' | 'call' | undefined;
  /** What its errors call it. Default: the name of the first policy that uses it. */
  readonly name?: string | undefined;
}

const rules: Rules = {
  limit: atLeastOne,
  windowMs: milliseconds,
  burst: atLeastOne,
  maxWaitMs: waitMs,
  scope: oneOf(['attempt', 'call']),
  name: aName,
};

/** A rate limiter's options, checked, with the defaults filled in. */
export class ResolvedRateLimiter implements RateLimiterOptions {
  readonly limit: number;
  readonly windowMs: number;
  readonly burst: number;
  readonly maxWaitMs: number;
  readonly scope: 'attempt' | 'call';
  readonly name: string | undefined;
  readonly #isResolved = true;

  /** Throws a TypeError that names the option, the value and the rule. */
  constructor(where: string, options: RateLimiterOptions, usualScope: 'attempt' | 'call' = 'attempt') {
    const { limit, windowMs = 1_000, burst = limit, maxWaitMs = 0, scope = usualScope, name } = check(where, options, rules);
    hold(where, 'limit', limit, atLeastOne);
    this.limit = limit;
    this.windowMs = windowMs;
    this.burst = burst;
    this.maxWaitMs = maxWaitMs;
    this.scope = scope;
    this.name = name === undefined ? undefined : properName(name);
  }

  /** Whether options are checked and filled in already. */
  static is(options: RateLimiterOptions): options is ResolvedRateLimiter {
    return typeof options === 'object' && options !== null && #isResolved in options && options.#isResolved;
  }
}

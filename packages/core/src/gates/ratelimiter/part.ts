import type { GatePart } from '../GatePart.js';
import { callRules } from './callOptions.js';
import { attach, isHeldTo, isRateLimiter, RateLimiter } from './RateLimiter.js';
import { type RateLimiterOptions, ResolvedRateLimiter } from './options.js';

export type { RateLimiterOfHealth } from './RateLimiterHealth.js';
export type { RateLimiterCallOption } from './callOptions.js';

/** The option of a policy that has a rate limiter. */
export interface RateLimiterOption {
  /** Lets only so many attempts, or calls, be made in a time; the others wait or are refused. Default: none. An instance may be shared between policies. */
  readonly rateLimiter?: RateLimiterOptions | RateLimiter | false | undefined;
}

/** A policy that may have one. */
export interface RateLimiterOfPolicy {
  /** Its rate limiter, shared or its own; undefined when it was made without one. */
  readonly rateLimiter: RateLimiter | undefined;
}

/** The rate limiter among the gates of a policy. */
export const rateLimiter: GatePart<RateLimiter> = {
  option: 'rateLimiter',
  noun: 'rate limiter',
  callRules,
  isInstance: isRateLimiter,
  make(where: string, options: RateLimiterOptions, scope) {
    return new RateLimiter(new ResolvedRateLimiter(where, options, scope));
  },
  scopeOf: ({ scope }) => scope,
  waits: ({ maxWaitMs }) => maxWaitMs > 0,
  isHeldTo,
  use: (handle, owner) => attach(handle, owner.clock, owner.policy),
};

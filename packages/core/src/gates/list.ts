import { bulkhead, type BulkheadCallOption, type BulkheadOfHealth, type BulkheadOfPolicy, type BulkheadOption } from './bulkhead/part.js';
import { circuitBreaker, type CircuitBreakerOfHealth, type CircuitBreakerOfPolicy, type CircuitBreakerOption } from './breaker/part.js';
import type { GatePart } from './GatePart.js';
import {
  rateLimiter,
  type RateLimiterCallOption,
  type RateLimiterOfHealth,
  type RateLimiterOfPolicy,
  type RateLimiterOption,
} from './ratelimiter/part.js';
import { throttle, type AdaptiveThrottleOfHealth, type AdaptiveThrottleOfPolicy, type AdaptiveThrottleOption } from './throttle/part.js';

/** Every gate that a policy may have, the outermost first. */
export const GATES: readonly GatePart[] = [bulkhead, throttle, rateLimiter, circuitBreaker];

/** The options of a policy that are gates. */
export interface GateOptions extends BulkheadOption, AdaptiveThrottleOption, RateLimiterOption, CircuitBreakerOption {}

/** The options of a call that its gates are asked by. */
export interface GateCallOptions extends BulkheadCallOption, RateLimiterCallOption {}

/** The gates of a policy, by option; undefined where it was made without. */
export interface PolicyGates extends BulkheadOfPolicy, AdaptiveThrottleOfPolicy, RateLimiterOfPolicy, CircuitBreakerOfPolicy {}

/** How the gates of a policy stand, by option; absent where it was made without. */
export interface GateHealths extends BulkheadOfHealth, AdaptiveThrottleOfHealth, RateLimiterOfHealth, CircuitBreakerOfHealth {}

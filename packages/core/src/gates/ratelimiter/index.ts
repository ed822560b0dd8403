export type { RateLimiterCallOption } from './callOptions.js';
export type { RateLimiterOptions } from './options.js';
export type { RateLimiterOfPolicy, RateLimiterOption } from './part.js';
export { RateLimitedError, type RateLimitedErrorOptions } from './RateLimitedError.js';
export { RateLimiter } from './RateLimiter.js';
export type { RateLimiterHealth, RateLimiterOfHealth } from './RateLimiterHealth.js';

export { AdaptiveThrottle } from './AdaptiveThrottle.js';
export type { AdaptiveThrottleOptions } from './options.js';
export type { AdaptiveThrottleOfPolicy, AdaptiveThrottleOption } from './part.js';
export { ThrottledError, type ThrottledErrorOptions } from './ThrottledError.js';
export type { AdaptiveThrottleHealth, AdaptiveThrottleOfHealth } from './AdaptiveThrottleHealth.js';

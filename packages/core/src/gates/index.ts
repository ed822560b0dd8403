// What the gates hand to users: a line for each.
export * from './breaker/index.js';
export * from './bulkhead/index.js';
export * from './ratelimiter/index.js';
export * from './throttle/index.js';
export type { GateCallOptions, GateHealths, GateOptions, PolicyGates } from './list.js';

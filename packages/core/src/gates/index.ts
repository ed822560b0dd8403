// What the gates hand to users: a line for each.
export * from './breaker/index.js';
export * from './bulkhead/index.js';
export type { GateHealths, GateOptions, PolicyGates } from './list.js';

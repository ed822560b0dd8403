// What replaces or repeats the function of a call, as users see it: a line for each.
export * from './cache/index.js';
export * from './fallback/index.js';
export * from './hedge/index.js';
export type { AroundCallOptions } from './options.js';
export type { AroundOptions, PolicyAroundHandles } from './policyOptions.js';

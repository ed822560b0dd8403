// What replaces or repeats the function of a call, as users see it: a line for each.
export * from './fallback/index.js';
export * from './hedge/index.js';
export type { AroundCallOptions, AroundOptions } from './options.js';

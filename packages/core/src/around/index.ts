// What replaces or repeats the function of a call, as users see it: a line for each.
export * from './hedge/index.js';
export type { AroundOptions } from './list.js';

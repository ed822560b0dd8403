export type { HedgeOption } from './part.js';
export type { HedgeOptions, HedgeQuantile } from './options.js';

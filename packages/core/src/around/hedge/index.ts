export type { HedgeOption, HedgeOptions, HedgeQuantile } from './options.js';

export type { FallbackCallOption, FallbackFor, FallbackOption, FallbackOptions } from './options.js';

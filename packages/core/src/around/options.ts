import type { CacheCallOption } from './cache/options.js';
import type { FallbackCallOption } from './fallback/options.js';

/** What a call may ask of what stands around it. */
export interface AroundCallOptions<F = unknown> extends CacheCallOption, FallbackCallOption<F> {}

import type { CacheOfPolicy, CacheOption } from './cache/CacheOption.js';
import type { FallbackOption } from './fallback/options.js';
import type { HedgeOption } from './hedge/options.js';

/** The options of a policy that replace or repeat its function. */
export interface AroundOptions<F = unknown> extends CacheOption, FallbackOption<F>, HedgeOption {}

/** What users hold of what stands around the calls of a policy, by option; undefined where it was made without. */
export interface PolicyAroundHandles extends CacheOfPolicy {}

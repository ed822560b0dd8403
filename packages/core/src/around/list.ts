import type { AroundPart } from './AroundPart.js';
import { cache, type CacheOfPolicy, type CacheOption } from './cache/part.js';
import type { FallbackOption } from './fallback/options.js';
import { fallback } from './fallback/part.js';
import type { HedgeOption } from './hedge/options.js';

/** Everything that may stand around a call and answer in the place of its function: the first is asked first. What was a good answer once goes before one that is made up. */
export const AROUND: readonly AroundPart[] = [cache, fallback];

/** The options of a policy that replace or repeat its function. */
export interface AroundOptions extends CacheOption, FallbackOption, HedgeOption {}

/** What users hold of what stands around the calls of a policy, by option; undefined where it was made without. */
export interface PolicyAroundHandles extends CacheOfPolicy {}

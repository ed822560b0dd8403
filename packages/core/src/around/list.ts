import type { AroundPart } from './AroundPart.js';
import { cache } from './cache/part.js';
import { fallback } from './fallback/part.js';

/** Everything that may stand around a call and answer in the place of its function: the first is asked first. What was a good answer once goes before one that is made up. */
export const AROUND: readonly AroundPart[] = [cache, fallback];

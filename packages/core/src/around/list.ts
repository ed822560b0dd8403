import type { AroundPart } from './AroundPart.js';
import { fallback } from './fallback/part.js';

/** Everything that may stand around a call and answer in the place of its function: the first is asked first. */
export const AROUND: readonly AroundPart[] = [fallback];

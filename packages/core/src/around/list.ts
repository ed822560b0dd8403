import type { HedgeOption } from './hedge/part.js';

/** The options of a policy that replace or repeat its function. */
export interface AroundOptions extends HedgeOption {}

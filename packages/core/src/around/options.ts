import type { FallbackCallOption, FallbackOption } from './fallback/options.js';
import type { HedgeOption } from './hedge/options.js';

/** The options of a policy that replace or repeat its function. */
export interface AroundOptions<F = unknown> extends FallbackOption<F>, HedgeOption {}

/** What a call may ask of them. */
export interface AroundCallOptions<F = unknown> extends FallbackCallOption<F> {}

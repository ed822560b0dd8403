import type { Rule, Rules } from '../../model/rules.js';

/** What a call may ask of a rate limiter. */
export interface RateLimiterCallOption {
  /** Permits that it takes of a rate limiter: of one by attempt, each attempt anew. Default 1; finite, above 0. More than the `burst` can never pass. */
  readonly cost?: number | undefined;
}

const positive: Rule = {
  must: 'a finite number above 0',
  holds: (value) => typeof value === 'number' && Number.isFinite(value) && value > 0,
};

export const callRules: Rules = { cost: positive };

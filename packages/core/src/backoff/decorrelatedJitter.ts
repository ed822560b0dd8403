import { chance } from './chance.js';
import type { Backoff } from '../model/Backoff.js';
import { type GrowthOptions, growthOf } from './growth.js';

/**
 * Uniform between `baseMs` and three times the delay before, at most `maxMs`: the default. It grows like an exponential backoff, but by
 * chance, so that callers which failed together soon stop retrying together.
 *
 * Source: Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015 ("decorrelated jitter"). There the limit is applied
 * to the delay drawn, which sends two in three of those who reached it back at exactly `maxMs`; here it is applied to the range drawn from,
 * so that they stay spread.
 *
 * @throws TypeError for a wrong option; it names the option, the value and the rule.
 */
export function decorrelatedJitter(options: GrowthOptions = {}): Backoff {
  const { baseMs, maxMs } = growthOf('decorrelatedJitter', options);
  return ({ previousDelayMs = baseMs, random }) => {
    // A delay before may be shorter than the base or longer than the limit: another class's backoff, or a Retry-After.
    const upToMs = Math.min(maxMs, Math.max(baseMs, previousDelayMs * 3));
    return baseMs + chance(random) * (upToMs - baseMs);
  };
}

import { chance } from './chance.js';
import type { Backoff } from '../model/Backoff.js';
import { type GrowthOptions, growthOf, grown } from './growth.js';

/**
 * Anything up to a limit that doubles from `baseMs` to `maxMs`: the widest spread and the shortest waits. Never 0, unless `baseMs` is.
 *
 * Source: Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015 ("full jitter").
 *
 * @throws TypeError for a wrong option; it names the option, the value and the rule.
 */
export function fullJitter(options: GrowthOptions = {}): Backoff {
  const { baseMs, maxMs } = growthOf('fullJitter', options);
  return ({ attempt, random }) => grown(baseMs, maxMs, 2, attempt) * (1 - chance(random));
}

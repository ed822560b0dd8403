import { chance } from './chance.js';
import type { Backoff } from '../model/Backoff.js';
import { type GrowthOptions, growthOf, grown } from './growth.js';

/**
 * Doubles from `baseMs` to `maxMs`; one half of it is waited for sure, the other by chance.
 *
 * Source: Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015 ("equal jitter").
 *
 * @throws TypeError for a wrong option; it names the option, the value and the rule.
 */
export function equalJitter(options: GrowthOptions = {}): Backoff {
  const { baseMs, maxMs } = growthOf('equalJitter', options);
  return ({ attempt, random }) => (grown(baseMs, maxMs, 2, attempt) / 2) * (1 + chance(random));
}

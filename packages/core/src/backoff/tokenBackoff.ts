import { chance } from './chance.js';
import type { Backoff } from '../model/Backoff.js';
import { type GrowthOptions, growthOf, grown } from './growth.js';

/** Grows by half instead of doubling: tokens come back at a steady rate, and waiting ever longer for the next one only leaves it lying. */
const FACTOR = 1.5;

/**
 * For services that meter by tokens or credits: grows by half from `baseMs` (default 250) to `maxMs` (default 20_000), and waits between a
 * half and the whole of it.
 *
 * Source: `token_backoff` of the Python library redress (github.com/aponysus/redress), there from 1.5 × the base.
 *
 * @throws TypeError for a wrong option; it names the option, the value and the rule.
 */
export function tokenBackoff(options: GrowthOptions = {}): Backoff {
  const { baseMs, maxMs } = growthOf('tokenBackoff', options, 20_000);
  return ({ attempt, random }) => (grown(baseMs, maxMs, FACTOR, attempt) / 2) * (1 + chance(random));
}

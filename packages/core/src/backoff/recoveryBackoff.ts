import { chance } from './chance.js';
import type { Backoff } from '../model/Backoff.js';

const JITTER = 0.2;

/**
 * How long a circuit stays open: `recoveryMs` the first time and twice as long each time after that, give or take 20 % so that the
 * circuits of many processes do not probe at the same moment. It doubles once: what has come back is to be found soon, however long it
 * was gone, and one probe every ten seconds harms nobody.
 */
export function recoveryBackoff(recoveryMs: number): Backoff {
  return ({ attempt, random }) => {
    const openMs = recoveryMs * (attempt > 1 ? 2 : 1) * (1 - JITTER + 2 * JITTER * chance(random));
    // What overflows is as long as there is, not no time at all.
    return Math.min(openMs, Number.MAX_VALUE);
  };
}

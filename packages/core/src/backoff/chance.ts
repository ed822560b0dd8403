import { isStrayPromise } from '../model/strayPromise.js';

/**
 * Chance as a number from 0 to 1, whatever the user's own gives: a half for anything else, and for one that throws. A NaN would make every
 * wait no wait at all.
 */
export function chance(random: () => number): number {
  try {
    const drawn: unknown = random();
    if (typeof drawn === 'number' && drawn >= 0 && drawn <= 1) return drawn;
    isStrayPromise(drawn);
  } catch {
    // As for what is no chance.
  }
  return 0.5;
}

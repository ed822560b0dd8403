import { chance } from './chance.js';
import type { BackoffContext } from '../model/Backoff.js';

const SHARE = 0.2;
const LEAST_MS = 250;
const MOST_MS = 30_000;

/** By this a backoff says what it made of a wait that it spread by itself; a symbol that two copies of core share. */
const SPREAD = Symbol.for('redress.backoff.spread');

/** Notes on what a backoff was given that it spread the wait by itself, to this; so it is known of one that stands inside of another, too. */
export function spreadByItself(context: BackoffContext, delayMs: number): number {
  Reflect.defineProperty(context, SPREAD, { value: delayMs, configurable: true });
  return delayMs;
}

/** Whether a delay is what a backoff made of the wait by itself, and what stands around it handed on. */
export function isSpread(context: BackoffContext, delayMs: number): boolean {
  return Reflect.get(context, SPREAD) === delayMs;
}

/**
 * A wait that the other side asked for, spread upwards: by up to a fifth of it, at least 250 ms and at most 30 s, so that all whom it
 * turned away do not come back at once. Where little time is left after the wait, the range is made smaller before chance is asked: what
 * is cut afterwards heaps up at the end. A wait that does not fit is spread as if it did: whoever defers it comes back like the others.
 */
export function spread(waitMs: number, remainingMs: number, random: () => number): number {
  const rangeMs = Math.min(Math.max(SHARE * waitMs, LEAST_MS), MOST_MS);
  const leftMs = remainingMs - waitMs;
  return waitMs + (leftMs > 0 ? Math.min(rangeMs, leftMs / 2) : rangeMs) * chance(random);
}

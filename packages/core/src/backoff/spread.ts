import type { Backoff } from '../model/Backoff.js';

const SHARE = 0.2;
const LEAST_MS = 250;
const MOST_MS = 30_000;

/** By this a backoff says that it spreads by itself what the other side asked for; a symbol that two copies of core share. */
const SPREADS = Symbol.for('redress.backoff.spreads');

/** Marks a backoff that spreads by itself the wait that the other side asked for. */
export function spreading(backoff: Backoff): Backoff {
  return Object.defineProperty(backoff, SPREADS, { value: true });
}

/** Whether a backoff spreads by itself the wait that the other side asked for. */
export function spreadsItself(backoff: Backoff): boolean {
  return SPREADS in backoff;
}

/**
 * A wait that the other side asked for, spread upwards: by up to a fifth of it, at least 250 ms and at most 30 s, so that all whom it
 * turned away do not come back at once. Where little time is left after the wait, the range is made smaller before chance is asked: what
 * is cut afterwards heaps up at the end. A wait that does not fit is spread as if it did: whoever defers it comes back like the others.
 */
export function spread(waitMs: number, remainingMs: number, random: () => number): number {
  const rangeMs = Math.min(Math.max(SHARE * waitMs, LEAST_MS), MOST_MS);
  const leftMs = remainingMs - waitMs;
  return waitMs + (leftMs > 0 ? Math.min(rangeMs, leftMs / 2) : rangeMs) * random();
}

import type { Backoff } from '../model/Backoff.js';

const MAX_MS = 60_000;
const JITTER = 0.2;

/**
 * How long a circuit stays open: `recoveryMs` the first time, doubling with each failed probe to a minute (or to `recoveryMs` when
 * that is longer), each give or take 20 % so that the circuits of many processes do not probe at the same moment. The jitter comes
 * after the limit, as at the limit it is needed most; so one opening lasts at most 1.2 times the limit.
 *
 * Doubling: Ethernet's truncated binary exponential backoff (Metcalfe and Boggs 1976; IEEE 802.3).
 */
export function recoveryBackoff(recoveryMs: number): Backoff {
  const maxMs = Math.max(MAX_MS, recoveryMs);
  return ({ attempt, random }) => {
    const meanMs = Math.min(recoveryMs * 2 ** (attempt - 1), maxMs);
    // Without end would be no number of milliseconds.
    return Math.min(meanMs * (1 - JITTER + 2 * JITTER * random()), Number.MAX_VALUE);
  };
}

import type { Backoff, BackoffContext } from '../model/Backoff.js';
import { isStrayPromise } from '../model/strayPromise.js';
import { decorrelatedJitter } from './decorrelatedJitter.js';

/** What serves where a backoff gives no number. */
const usual: Backoff = /* @__PURE__ */ decorrelatedJitter();

/**
 * What a backoff asks for, in milliseconds: 0 for less than that, and the largest number for a wait without end. It cannot break a call: one that
 * throws is told and counts as 0; for one that gives NaN, a promise or no number at all, which is told too, `instead` serves, the default one.
 */
export function delayOf(backoff: Backoff, context: BackoffContext, onError: BackoffReport, instead = usual): number {
  let delayMs: unknown;
  try {
    delayMs = backoff(context);
  } catch (error) {
    onError(error, true);
    return 0;
  }
  if (typeof delayMs === 'number' && !Number.isNaN(delayMs)) return delayMs > 0 ? Math.min(delayMs, Number.MAX_VALUE) : 0;
  const got = isStrayPromise(delayMs, (error) => onError(error, false)) ? 'a promise' : Number.isNaN(delayMs) ? 'NaN' : typeof delayMs;
  onError(new TypeError(`a backoff must give a number of milliseconds; got ${got}`), false);
  return instead(context);
}

/** Told what is wrong with a backoff: what it threw, or else that it gave no delay. */
export type BackoffReport = (error: unknown, threw: boolean) => void;

/** The wait that the other side asked for; 0 for NaN, infinite and negative ones. */
export function sane(delayMs: number): number {
  return delayMs > 0 && delayMs < Infinity ? delayMs : 0;
}

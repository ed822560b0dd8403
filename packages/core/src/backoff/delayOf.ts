import type { Backoff, BackoffContext } from '../model/Backoff.js';

/** What a backoff asks for, in milliseconds; one that throws is told and counts as 0, so that it cannot break a call. */
export function delayOf(backoff: Backoff, context: BackoffContext, onError: (error: unknown) => void): number {
  try {
    return sane(backoff(context));
  } catch (error) {
    onError(error);
    return 0;
  }
}

/** The delay, or 0 for NaN, infinite and negative ones. */
export function sane(delayMs: number): number {
  return delayMs > 0 && delayMs < Infinity ? delayMs : 0;
}

import { type BackoffReport, delayOf } from '../../backoff/delayOf.js';
import { recoveryBackoff } from '../../backoff/recoveryBackoff.js';
import type { Backoff, BackoffContext } from '../../model/Backoff.js';

/** Milliseconds open before the first probe, when nothing else is said. */
export const RECOVERY_MS = 5_000;

/** Milliseconds beyond what a function says for which a wait may keep a circuit open. */
const BEYOND_MS = 60_000;

/** For a `recoveryMs` of so many milliseconds: a wait keeps the circuit open no longer than twice that. */
export const waitUnderNumber = (recoveryMs: number) => (): number => finite(recoveryMs * 2);

/** For a `recoveryMs` that is a function. */
export const waitUnderFunction = (openMs: number): number => finite(openMs + BEYOND_MS);

/** What serves where a recovery gives no number: a circuit that opened for no time at all would protect nothing. */
const usual = /* @__PURE__ */ recoveryBackoff(RECOVERY_MS);

/**
 * Milliseconds that a backoff says a circuit is to stay open. What throws or gives less than 0 counts as 0; for what gives NaN, a promise or
 * no number at all the default serves. `onError` is told of both. What overflows is the maximum.
 */
export function openTime(backoff: Backoff, context: BackoffContext, onError: BackoffReport): number {
  return delayOf(backoff, context, onError, usual);
}

function finite(delayMs: number): number {
  return Math.min(delayMs, Number.MAX_VALUE);
}

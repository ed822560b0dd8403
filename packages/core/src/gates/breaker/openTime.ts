import type { Backoff, BackoffContext } from '../../model/Backoff.js';

/** Milliseconds beyond what a function says for which a wait may keep a circuit open. */
const BEYOND_MS = 60_000;

/** For a `recoveryMs` of so many milliseconds: a wait keeps the circuit open no longer than twice that. */
export const waitUnderNumber = (recoveryMs: number) => (): number => finite(recoveryMs * 2);

/** For a `recoveryMs` that is a function. */
export const waitUnderFunction = (openMs: number): number => finite(openMs + BEYOND_MS);

/**
 * Milliseconds that a backoff says a circuit is to stay open. What throws, gives no number, NaN or less than 0 counts as 0; `onError` is
 * told of what throws and of what is no number, such as a promise. What overflows is the maximum.
 */
export function openTime(backoff: Backoff, context: BackoffContext, onError: (error: unknown) => void): number {
  try {
    const openMs: unknown = backoff(context);
    if (typeof openMs === 'number') return openMs > 0 ? finite(openMs) : 0;
    letGo(openMs);
    throw new TypeError(`recoveryMs must give a number; got ${openMs === null ? 'null' : typeof openMs}`);
  } catch (error) {
    onError(error);
    return 0;
  }
}

/** Nobody waits for a promise, whose rejection must not go unhandled. */
function letGo(value: unknown): void {
  if (typeof value !== 'object' || value === null || !('then' in value) || typeof value.then !== 'function') return;
  const quiet = (): void => undefined;
  value.then(quiet, quiet);
}

function finite(delayMs: number): number {
  return Math.min(delayMs, Number.MAX_VALUE);
}

import type { Backoff } from '../model/Backoff.js';

/** A backoff of 0 ms: for tests that are not about time. */
export function instant(): Backoff {
  return () => 0;
}

/**
 * A backoff without jitter: the first delay after the first attempt, the second after the second; the last one goes on.
 *
 * ```ts
 * policy('inventory', { clock, retry: { maxAttempts: 4, backoff: fixed(100, 200) } }); // waits 100, 200, 200 ms
 * ```
 *
 * @param delaysMs - at least one, each finite and 0 or more; throws a RangeError otherwise.
 */
export function fixed(...delaysMs: readonly [number, ...number[]]): Backoff {
  const wrong = delaysMs.find((delayMs) => !(delayMs >= 0 && delayMs < Infinity));
  const last = delaysMs.at(-1);
  if (wrong !== undefined) throw new RangeError(`a delay must be a finite number of milliseconds from 0 up, not ${wrong}`);
  if (last === undefined) throw new RangeError('fixed needs at least one delay');
  return ({ attempt }) => delaysMs[attempt - 1] ?? last;
}

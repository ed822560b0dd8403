import type { Classification } from '../model/Classification.js';
import type { ErrorClass } from '../model/ErrorClass.js';

/** A verdict with what it asks for, where that is something. */
export function classification(errorClass: ErrorClass, retryAfterMs?: unknown, retryable?: boolean): Classification {
  // A circuit that is forced open says Infinity: nothing to wait for.
  const asked = typeof retryAfterMs === 'number' && retryAfterMs >= 0 && retryAfterMs < Infinity;
  return { errorClass, ...(asked ? { retryAfterMs } : undefined), ...(retryable === false ? { retryable: false as const } : undefined) };
}

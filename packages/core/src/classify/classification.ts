import type { Classification } from '../model/Classification.js';
import { ErrorClass } from '../model/ErrorClass.js';

/** By class, what asks for nothing: most failures do, and share it. */
const PLAIN = /* @__PURE__ */ Object.fromEntries(
  /* @__PURE__ */ Object.values(ErrorClass).map((errorClass) => [errorClass, Object.freeze({ errorClass })]),
) as Readonly<Record<ErrorClass, Classification>>;

/** A verdict with what it asks for, where that is something. */
export function classification(errorClass: ErrorClass, retryAfterMs?: unknown, retryable?: boolean): Classification {
  // A circuit that is forced open says Infinity: nothing to wait for.
  const asked = typeof retryAfterMs === 'number' && retryAfterMs >= 0 && retryAfterMs < Infinity;
  if (!asked && retryable !== false) return PLAIN[errorClass];
  return { errorClass, ...(asked ? { retryAfterMs } : undefined), ...(retryable === false ? { retryable: false as const } : undefined) };
}

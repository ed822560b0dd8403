/** Below a nanosecond it is no time, but what differences of doubles leave: 200.00000000000003 ms are 200. */
const ROUNDING_MS = 1e-6;

/** Whole milliseconds, none of them too few. */
export function wholeMsUp(ms: number): number {
  return Math.max(0, Math.ceil(ms - ROUNDING_MS));
}

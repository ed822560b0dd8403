/** What `setTimeout` may be asked for; more counts as 1 ms there, so longer waits are made of several. One less than 2^31 - 1: see systemClock. */
export const LONGEST_TIMER_MS = 2 ** 31 - 2;

/** A timer that knows whether the process stays alive for it, as Node's do. */
export interface Refable {
  ref(): unknown;
  unref(): unknown;
}

function isRefable(handle: unknown): handle is Refable {
  return (
    typeof handle === 'object' &&
    handle !== null &&
    'ref' in handle &&
    typeof handle.ref === 'function' &&
    'unref' in handle &&
    typeof handle.unref === 'function'
  );
}

/** The handle as one that has `ref` and `unref`; undefined when it knows no such thing. */
export function refableOf(handle: unknown): Refable | undefined {
  return isRefable(handle) ? handle : undefined;
}

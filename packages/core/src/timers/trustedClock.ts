import type { Clock } from '../model/Clock.js';
import { isStrayPromise } from '../model/strayPromise.js';

let tell: (what: string, error: unknown) => void = () => {};

/** Who is told what a clock did that a clock must not; once for each clock. */
export function tellOfClocks(told: (what: string, error: unknown) => void): void {
  tell = told;
}

/**
 * A user's clock that can be relied on: a time that is no number, or that throws, is the last one it gave, so that no deadline is lost; a
 * timer that it does not start is one of the platform's.
 */
export function trustedClock(clock: Clock): Clock {
  let lastMs = 0;
  let told = false;
  const warn = (what: string, error?: unknown): void => {
    if (!told) tell(what, error);
    told = true;
  };
  const own = new Set<unknown>();
  return {
    now: () => {
      try {
        const nowMs: unknown = clock.now();
        if (typeof nowMs === 'number' && Number.isFinite(nowMs)) lastMs = nowMs;
        else {
          isStrayPromise(nowMs);
          warn(
            `a clock's now gave ${typeof nowMs === 'number' ? nowMs : typeof nowMs} where milliseconds were expected; its last time counts`,
          );
        }
      } catch (error) {
        warn("a clock's now threw; its last time counts", error);
      }
      return lastMs;
    },
    setTimeout: (callback, delayMs) => {
      try {
        return clock.setTimeout(callback, delayMs);
      } catch (error) {
        warn("a clock's setTimeout threw; the platform's serves", error);
        const handle = setTimeout(callback, delayMs);
        own.add(handle);
        return handle;
      }
    },
    clearTimeout: (handle) => {
      if (own.delete(handle)) return clearTimeout(handle as ReturnType<typeof setTimeout>);
      try {
        clock.clearTimeout(handle);
      } catch (error) {
        warn("a clock's clearTimeout threw", error);
      }
    },
  };
}

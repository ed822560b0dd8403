import type { Clock } from '../model/Clock.js';
import { wholeMsUp } from '../model/wholeMsUp.js';
import { areFaked, currentTimers, timeOf, type GlobalTimers } from './globalTimers.js';

/** Deno's timers are numbers outside its Node modules; ref and unref are functions beside them. */
interface NumberedTimers {
  refTimer(id: number): void;
  unrefTimer(id: number): void;
}

class NumberedTimer {
  constructor(
    readonly id: number,
    private readonly runtime: NumberedTimers,
  ) {}

  ref(): void {
    this.runtime.refTimer(this.id);
  }

  unref(): void {
    this.runtime.unrefTimer(this.id);
  }
}

function numberedTimers(): NumberedTimers | undefined {
  const runtime: unknown = Reflect.get(globalThis, 'Deno');
  return isNumberedTimers(runtime) ? runtime : undefined;
}

function isNumberedTimers(runtime: unknown): runtime is NumberedTimers {
  return typeof runtime === 'object' && runtime !== null && 'refTimer' in runtime && 'unrefTimer' in runtime;
}

/** A clock that tells what it reads, and what it adds to that. */
export interface SystemClock extends Clock {
  readonly time: { now(): number };
  readonly offsetMs: number;
}

/**
 * A clock on timers as they were when it was made. Its time goes on from `startMs`, or from what the time source says:
 * whoever measures across a change of timers shall not see the time jump back.
 */
export function clockOf(timers: GlobalTimers, startMs?: number): SystemClock {
  const faked = areFaked(timers);
  const time = faked ? forwards(timeOf(timers)) : timeOf(timers);
  const offsetMs = startMs === undefined ? 0 : startMs - time.now();
  // Timers count whole milliseconds and begin on one, so a real one may be up to 1 ms early by performance.now: it never shall be.
  const earlyMs = faked ? 0 : 1;
  const numbered = numberedTimers();
  return {
    time,
    offsetMs,
    now: () => time.now() + offsetMs,
    setTimeout: (callback, delayMs) => {
      // Called off their object: a faked setTimeout looks at `this`, a browser's refuses a strange one.
      const { setTimeout } = timers;
      const handle: unknown = setTimeout(callback, wholeMsUp(delayMs) + earlyMs);
      return typeof handle === 'number' && numbered !== undefined ? new NumberedTimer(handle, numbered) : handle;
    },
    clearTimeout: (handle) => {
      const { clearTimeout } = timers;
      if (handle instanceof NumberedTimer) clearTimeout(handle.id);
      else if (isHandle(handle)) clearTimeout(handle);
    },
  };
}

/** A time source that stays where it was when somebody sets it back, as node:test does with its `Date` when it is done. */
function forwards(time: { now(): number }): { now(): number } {
  let last = time.now();
  let setBackMs = 0;
  return {
    now: () => {
      const now = time.now();
      if (now < last) setBackMs += last - now;
      last = now;
      return now + setBackMs;
    },
  };
}

function isHandle(handle: unknown): handle is ReturnType<typeof globalThis.setTimeout> {
  return handle !== undefined && handle !== null;
}

/** The clock of a policy that names none: `performance.now`, `setTimeout` and `clearTimeout` of `globalThis`, read when called. */
export const systemClock: Clock = {
  now: () => timeOf(currentTimers()).now(),
  setTimeout: (callback, delayMs) => clockOf(currentTimers()).setTimeout(callback, delayMs),
  clearTimeout: (handle) => clockOf(currentTimers()).clearTimeout(handle),
};

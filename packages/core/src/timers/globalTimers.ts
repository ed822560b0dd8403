/** The timer functions and time sources of the runtime, as they are at this moment. */
export interface GlobalTimers {
  readonly setTimeout: typeof globalThis.setTimeout;
  readonly clearTimeout: typeof globalThis.clearTimeout;
  readonly performance: { now(): number };
  readonly Date: { now(): number };
}

/** Reads them all; fake timers put their own in place and take them away again. */
export function currentTimers(): GlobalTimers {
  const { setTimeout, clearTimeout, performance, Date } = globalThis;
  return { setTimeout, clearTimeout, performance, Date };
}

/** What was there when core was loaded. */
export const timersAtLoad = currentTimers();

/** The mark of a fake `setTimeout`: Jest, Vitest and Sinon leave a `clock` on it, node:test binds it. */
function isMarked({ setTimeout }: GlobalTimers): boolean {
  return 'clock' in setTimeout || setTimeout.name.startsWith('bound ');
}

/** Whether somebody may move the time by hand: `setTimeout` bears the mark of a fake, or is not the real one core was loaded with. */
export function areFaked(timers: GlobalTimers): boolean {
  return isMarked(timers) || (timers.setTimeout !== timersAtLoad.setTimeout && !isMarked(timersAtLoad));
}

/** The time that goes with the timers: node:test mocks `Date` but not `performance`. */
export function timeOf(timers: GlobalTimers): { now(): number } {
  const dateIsMocked = timers.Date !== timersAtLoad.Date || 'isMock' in timers.Date;
  return dateIsMocked && timers.performance === timersAtLoad.performance ? timers.Date : timers.performance;
}

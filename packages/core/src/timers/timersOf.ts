import type { Clock } from '../model/Clock.js';
import { areFaked, currentTimers, timersAtLoad, type GlobalTimers } from './globalTimers.js';
import type { AfterTurn } from './FreshItems.js';
import { OwnTimers } from './OwnTimers.js';
import { clockOf, systemClock } from './systemClock.js';
import { TimerQueue } from './TimerQueue.js';
import { trustedClock } from './trustedClock.js';

const queues = new WeakMap<Clock, TimerQueue>();

const afterTurn = afterTurnOf();

let current: GlobalTimers = timersAtLoad;
let currentAreFaked = areFaked(current);
let system = systemQueue(current, undefined);

/**
 * The queue of a clock, the same one each time; without a clock the system's.
 *
 * When fake timers take the place of `setTimeout` or give it back, a new system queue takes over for what is started from then on:
 * hold on to a queue for as long as what was started in it, and ask again for the next call. System time goes on over such a change.
 */
export function timersOf(clock: Clock | undefined): TimerQueue {
  if (clock === undefined || clock === systemClock) {
    return globalThis.setTimeout === current.setTimeout && !currentAreFaked ? system : checkedSystemQueue();
  }
  let queue = queues.get(clock);
  if (queue === undefined) {
    queue = new TimerQueue(trustedClock(clock));
    queues.set(clock, queue);
  }
  return queue;
}

function checkedSystemQueue(): TimerQueue {
  const timers = currentTimers();
  const { setTimeout, performance, Date } = timers;
  if (setTimeout !== current.setTimeout || performance !== current.performance || Date !== current.Date) {
    const nowMs = system.now();
    current = timers;
    currentAreFaked = areFaked(timers);
    system = systemQueue(timers, nowMs);
  }
  return system;
}

function systemQueue(timers: GlobalTimers, startMs: number | undefined): TimerQueue {
  const clock = clockOf(timers, startMs);
  if (areFaked(timers)) return new OwnTimers(clock);
  return new TimerQueue(clock, { whenEmpty: 'leave', afterTurn, time: clock.time, offsetMs: clock.offsetMs });
}

interface Ticks {
  readonly nextTick?: (run: () => void) => void;
}

/** After the microtasks of this turn, when it is asked for in one of them; before them otherwise. As it was when core was loaded. */
function afterTurnOf(): AfterTurn | undefined {
  const ticks: Ticks | undefined = Reflect.get(globalThis, 'process');
  const nextTick = ticks?.nextTick;
  return nextTick === undefined ? undefined : (run) => Reflect.apply(nextTick, ticks, [run]);
}

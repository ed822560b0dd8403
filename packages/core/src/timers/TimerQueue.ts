import type { Clock } from '../model/Clock.js';
import { DurationList } from './DurationList.js';
import { type AfterTurn, type Fresh, FreshItems } from './FreshItems.js';
import { outsideOfCalls } from './outsideOfCalls.js';
import { ProcessHold } from './ProcessHold.js';
import { LONGEST_TIMER_MS } from './realTimer.js';
import { isEarlier, type Timed } from './Timed.js';
import { TimedHeap } from './TimedHeap.js';

/** Durations that get a list of their own at one time; the timeouts of a program are few, and the rest goes to the heap. */
const MOST_LISTS = 16;

export interface TimerQueueOptions {
  /**
   * What becomes of the real timer when the last item is stopped. `leave` (unref'd, a moment later) saves a call that ends in time the
   * 400 ns of `clearTimeout` and `setTimeout`; `clear` leaves nothing behind, which is what somebody who watches his own clock expects.
   */
  readonly whenEmpty: 'leave' | 'clear';
  /** Told what an `onTime` threw. By default it becomes an uncaught exception, as from a plain timer; the other items go off either way. */
  readonly report?: ((error: unknown) => void) | undefined;
  /** What the clock reads, and what it adds to it; by default the clock itself. */
  readonly time?: { now(): number } | undefined;
  readonly offsetMs?: number | undefined;
  /** How to wait for the end of a turn; without it everything is started at once. */
  readonly afterTurn?: AfterTurn | undefined;
}

/**
 * Deadlines with one real timer for all of them.
 *
 * Timeouts of equal length end in the order they began: so there is one list per duration, and a heap for what is left. The real timer
 * stands for the earliest of all. It is not moved when its item is stopped: when it goes off too early it is armed again.
 *
 * An item never goes off before its delay has passed by the clock; what is due at one time goes off in the order of start.
 */
export class TimerQueue {
  private readonly clock: Clock;
  private readonly leavesTimer: boolean;
  private readonly report: (error: unknown) => void;
  private readonly lists: DurationList[] = [];
  /** The list asked for last: a program has few timeouts, and often the same one again. */
  private recent: DurationList | undefined = undefined;
  private readonly heap = new TimedHeap();
  private readonly onTimer = (): void => this.fire();
  private started = 0;
  private readonly hold = new ProcessHold();
  private starts = 0;
  private timer: unknown = undefined;
  /** When the real timer goes off; Infinity without one, -Infinity while items go off, for nothing need be armed then. */
  private armedForMs = Infinity;
  private readonly fresh: FreshItems | undefined;
  /** Read here and not through the clock, so that V8 can inline a call's two readings. */
  private readonly time: { now(): number };
  private readonly offsetMs: number;

  constructor(clock: Clock, options: TimerQueueOptions = { whenEmpty: 'clear' }) {
    this.clock = clock;
    this.time = options.time ?? clock;
    this.offsetMs = options.offsetMs ?? 0;
    this.fresh = options.afterTurn && new FreshItems(options.afterTurn);
    this.leavesTimer = options.whenEmpty === 'leave';
    this.report = options.report ?? throwLater;
  }

  /** Items started and not over. */
  get size(): number {
    return this.started;
  }

  /** Milliseconds on the clock. */
  now(): number {
    return this.time.now() + this.offsetMs;
  }

  /** Starts an item when this turn of the event loop is over, if it still waits then. */
  startLater(item: Fresh): void {
    if (this.fresh === undefined) item.startFresh();
    else this.fresh.add(item);
  }

  /**
   * Starts an item, or starts it again. `nowMs` is the clock's time as the caller read it; `delayMs` below 0 or NaN counts as 0,
   * and Infinity never ends. `keepsAlive`: the process stays alive for it.
   */
  start(item: Timed, nowMs: number, delayMs: number, keepsAlive: boolean): void {
    if (isStarted(item)) this.stop(item);
    if (delayMs === Infinity) return;
    const list = this.listOf(delayMs);
    this.prepare(item, nowMs, delayMs, keepsAlive);
    if (list === undefined) this.heap.add(item);
    else list.add(item);
    if (item.dueMs < this.armedForMs) this.arm(item.dueMs, this.clock.now());
  }

  /** `start` for a duration that is not expected again, such as a jittered sleep. */
  startOnce(item: Timed, nowMs: number, delayMs: number, keepsAlive: boolean): void {
    this.stop(item);
    if (delayMs === Infinity) return;
    this.prepare(item, nowMs, delayMs, keepsAlive);
    this.heap.add(item);
    if (item.dueMs < this.armedForMs) this.arm(item.dueMs, this.clock.now());
  }

  /** Stops an item of this queue; harmless when it was not started or is over. */
  stop(item: Timed): void {
    if (!isStarted(item)) return;
    this.takeOut(item);
    if (!this.leavesTimer && this.started === 0 && this.armedForMs !== -Infinity) this.disarm();
  }

  private prepare(item: Timed, nowMs: number, delayMs: number, keepsAlive: boolean): void {
    item.dueMs = delayMs > 0 ? nowMs + delayMs : nowMs;
    item.startOrder = this.starts++;
    item.keepsAlive = keepsAlive;
    this.started++;
    if (keepsAlive) this.hold.take();
  }

  private takeOut(item: Timed): void {
    if (item.timedIn === undefined) this.heap.remove(item);
    else item.timedIn.remove(item);
    this.started--;
    if (item.keepsAlive) this.hold.giveBack();
  }

  /** The list of a duration; an empty one of another duration is taken over before there are too many. */
  private listOf(delayMs: number): DurationList | undefined {
    if (this.recent?.delayMs === delayMs) return this.recent;
    return (this.recent = this.findList(delayMs));
  }

  private findList(delayMs: number): DurationList | undefined {
    let empty: DurationList | undefined;
    for (const list of this.lists) {
      if (list.delayMs === delayMs) return list;
      if (list.head === undefined) empty = list;
    }
    if (this.lists.length < MOST_LISTS) {
      const list = new DurationList(delayMs);
      this.lists.push(list);
      return list;
    }
    if (empty !== undefined) empty.delayMs = delayMs;
    return empty;
  }

  private earliest(): Timed | undefined {
    let first = this.heap.head;
    for (const { head } of this.lists) {
      if (head !== undefined && (first === undefined || isEarlier(head, first))) first = head;
    }
    return first;
  }

  private arm(dueMs: number, nowMs: number): void {
    if (this.timer !== undefined) this.clock.clearTimeout(this.timer);
    const delayMs = Math.min(Math.max(dueMs - nowMs, 0), LONGEST_TIMER_MS);
    this.armedForMs = Math.min(dueMs, nowMs + LONGEST_TIMER_MS);
    this.timer = outsideOfCalls(this.startTimer, delayMs);
    this.hold.moveTo(this.timer);
  }

  private readonly startTimer = (delayMs: number): unknown => this.clock.setTimeout(this.onTimer, delayMs);

  private disarm(): void {
    if (this.timer !== undefined) this.clock.clearTimeout(this.timer);
    this.timer = undefined;
    this.hold.moveTo(undefined);
    this.armedForMs = Infinity;
  }

  private fire(): void {
    // A timer that goes off is trusted: a mocked `setTimeout` may run far ahead of a clock that nobody mocked.
    const untilMs = Math.max(this.clock.now(), this.armedForMs);
    // What an onTime starts waits for the next turn, as it would with timers of its own: a 0 ms loop must not hold up the rest.
    const firstNew = this.starts;
    this.timer = undefined;
    this.hold.moveTo(undefined);
    this.armedForMs = -Infinity;
    try {
      for (let item = this.earliest(); item !== undefined; item = this.earliest()) {
        if (item.dueMs > untilMs || item.startOrder >= firstNew) break;
        this.takeOut(item);
        this.runOnTime(item);
      }
    } finally {
      this.armedForMs = Infinity;
      const next = this.earliest();
      if (next !== undefined) this.arm(next.dueMs, Math.max(this.clock.now(), untilMs));
    }
  }

  private runOnTime(item: Timed): void {
    try {
      item.onTime();
    } catch (error) {
      this.report(error);
    }
  }
}

function isStarted(item: Timed): boolean {
  return item.timedIn !== undefined || item.heapIndex >= 0;
}

function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

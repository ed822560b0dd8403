import type { Clock } from '../model/Clock.js';
import { LONGEST_TIMER_MS, refableOf } from './realTimer.js';
import type { Timed } from './Timed.js';
import { TimerQueue } from './TimerQueue.js';

/**
 * A queue in which every item has a real timer of its own: for faked timers, where speed is nothing and where whoever moves the time
 * counts timers, sees each of them, and may have mocked `setTimeout` without the clock.
 */
export class OwnTimers extends TimerQueue {
  private readonly timers = new Map<Timed, unknown>();

  constructor(private readonly timersClock: Clock) {
    super(timersClock);
  }

  override get size(): number {
    return this.timers.size;
  }

  override start(item: Timed, nowMs: number, delayMs: number, keepsAlive: boolean): void {
    this.stop(item);
    if (delayMs === Infinity) return;
    item.keepsAlive = keepsAlive;
    item.dueMs = nowMs + delayMs;
    this.wait(item, delayMs > 0 ? delayMs : 0);
  }

  override startOnce(item: Timed, nowMs: number, delayMs: number, keepsAlive: boolean): void {
    this.start(item, nowMs, delayMs, keepsAlive);
  }

  override stop(item: Timed): void {
    if (!this.timers.has(item)) return;
    this.timersClock.clearTimeout(this.timers.get(item));
    this.timers.delete(item);
  }

  private wait(item: Timed, delayMs: number): void {
    const stepMs = Math.min(delayMs, LONGEST_TIMER_MS);
    const timer = this.timersClock.setTimeout(() => {
      this.timers.delete(item);
      if (delayMs <= stepMs) {
        item.onTime();
        return;
      }
      // The clock knows better what is left, when it goes with the timers: node:test calls back at the end of a tick, however long.
      this.wait(item, Math.max(0, Math.min(delayMs - stepMs, item.dueMs - this.now())));
    }, stepMs);
    this.timers.set(item, timer);
    if (!item.keepsAlive) refableOf(timer)?.unref();
  }
}

import type { SharedTime } from '../../timers/SharedTime.js';
import { Timed } from '../../timers/Timed.js';
import type { TimerQueue } from '../../timers/TimerQueue.js';
import type { RateLimiterEngine } from './RateLimiterEngine.js';

/** Lets those who wait for permits go on in time: one timer for all, and none while nobody waits. */
export class PermitTimer extends Timed {
  /** The queue that it stands in: it may be another by the next time. */
  private timers: TimerQueue | undefined = undefined;
  private nextMs = Infinity;
  /** Those who wait outside of any call, which has a timer of its own. */
  private alone = 0;

  constructor(
    private readonly engine: RateLimiterEngine,
    private readonly time: SharedTime,
  ) {
    super();
  }

  /** Somebody came, left or took something. */
  update(): void {
    this.timers?.stop(this);
    this.timers = undefined;
    const { nextMs } = this.engine;
    if (nextMs === Infinity) return;
    this.nextMs = nextMs;
    const { timers } = this.time;
    this.timers = timers;
    timers.startOnce(this, timers.now(), nextMs - this.time.now(), this.alone > 0);
  }

  /** Lets in who can be let in by now. */
  goOn(nowMs: number): void {
    this.engine.goOn(nowMs);
    this.update();
  }

  /** Somebody waits whom nothing else keeps the process alive for. */
  holdProcess(): void {
    this.alone += 1;
    this.update();
  }

  /** He waits no more. */
  letProcessGo(): void {
    this.alone -= 1;
    this.update();
  }

  override onTime(): void {
    // A timer that goes off is trusted: what two clocks are apart is rounded, and would make it go off again and again.
    this.goOn(Math.max(this.time.now(), this.nextMs));
  }
}

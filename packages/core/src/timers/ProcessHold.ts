import { type Refable, refableOf } from './realTimer.js';

/**
 * Keeps the process alive through the real timer of a queue, for as long as somebody asks for it and no longer: letting go a moment
 * later would spare each call two words to the timer, and leave one behind it.
 */
export class ProcessHold {
  private holders = 0;
  /** The timer, when it can be told; undefined between two timers. */
  private refable: Refable | undefined = undefined;

  take(): void {
    if (this.holders++ === 0) this.refable?.ref();
  }

  giveBack(): void {
    if (--this.holders === 0) this.refable?.unref();
  }

  /** Another real timer stands in place of the last; undefined for none. */
  moveTo(timer: unknown): void {
    this.refable = refableOf(timer);
    if (this.holders === 0) this.refable?.unref();
  }
}

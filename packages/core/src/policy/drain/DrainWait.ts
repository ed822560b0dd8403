import type { Clock } from '../../model/Clock.js';
import { nextTurn } from '../../timers/nextTurn.js';
import { Timed } from '../../timers/Timed.js';
import type { TimerQueue } from '../../timers/TimerQueue.js';
import { timersOf } from '../../timers/timersOf.js';

/** One wait for the calls in flight, or for its time to be up. */
export class DrainWait extends Timed {
  /** Whether no call was in flight in the end. */
  readonly isDrained: Promise<boolean>;
  readonly #timers: TimerQueue;
  readonly #over: (wait: DrainWait) => void;
  #resolve: (isDrained: boolean) => void = () => {};
  #isEmpty = false;

  /** `over` is told once it is so. */
  constructor(timeoutMs: number, clock: Clock | undefined, over: (wait: DrainWait) => void) {
    super();
    this.#over = over;
    this.isDrained = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#timers = timersOf(clock);
    this.#start(timeoutMs);
  }

  /** No call is in flight. It resolves in the next turn of the event loop: those who called the last ones get their answers first. */
  empty(): void {
    if (this.#isEmpty) return;
    this.#isEmpty = true;
    // The timer serves where the runtime has no turns to wait for.
    this.#start(0);
    nextTurn(() => this.onTime(), true);
  }

  /** Calls are taken again: there is nothing to wait for. */
  cancel(): void {
    this.onTime();
  }

  override onTime(): void {
    this.#timers.stop(this);
    this.#resolve(this.#isEmpty);
    this.#over(this);
  }

  #start(delayMs: number): void {
    this.#timers.startOnce(this, this.#timers.now(), delayMs, true);
  }
}

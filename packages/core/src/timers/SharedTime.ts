import type { Clock } from '../model/Clock.js';
import { systemClock } from './systemClock.js';
import type { TimerQueue } from './TimerQueue.js';
import { timersOf } from './timersOf.js';

/** Who reads his own clock, and is told what lies between it and the shared time: NaN when that goes by another clock. */
export interface Reader {
  offsetMs: number;
}

/**
 * The time of what several policies may use, which have one clock. When they move to another, it goes on from where it was: what was
 * counted before is as old as before.
 */
export class SharedTime {
  #clock: Clock | undefined;
  #offsetMs = 0;
  readonly #readers = new Set<Reader>();

  /** Milliseconds. */
  now(): number {
    return timersOf(this.#clock).now() + this.#offsetMs;
  }

  /** The queue of its clock. */
  get timers(): TimerQueue {
    return timersOf(this.#clock);
  }

  /** Whether somebody uses it, `leaving` users aside, by another clock. */
  isHeldTo(clock: Clock | undefined, leaving: number): boolean {
    return this.#readers.size > leaving && !isSame(clock, this.#clock);
  }

  /** Takes a user in; the clock is his from now on, and nobody else's. */
  join(reader: Reader, clock: Clock | undefined): void {
    if (!isSame(clock, this.#clock)) {
      const nowMs = this.now();
      this.#clock = clock;
      this.#offsetMs = nowMs - timersOf(clock).now();
      for (const other of this.#readers) other.offsetMs = Number.NaN;
    }
    this.#readers.add(reader);
    reader.offsetMs = this.#offsetMs;
  }

  /** Lets a user go. Calls that began with him may still ask. */
  leave(reader: Reader): void {
    this.#readers.delete(reader);
    reader.offsetMs = Number.NaN;
  }

  /** Begins anew, by a clock alone. */
  startBy(clock: Clock | undefined): void {
    this.#clock = clock;
    this.#offsetMs = 0;
  }
}

function isSame(one: Clock | undefined, other: Clock | undefined): boolean {
  return (one ?? systemClock) === (other ?? systemClock);
}

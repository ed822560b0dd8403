import type { Clock } from '../model/Clock.js';
import { systemClock } from './systemClock.js';
import { timersOf } from './timersOf.js';

/**
 * The time of what several policies may use, which have one clock. When they move to another, it goes on from where it was: what was
 * counted before is as old as before.
 */
export class SharedTime {
  #clock: Clock | undefined;
  #offsetMs = 0;
  #users = 0;

  /** Milliseconds. */
  now(): number {
    return timersOf(this.#clock).now() + this.#offsetMs;
  }

  /** The same, of a moment that a user read off his clock; a call that began before a move may still read the old one, which tells nothing. */
  at(nowMs: number, clock: Clock | undefined): number {
    return clock === this.#clock ? nowMs + this.#offsetMs : this.now();
  }

  /** Whether somebody uses it, `leaving` users aside, by another clock. */
  isHeldTo(clock: Clock | undefined, leaving: number): boolean {
    return this.#users > leaving && !isSame(clock, this.#clock);
  }

  /** Takes a user in; the clock is his from now on. */
  join(clock: Clock | undefined): void {
    this.#users += 1;
    if (isSame(clock, this.#clock)) return;
    const nowMs = this.now();
    this.#clock = clock;
    this.#offsetMs = nowMs - timersOf(clock).now();
  }

  /** Lets a user go. */
  leave(): void {
    this.#users -= 1;
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

import type { Reader, SharedTime } from './SharedTime.js';

/** One user of a {@link SharedTime}, who reads his own clock anyway: what lies between the two stands here, as every call asks for it. */
export class TimeReader implements Reader {
  /** Milliseconds from his clock to the shared time; NaN when the shared time goes by another clock, or he has left. */
  offsetMs = 0;

  constructor(protected readonly time: SharedTime) {}

  /** The shared time at a moment that he read off his clock. A call that began before a move may still read the old one, which tells nothing. */
  at(nowMs: number): number {
    const atMs = nowMs + this.offsetMs;
    return Number.isNaN(atMs) ? this.time.now() : atMs;
  }
}

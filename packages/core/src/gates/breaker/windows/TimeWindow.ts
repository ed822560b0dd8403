import type { CallWindow } from './CallWindow.js';

/** A power of two, so that dividing a span by it is exact. */
const BUCKETS = 64;

/** A part of the window that calls fell into. */
class Bucket {
  calls = 0;
  failures = 0;
  slow = 0;
  /** The one after it in time. */
  later: Bucket | undefined = undefined;

  constructor(
    /** Which one it is, counted from the window's start. */
    public number: number,
  ) {}
}

/**
 * The calls of the last `windowMs` milliseconds, in 64 buckets of equal length that begin with the window's own start. There is one for
 * each part that calls fell into, and no other: what is seldom called is small, and a million calls take no more than 64 of them.
 *
 * A call counts until the bucket it is in leaves the window: never for longer than `windowMs`, and at most a 64th of it less.
 */
export class TimeWindow implements CallWindow {
  calls = 0;
  failures = 0;
  slow = 0;
  readonly #windowMs: number;
  #startMs: number;
  /** Until then the latest bucket is the present one for certain. */
  #endMs = -Infinity;
  #earliest = new Bucket(0);
  #latest = this.#earliest;

  constructor(windowMs: number, nowMs: number) {
    this.#windowMs = windowMs;
    this.#startMs = nowMs;
  }

  record(nowMs: number, failed: 0 | 1, slow: 0 | 1): void {
    if (nowMs >= this.#endMs) this.#turn(nowMs);
    const bucket = this.#latest;
    bucket.calls += 1;
    this.calls += 1;
    // Most calls are neither: two branches cost less than four sums.
    if (failed === 1) {
      bucket.failures += 1;
      this.failures += 1;
    }
    if (slow === 1) {
      bucket.slow += 1;
      this.slow += 1;
    }
  }

  forget(nowMs: number): void {
    if (nowMs >= this.#endMs) this.#turn(nowMs);
  }

  hasTrouble(nowMs: number): boolean {
    this.forget(nowMs);
    return this.failures > 0 || this.slow > 0;
  }

  clear(nowMs: number): void {
    this.#startMs = nowMs;
    this.calls = 0;
    this.failures = 0;
    this.slow = 0;
    this.#earliest = new Bucket(0);
    this.#latest = this.#earliest;
  }

  /** Buckets are counted from the start, as adding up lengths would drift. */
  #turn(nowMs: number): void {
    const bucketMs = this.#windowMs / BUCKETS;
    const number = Math.floor((nowMs - this.#startMs) / bucketMs);
    this.#endMs = this.#startMs + (number + 1) * bucketMs;
    const spare = this.#drop(number - BUCKETS);
    const latest = this.#latest;
    if (latest.calls === 0) latest.number = number;
    else {
      const bucket = spare ?? new Bucket(number);
      bucket.number = number;
      latest.later = bucket;
      this.#latest = bucket;
    }
  }

  /** Takes out what left the window, up to and with that bucket; gives one of them, empty, to be used again. */
  #drop(last: number): Bucket | undefined {
    let spare: Bucket | undefined;
    while (this.#earliest.number <= last) {
      const bucket = this.#earliest;
      this.calls -= bucket.calls;
      this.failures -= bucket.failures;
      this.slow -= bucket.slow;
      bucket.calls = 0;
      bucket.failures = 0;
      bucket.slow = 0;
      // The latest one stays, to be the present one.
      if (bucket.later === undefined) break;
      this.#earliest = bucket.later;
      bucket.later = undefined;
      spare = bucket;
    }
    return spare;
  }
}

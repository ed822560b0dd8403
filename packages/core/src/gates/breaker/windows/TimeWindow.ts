import type { CallWindow } from './CallWindow.js';

/** A power of two, so that dividing a span by it is exact. */
const BUCKETS = 64;

/** A part of the window. Linked in a ring, as walking it needs no index. */
class Bucket {
  calls = 0;
  failures = 0;
  slow = 0;
  next: Bucket = this;
}

/**
 * The calls of the last `windowMs` milliseconds, in 64 buckets of equal length that begin with the window's own start.
 *
 * A call counts until the bucket it is in leaves the window: never for longer than `windowMs`, and at most a 64th of it less.
 * Memory is the same for one call and for a million.
 */
export class TimeWindow implements CallWindow {
  calls = 0;
  failures = 0;
  slow = 0;
  readonly #bucketMs: number;
  #startMs: number;
  /** Buckets that ended since the start; counted, as adding up lengths would drift. */
  #ended = 0;
  /** Until then the present bucket is the right one for certain. */
  #endMs = -Infinity;
  #bucket = ringOf(BUCKETS);

  constructor(windowMs: number, nowMs: number) {
    this.#bucketMs = windowMs / BUCKETS;
    this.#startMs = nowMs;
  }

  record(nowMs: number, failed: 0 | 1, slow: 0 | 1): void {
    if (nowMs >= this.#endMs) this.#turn(nowMs);
    const bucket = this.#bucket;
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

  clear(nowMs: number): void {
    this.#startMs = nowMs;
    this.#ended = 0;
    this.#empty(BUCKETS);
  }

  #turn(nowMs: number): void {
    const ended = Math.floor((nowMs - this.#startMs) / this.#bucketMs);
    this.#empty(Math.min(ended - this.#ended, BUCKETS));
    this.#ended = ended;
    this.#endMs = this.#startMs + (ended + 1) * this.#bucketMs;
  }

  /** Steps through the next `buckets` of the ring, the oldest first, and takes out what they counted. */
  #empty(buckets: number): void {
    let bucket = this.#bucket;
    for (let step = 0; step < buckets; step += 1) {
      bucket = bucket.next;
      this.calls -= bucket.calls;
      this.failures -= bucket.failures;
      this.slow -= bucket.slow;
      bucket.calls = 0;
      bucket.failures = 0;
      bucket.slow = 0;
    }
    this.#bucket = bucket;
  }
}

function ringOf(buckets: number): Bucket {
  const first = new Bucket();
  for (let made = 1; made < buckets; made += 1) {
    const bucket = new Bucket();
    bucket.next = first.next;
    first.next = bucket;
  }
  return first;
}

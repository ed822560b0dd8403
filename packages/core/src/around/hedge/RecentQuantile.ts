/** Neighbouring buckets differ by 5 %, which is how wrong an answer may be. */
const GROWTH = Math.log(1.05);
/** The first bucket takes what is shorter than this, the last what is longer than a day. */
const SHORTEST_MS = 0.01;
const BUCKETS = Math.ceil(Math.log(86_400_000 / SHORTEST_MS) / GROWTH) + 1;

/** How many durations a half holds before the older half is dropped. */
const HALF = 500;

/** Until so many are known there is no answer. */
export const ENOUGH = 100;

/**
 * Of the last 500 to 1,000 durations the one that a share of them did not exceed, to 5 %. Counts in two halves, of which the older goes as
 * a whole: what was quick an hour ago says nothing of now.
 */
export class RecentQuantile {
  #present: Uint16Array | undefined;
  #before: Uint16Array | undefined;
  #count = 0;

  constructor(readonly share: number) {}

  /** Takes a duration in; what is no duration counts as the shortest. */
  add(ms: number): void {
    this.#present ??= new Uint16Array(BUCKETS);
    const bucket = bucketOf(ms);
    this.#present[bucket] = (this.#present[bucket] ?? 0) + 1;
    this.#count += 1;
    if (this.#count < HALF) return;
    const { length } = this.#present;
    this.#before = this.#present;
    this.#present = new Uint16Array(length);
    this.#count = 0;
  }

  /** Milliseconds; undefined while too few are known. */
  get value(): number | undefined {
    const known = this.#count + (this.#before === undefined ? 0 : HALF);
    if (known < ENOUGH) return undefined;
    // The nearest rank.
    let left = Math.ceil(this.share * known);
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      left -= (this.#present?.[bucket] ?? 0) + (this.#before?.[bucket] ?? 0);
      if (left <= 0) return upperEndOf(bucket);
    }
    return undefined;
  }
}

function bucketOf(ms: number): number {
  if (!(ms > SHORTEST_MS)) return 0;
  return Math.min(Math.ceil(Math.log(ms / SHORTEST_MS) / GROWTH), BUCKETS - 1);
}

function upperEndOf(bucket: number): number {
  return SHORTEST_MS * Math.exp(GROWTH * bucket);
}

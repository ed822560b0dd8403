/** A power of two, so that dividing a span by it is exact. */
const BUCKETS = 32;

/**
 * What was sent in the last `windowMs` milliseconds and what of it was accepted, in 32 buckets of equal length. It counts until its bucket
 * leaves the window: never for longer than `windowMs`, and at most a 32nd of it less.
 */
export class RequestWindow {
  requests = 0;
  accepts = 0;
  readonly #bucketMs: number;
  /** Made when there is something to count. */
  #requests: Float64Array | undefined;
  #accepts: Float64Array | undefined;
  /** The present bucket, counted from the beginning of time. */
  #bucket = -Infinity;
  /** Until then it is the present one for certain. */
  #endMs = -Infinity;

  constructor(windowMs: number) {
    this.#bucketMs = windowMs / BUCKETS;
  }

  add(nowMs: number, accepted: boolean): void {
    this.forget(nowMs);
    const index = this.#index;
    this.#requests ??= new Float64Array(BUCKETS);
    this.#requests[index] = (this.#requests[index] ?? 0) + 1;
    this.requests += 1;
    if (!accepted) return;
    this.#accepts ??= new Float64Array(BUCKETS);
    this.#accepts[index] = (this.#accepts[index] ?? 0) + 1;
    this.accepts += 1;
  }

  /** Takes out what is too old by now. */
  forget(nowMs: number): void {
    if (nowMs < this.#endMs) return;
    const bucket = Math.floor(nowMs / this.#bucketMs);
    const left = Math.min(bucket - this.#bucket, BUCKETS);
    this.#bucket = bucket;
    this.#endMs = (bucket + 1) * this.#bucketMs;
    for (let back = 0; back < left; back += 1) this.#empty((((bucket - back) % BUCKETS) + BUCKETS) % BUCKETS);
  }

  get #index(): number {
    return ((this.#bucket % BUCKETS) + BUCKETS) % BUCKETS;
  }

  #empty(index: number): void {
    this.requests -= take(this.#requests, index);
    this.accepts -= take(this.#accepts, index);
  }
}

function take(counts: Float64Array | undefined, index: number): number {
  const count = counts?.[index] ?? 0;
  if (counts !== undefined) counts[index] = 0;
  return count;
}

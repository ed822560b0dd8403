const BYTES = 8;

/**
 * The times of the last `size` things that happened: enough to say exactly, and in one step,
 * whether `size` of them fell within `windowMs` milliseconds.
 */
export class RecentTimes {
  readonly #size: number;
  readonly #windowMs: number;
  readonly #ring: DataView;
  #next = 0;

  constructor(size: number, windowMs: number) {
    this.#size = size;
    this.#windowMs = windowMs;
    this.#ring = new DataView(new ArrayBuffer(size * BYTES));
    this.clear();
  }

  /** Notes one; true when it and the `size - 1` before it are all younger than `windowMs`. */
  record(nowMs: number): boolean {
    this.#ring.setFloat64(this.#next * BYTES, nowMs);
    this.#next = (this.#next + 1) % this.#size;
    return nowMs - this.#ring.getFloat64(this.#next * BYTES) < this.#windowMs;
  }

  clear(): void {
    for (let index = 0; index < this.#size; index += 1) this.#ring.setFloat64(index * BYTES, -Infinity);
  }
}

const BYTES = 8;

/**
 * The times of the last `size` things that happened: enough to say exactly, and in one step,
 * whether `size` of them fell within `windowMs` milliseconds.
 */
export class RecentTimes {
  readonly #size: number;
  readonly #windowMs: number;
  /** None before the first. */
  #ring: DataView | undefined;
  #next = 0;

  constructor(size: number, windowMs: number) {
    this.#size = size;
    this.#windowMs = windowMs;
  }

  /** Notes one; true when it and the `size - 1` before it are all younger than `windowMs`. */
  record(nowMs: number): boolean {
    const ring = (this.#ring ??= ringOf(this.#size));
    ring.setFloat64(this.#next * BYTES, nowMs);
    this.#next = (this.#next + 1) % this.#size;
    return nowMs - ring.getFloat64(this.#next * BYTES) < this.#windowMs;
  }

  /** Whether one of them is younger than `windowMs`. */
  hasAny(nowMs: number): boolean {
    const ring = this.#ring;
    return ring !== undefined && nowMs - ring.getFloat64(((this.#next + this.#size - 1) % this.#size) * BYTES) < this.#windowMs;
  }

  clear(): void {
    this.#ring = undefined;
  }
}

function ringOf(size: number): DataView {
  const ring = new DataView(new ArrayBuffer(size * BYTES));
  for (let index = 0; index < size; index += 1) ring.setFloat64(index * BYTES, -Infinity);
  return ring;
}

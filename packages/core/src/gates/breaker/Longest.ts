/** The longest of the times that are there now; when none is left, the last one's. Times are counted, so that many of one length are one. */
export class Longest {
  readonly #times = new Map<number, number>();
  #ms: number;

  constructor(ms: number) {
    this.#ms = ms;
  }

  get ms(): number {
    return this.#ms;
  }

  add(ms: number): void {
    this.#times.set(ms, (this.#times.get(ms) ?? 0) + 1);
    this.#ms = Math.max(...this.#times.keys());
  }

  remove(ms: number): void {
    const left = (this.#times.get(ms) ?? 0) - 1;
    if (left > 0) this.#times.set(ms, left);
    else this.#times.delete(ms);
    if (this.#times.size > 0) this.#ms = Math.max(...this.#times.keys());
  }
}

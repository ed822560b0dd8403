/** Milliseconds after a run's first failure in which what was under way then may fail of the same thing. */
const SAME_TROUBLE_MS = 1_000;

/** A start worked out from an end and a duration may be off by a rounding error. */
const ROUNDING_MS = 1e-6;

/**
 * Failures without a success between them, counted by how often the dependency was asked in vain: one lost connection fails every
 * attempt that was on it, so failures within a second of the run's first, of attempts begun before it, are that first one again.
 */
export class FailureRun {
  #failures = 0;
  #firstMs = 0;

  /** Counts a failure; true when the run is so long now, or longer. */
  add(nowMs: number, durationMs: number, limit: number): boolean {
    if (this.#failures === 0) {
      this.#failures = 1;
      this.#firstMs = nowMs;
    } else if (!this.#isTheFirstAgain(nowMs, durationMs)) this.#failures += 1;
    return this.#failures >= limit;
  }

  end(): void {
    this.#failures = 0;
  }

  #isTheFirstAgain(nowMs: number, durationMs: number): boolean {
    return nowMs - this.#firstMs <= SAME_TROUBLE_MS && nowMs - durationMs < this.#firstMs - ROUNDING_MS;
  }
}

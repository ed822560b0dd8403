import { RecentQuantile } from './RecentQuantile.js';
import type { ResolvedHedge } from './options.js';

/** After so many attempts the quantile is asked anew: it costs a walk over its buckets. */
const ASK_EVERY = 50;

/** When the calls of a policy are hedged, and what it knows of how long they take. */
export class Hedge {
  readonly maxHedged: number;
  readonly #fixedMs: number | undefined;
  readonly #quantile: RecentQuantile | undefined;
  readonly #minMs: number = 0;
  #quantileMs: number | undefined;
  #sinceAsked = 0;

  constructor({ afterMs, maxHedged }: ResolvedHedge) {
    this.maxHedged = maxHedged;
    if (typeof afterMs === 'number') {
      this.#fixedMs = afterMs;
      return;
    }
    this.#quantile = new RecentQuantile(afterMs.quantile);
    this.#minMs = afterMs.minMs;
  }

  /** Milliseconds from the start of an attempt until another begins; undefined while it is not known. */
  get delayMs(): number | undefined {
    return this.#fixedMs ?? this.#quantileMs;
  }

  /** Whether the delay is the same for all. */
  get isFixed(): boolean {
    return this.#fixedMs !== undefined;
  }

  /**
   * An attempt succeeded, ran out of its time or lost to another after so many milliseconds. A loser would have taken longer still: left
   * out, the slow ones would be missing, and the delay would sink with each hedge that pays.
   */
  took(durationMs: number): void {
    const quantile = this.#quantile;
    if (quantile === undefined) return;
    quantile.add(durationMs);
    this.#sinceAsked += 1;
    if (this.#quantileMs !== undefined && this.#sinceAsked < ASK_EVERY) return;
    this.#sinceAsked = 0;
    const { value } = quantile;
    this.#quantileMs = value === undefined ? undefined : Math.max(value, this.#minMs);
  }
}

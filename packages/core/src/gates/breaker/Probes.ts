import type { BreakerLease } from './BreakerLease.js';

/**
 * The places of a half-open circuit. A lease that is not in here has no place any more, so giving it back
 * (again, or after it was reclaimed, or in a later generation) does nothing.
 */
export class Probes {
  /** When each may be reclaimed: `maxMs` may change, and each keeps what held as it began. */
  readonly #untilMs = new Map<BreakerLease, number>();

  constructor(
    readonly limit: number,
    public maxMs: number,
  ) {}

  /** Milliseconds until a place is free: 0 when one is, or when one may be reclaimed. */
  waitMs(nowMs: number): number {
    if (this.#untilMs.size < this.limit) return 0;
    let [earliestMs, first]: [number, BreakerLease | undefined] = [Infinity, undefined];
    for (const [lease, untilMs] of this.#untilMs) {
      if (untilMs < earliestMs) [earliestMs, first] = [untilMs, lease];
    }
    if (first === undefined || earliestMs > nowMs) return earliestMs - nowMs;
    // Only now that its place is needed: a slow probe which nobody waits for may still tell how it went.
    this.#untilMs.delete(first);
    return 0;
  }

  take(lease: BreakerLease, nowMs: number): void {
    this.#untilMs.set(lease, nowMs + this.maxMs);
  }

  /** Whether the lease held a place. */
  giveBack(lease: BreakerLease): boolean {
    return this.#untilMs.delete(lease);
  }

  clear(): void {
    this.#untilMs.clear();
  }
}

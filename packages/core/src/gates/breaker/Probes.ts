import type { BreakerLease } from './BreakerLease.js';

/**
 * The places of a half-open circuit. A lease that is not in here has no place any more, so giving it back
 * (again, or after it was reclaimed, or in a later generation) does nothing.
 */
export class Probes {
  /** By start; a Map keeps the order in which they came, so the first is the oldest. */
  readonly #startedMs = new Map<BreakerLease, number>();

  constructor(
    readonly limit: number,
    readonly maxMs: number,
  ) {}

  /** Milliseconds until a place is free: 0 when one is, or when one may be reclaimed. */
  waitMs(nowMs: number): number {
    if (this.#startedMs.size < this.limit) return 0;
    for (const [lease, startedMs] of this.#startedMs) {
      const waitMs = startedMs + this.maxMs - nowMs;
      if (waitMs > 0) return waitMs;
      // Only now that its place is needed: a slow probe which nobody waits for may still tell how it went.
      this.#startedMs.delete(lease);
      break;
    }
    return 0;
  }

  take(lease: BreakerLease, nowMs: number): void {
    this.#startedMs.set(lease, nowMs);
  }

  /** Whether the lease held a place. */
  giveBack(lease: BreakerLease): boolean {
    return this.#startedMs.delete(lease);
  }

  clear(): void {
    this.#startedMs.clear();
  }
}

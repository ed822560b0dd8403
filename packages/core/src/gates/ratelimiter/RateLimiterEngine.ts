import { type PermitSettings, Permits } from './Permits.js';

/** Somebody who waits for permits; told once when he has them, or when he could not have them in time. */
export interface Waiter {
  readonly cost: number;
  /** The latest time at which they still help him. */
  readonly latestMs: number;
  /** When his own time is up: at that moment it is too late. */
  readonly deadlineMs: number;
  admitted(nowMs: number): void;
  /** The permits come so many milliseconds later. */
  tooLate(waitMs: number): void;
}

/** Nobody is held back longer, whatever the other side asks for: then one call at a time finds out whether it still does. */
export const LONGEST_HOLD_MS = 60_000;

/**
 * Permits, and a queue for them: first come, first served, whatever each takes. Who waits has taken nothing yet, so whoever leaves takes
 * nothing along, and those behind move up. It waits for nothing itself: `goOn` is to be called at `nextMs`.
 */
export class RateLimiterEngine {
  readonly #permits: Permits;
  /** In the order they came: a Set keeps it, and lets anybody leave from the middle. */
  readonly #waiting = new Set<Waiter>();
  /** What they take together. */
  #ahead = 0;

  constructor(settings: PermitSettings) {
    this.#permits = new Permits(settings);
  }

  /** Whether nobody has ever asked it for anything. */
  get isNew(): boolean {
    return this.#permits.isNew;
  }

  /** Those who wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Whole permits that are there. */
  available(nowMs: number): number {
    return this.#permits.at(nowMs);
  }

  /** Milliseconds for which all are held back; 0 while none is. */
  heldMs(nowMs: number): number {
    return Math.max(0, this.#permits.heldUntilMs - nowMs);
  }

  /** Takes permits; false when there are too few, or others wait. */
  tryTake(nowMs: number, cost: number): boolean {
    return this.#waiting.size === 0 && this.#permits.tryTake(nowMs, cost);
  }

  /** Milliseconds until so many would be there for one who comes now; Infinity for more than can be saved. */
  waitMs(nowMs: number, cost: number): number {
    return Math.max(0, this.#permits.readyMs(cost, this.#ahead) - nowMs);
  }

  /** Waits for permits, behind all who wait. */
  queue(waiter: Waiter): void {
    this.#waiting.add(waiter);
    this.#ahead += waiter.cost;
  }

  /** Waits no longer; nothing when he was told already. */
  cancel(waiter: Waiter): void {
    if (!this.#waiting.delete(waiter)) return;
    // Not by subtraction alone: costs may be fractions, and what is left of their sum must not add up over days.
    this.#ahead = this.#waiting.size === 0 ? 0 : this.#ahead - waiter.cost;
  }

  /** Gives permits back that were taken and not used. */
  giveBack(takenMs: number, cost: number): void {
    this.#permits.giveBack(takenMs, cost);
  }

  /** The other side asked for a wait of so many milliseconds: all wait, {@link LONGEST_HOLD_MS} at most, and who cannot is told so. */
  hold(nowMs: number, forMs: number): void {
    this.#permits.hold(nowMs, nowMs + Math.min(forMs, LONGEST_HOLD_MS));
    let ahead = 0;
    for (const waiter of this.#waiting) {
      const readyMs = this.#permits.readyMs(waiter.cost, ahead);
      if (readyMs <= waiter.latestMs && readyMs < waiter.deadlineMs) ahead += waiter.cost;
      else this.#refuse(waiter, readyMs - nowMs);
    }
  }

  /** Lets in who can be let in now, and tells those whose time to wait is over. */
  goOn(nowMs: number): void {
    for (const waiter of this.#waiting) {
      if (this.#permits.tryTake(nowMs, waiter.cost)) {
        this.cancel(waiter);
        waiter.admitted(nowMs);
      } else if (nowMs > waiter.latestMs) this.#refuse(waiter, this.#permits.readyMs(waiter.cost) - nowMs);
      else return;
    }
  }

  /** When the first who waits can be let in; Infinity while nobody waits. */
  get nextMs(): number {
    for (const { cost } of this.#waiting) return this.#permits.readyMs(cost);
    return Infinity;
  }

  #refuse(waiter: Waiter, waitMs: number): void {
    this.cancel(waiter);
    waiter.tooLate(waitMs);
  }
}

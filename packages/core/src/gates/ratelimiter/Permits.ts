/** What is less counts for nothing: a time is off by rounding errors, more so the larger it is, as on a clock that counts since 1970. */
function roundingMs(nowMs: number): number {
  return 1e-6 + 4 * Number.EPSILON * Math.abs(nowMs);
}

/** What decides how many permits there are. */
export interface PermitSettings {
  readonly limit: number;
  readonly windowMs: number;
  readonly burst: number;
}

/**
 * Permits that come back at even distances, and are saved up to a burst. One number says it all: when they will be complete again if nobody
 * takes any. Times are milliseconds that only rise; a cost is a number of permits above 0.
 *
 * Source: the generic cell rate algorithm, ITU-T I.371, with its theoretical arrival time as `#fullMs`.
 */
export class Permits {
  readonly #stepMs: number;
  readonly #burst: number;
  /** When the first were taken: `#fullMs` counts from here, as sums of small steps are the more exact the smaller they are. */
  #originMs: number | undefined = undefined;
  /** When all are there again; in the past while they are. */
  #fullMs = -Infinity;
  #heldUntilMs = -Infinity;
  /** When they were last held back: what was taken before is not given back, for the burst is gone. */
  #heldAtMs = -Infinity;
  /** When some were taken last. */
  #takenMs = -Infinity;

  constructor({ limit, windowMs, burst }: PermitSettings) {
    this.#stepMs = windowMs / limit;
    this.#burst = burst;
  }

  /** Whether none was ever taken or held back: any time is as good as another for it to begin. */
  get isNew(): boolean {
    return this.#originMs === undefined;
  }

  /** Until when they are held back. */
  get heldUntilMs(): number {
    return this.#heldUntilMs;
  }

  /** Whole permits that are there. */
  at(nowMs: number): number {
    if (nowMs < this.#heldUntilMs) return 0;
    const there = (this.#since(nowMs) - this.#fullMs + roundingMs(nowMs)) / this.#stepMs + this.#burst;
    return Math.max(0, Math.min(this.#burst, Math.floor(there)));
  }

  /** When so many are there, if nobody takes any before: in the past when they are, Infinity for more than can be saved. `ahead` are those who stand before, with what they cost together: they take theirs first. */
  readyMs(cost: number, ahead = 0): number {
    if (cost > this.#burst) return Infinity;
    return Math.max(this.#heldUntilMs, (this.#originMs ?? 0) + this.#fullMs + (ahead + cost - this.#burst) * this.#stepMs);
  }

  /** Takes permits; false when there are too few. */
  tryTake(nowMs: number, cost: number): boolean {
    if (nowMs + roundingMs(nowMs) < this.readyMs(cost)) return false;
    this.#originMs ??= nowMs;
    this.#fullMs = Math.max(this.#fullMs, this.#since(nowMs)) + cost * this.#stepMs;
    this.#takenMs = nowMs;
    return true;
  }

  /**
   * Gives back what was taken at `takenMs` and not used. What would have come back meanwhile anyway, as they were complete, is not: so less
   * the longer it was kept while others took some, never more than there would be had it not been taken.
   */
  giveBack(takenMs: number, cost: number): void {
    if (takenMs <= this.#heldAtMs) return;
    this.#fullMs -= Math.max(0, cost * this.#stepMs - (this.#takenMs - takenMs));
  }

  /** Nobody has any until then, and then they come one by one, the first at once: the burst is gone. */
  hold(nowMs: number, untilMs: number): void {
    if (untilMs <= this.#heldUntilMs) return;
    this.#heldAtMs = nowMs;
    this.#heldUntilMs = untilMs;
    this.#originMs ??= nowMs;
    this.#fullMs = Math.max(this.#fullMs, this.#since(untilMs) + (this.#burst - 1) * this.#stepMs);
  }

  #since(nowMs: number): number {
    return nowMs - (this.#originMs ?? nowMs);
  }
}

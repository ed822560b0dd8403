import type { Budget } from './Budget.js';

/** Tokens of one retry. A whole number of them is granted each time, so that nothing drifts. */
const RETRY = 1_000_000;
const SLICES = 10;

/** A tenth of the window that there were tokens in. Linked in a ring, which grows to ten: the one after the present is the oldest. */
class Slice {
  tokens = 0;
  next: Slice = this;
}

/** What a budget of these options grants, in tokens: the same for all that are made of them. */
export interface Grants {
  readonly limit: number;
  readonly perCall: number;
  readonly perSlice: number;
  readonly most: number;
  readonly sliceMs: number;
}

export function grantsOf(ratio: number, minPerSecond: number, maxSaved: number, windowMs: number): Grants {
  const sliceMs = windowMs / SLICES;
  return {
    limit: maxSaved,
    perCall: Math.round(ratio * RETRY),
    perSlice: Math.round((minPerSecond * RETRY * sliceMs) / 1_000),
    most: maxSaved * RETRY,
    sliceMs,
  };
}

/**
 * Retries as a share of calls: each call grants `ratio` of a retry, each second `minPerSecond`. What is granted and not used within
 * `windowMs` is lost, and never more than `maxSaved` are there to be taken.
 *
 * After Finagle's RetryBudget (https://twitter.github.io/finagle/guide/Clients.html#retries), which keeps deposits in a window of ten
 * slices as here. It has a fixed reserve in place of a grant per second, and no limit on what is saved: after ten quiet seconds of
 * 1,000 calls each it would let 2,000 retries go at once, just when the other side went down.
 *
 * - Grants per second come at the start of each slice, those of a call with the call. The oldest tokens are used first, and dropped
 *   first above `maxSaved`.
 * - It starts with `maxSaved`: the first call of a process is as worth a retry as any other, and has no calls before it to earn one.
 *   They are lost after `windowMs` like others.
 */
export class RatioBudget implements Budget {
  readonly #grants: Grants;
  #slice = new Slice();
  #slices = 1;
  #tokens = 0;
  /** When the last retry that was taken is out of the window. */
  #takenUntilMs: number | undefined;
  /** -Infinity before the first use, which is when time begins. */
  #endMs = -Infinity;

  constructor(grants: Grants) {
    this.#grants = grants;
  }

  get limit(): number {
    return this.#grants.limit;
  }

  deposit(nowMs: number): void {
    if (nowMs >= this.#endMs) this.#turn(nowMs);
    const { perCall } = this.#grants;
    this.#slice.tokens += perCall;
    this.#tokens += perCall;
  }

  tryWithdraw(nowMs: number): boolean {
    if (nowMs >= this.#endMs) this.#turn(nowMs);
    if (this.#tokens > this.#grants.most) this.#take(this.#tokens - this.#grants.most);
    if (this.#tokens < RETRY) return false;
    this.#take(RETRY);
    this.#takenUntilMs = nowMs + SLICES * this.#grants.sliceMs;
    return true;
  }

  refund(nowMs: number): void {
    if (nowMs >= this.#endMs) this.#turn(nowMs);
    this.#add(RETRY);
  }

  balance(nowMs: number): number {
    // A look does not begin its time.
    if (this.#endMs === -Infinity) return this.limit;
    if (nowMs >= this.#endMs) this.#turn(nowMs);
    return Math.floor(Math.min(this.#tokens, this.#grants.most) / RETRY);
  }

  isAtRest(nowMs: number): boolean {
    return this.#takenUntilMs === undefined || nowMs >= this.#takenUntilMs;
  }

  #add(tokens: number): void {
    this.#slice.tokens += tokens;
    this.#tokens += tokens;
  }

  /** From the oldest on; there are as many. */
  #take(tokens: number): void {
    this.#tokens -= tokens;
    let left = tokens;
    for (let slice = this.#slice.next; left > 0; slice = slice.next) {
      const part = Math.min(left, slice.tokens);
      slice.tokens -= part;
      left -= part;
    }
  }

  #turn(nowMs: number): void {
    const { sliceMs, perSlice, most } = this.#grants;
    if (this.#endMs === -Infinity) {
      this.#endMs = nowMs + sliceMs;
      this.#add(most);
      return;
    }
    const ended = Math.floor((nowMs - this.#endMs) / sliceMs) + 1;
    this.#endMs += ended * sliceMs;
    for (let step = Math.min(ended, SLICES); step > 0; step -= 1) {
      if (this.#slices < SLICES) this.#grow();
      this.#slice = this.#slice.next;
      this.#tokens -= this.#slice.tokens;
      this.#slice.tokens = 0;
      this.#add(perSlice);
    }
  }

  /** The ring is not whole yet: one that was never there has nothing to lose. */
  #grow(): void {
    const slice = new Slice();
    slice.next = this.#slice.next;
    this.#slice.next = slice;
    this.#slices += 1;
  }
}

import type { Budget } from './Budget.js';

/** `max` retries in a window of fixed length, which begins with its first retry. */
export class WindowBudget implements Budget {
  readonly limit: number;
  readonly #windowMs: number;
  #used = 0;
  #endMs = -Infinity;

  constructor(max: number, windowMs: number) {
    this.limit = max;
    this.#windowMs = windowMs;
  }

  deposit(): void {}

  tryWithdraw(nowMs: number): boolean {
    if (nowMs >= this.#endMs) {
      this.#used = 0;
      this.#endMs = nowMs + this.#windowMs;
    }
    if (this.#used >= this.limit) return false;
    this.#used += 1;
    return true;
  }

  refund(): void {
    if (this.#used > 0) this.#used -= 1;
  }

  isAtRest(nowMs: number): boolean {
    return nowMs >= this.#endMs || this.#used === 0;
  }

  balance(nowMs: number): number {
    return nowMs >= this.#endMs ? this.limit : this.limit - this.#used;
  }
}

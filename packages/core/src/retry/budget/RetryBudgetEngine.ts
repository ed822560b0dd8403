import type { Budget } from './Budget.js';
import { RatioBudget } from './RatioBudget.js';
import { WindowBudget } from './WindowBudget.js';

/** A share of the calls, or a fixed window: options that were validated, defaults filled in. */
export type RetryBudgetSettings =
  | {
      readonly type: 'ratio';
      /** Retries per call. */
      readonly ratio: number;
      /** Retries a second beside them. */
      readonly minPerSecond: number;
      /** Retries that can be saved; a whole number. */
      readonly maxSaved: number;
      /** Milliseconds after which what was granted and not used is lost. */
      readonly windowMs: number;
    }
  | { readonly type: 'window' /** Retries in each window. */; readonly max: number /** Milliseconds. */; readonly windowMs: number };

/** A retry budget, of one policy or shared by several. Its time begins with its first use. */
export class RetryBudgetEngine {
  readonly #budget: Budget;

  constructor(readonly settings: RetryBudgetSettings) {
    this.#budget =
      settings.type === 'ratio'
        ? new RatioBudget(settings.ratio, settings.minPerSecond, settings.maxSaved, settings.windowMs)
        : new WindowBudget(settings.max, settings.windowMs);
  }

  /** A call began (not an attempt: retries earn no retries). */
  deposit(nowMs: number): void {
    this.#budget.deposit(nowMs);
  }

  /** Takes one retry; false, and nothing taken, when less than one is left. */
  tryWithdraw(nowMs: number): boolean {
    return this.#budget.tryWithdraw(nowMs);
  }

  /** Gives back a retry that was taken and is not made. */
  refund(nowMs: number): void {
    this.#budget.refund(nowMs);
  }

  /** Whole retries left. */
  balance(nowMs: number): number {
    return this.#budget.balance(nowMs);
  }
}

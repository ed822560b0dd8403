import type { TimeReader } from '../../timers/TimeReader.js';
import type { Budget } from './Budget.js';

/** A budget as one policy asks it, which tells what time it is by its own clock. */
export class BudgetByClock implements Budget {
  constructor(
    private readonly budget: Budget,
    private readonly time: TimeReader,
  ) {}

  get limit(): number {
    return this.budget.limit;
  }

  deposit(nowMs: number): void {
    this.budget.deposit(this.time.at(nowMs));
  }

  tryWithdraw(nowMs: number): boolean {
    return this.budget.tryWithdraw(this.time.at(nowMs));
  }

  refund(nowMs: number): void {
    this.budget.refund(this.time.at(nowMs));
  }

  isAtRest(nowMs: number): boolean {
    return this.budget.isAtRest(this.time.at(nowMs));
  }

  balance(nowMs: number): number {
    return this.budget.balance(this.time.at(nowMs));
  }
}

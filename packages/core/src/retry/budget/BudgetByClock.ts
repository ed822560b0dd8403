import type { SharedTime } from '../../timers/SharedTime.js';
import { TimeReader } from '../../timers/TimeReader.js';
import type { Budget } from './Budget.js';

/** A budget as one policy asks it, which tells what time it is by its own clock. */
export class BudgetByClock extends TimeReader implements Budget {
  constructor(
    private readonly budget: Budget,
    time: SharedTime,
  ) {
    super(time);
  }

  get limit(): number {
    return this.budget.limit;
  }

  deposit(nowMs: number): void {
    this.budget.deposit(this.at(nowMs));
  }

  tryWithdraw(nowMs: number): boolean {
    return this.budget.tryWithdraw(this.at(nowMs));
  }

  refund(nowMs: number): void {
    this.budget.refund(this.at(nowMs));
  }

  isAtRest(nowMs: number): boolean {
    return this.budget.isAtRest(this.at(nowMs));
  }

  balance(nowMs: number): number {
    return this.budget.balance(this.at(nowMs));
  }
}

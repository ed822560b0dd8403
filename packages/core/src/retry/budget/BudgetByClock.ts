import type { Clock } from '../../model/Clock.js';
import type { SharedTime } from '../../timers/SharedTime.js';
import type { Budget } from './Budget.js';

/** A budget as one policy asks it, which tells what time it is by its own clock. */
export class BudgetByClock implements Budget {
  constructor(
    private readonly budget: Budget,
    private readonly time: SharedTime,
    private readonly clock: Clock | undefined,
  ) {}

  get limit(): number {
    return this.budget.limit;
  }

  deposit(nowMs: number): void {
    this.budget.deposit(this.time.at(nowMs, this.clock));
  }

  tryWithdraw(nowMs: number): boolean {
    return this.budget.tryWithdraw(this.time.at(nowMs, this.clock));
  }

  refund(nowMs: number): void {
    this.budget.refund(this.time.at(nowMs, this.clock));
  }

  balance(nowMs: number): number {
    return this.budget.balance(this.time.at(nowMs, this.clock));
  }
}

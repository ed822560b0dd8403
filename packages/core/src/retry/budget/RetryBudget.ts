import type { Clock } from '../../model/Clock.js';
import { isMarked } from '../../model/isMarked.js';
import { SharedTime } from '../../timers/SharedTime.js';
import { TimeReader } from '../../timers/TimeReader.js';
import type { Budget } from './Budget.js';
import { BudgetByClock } from './BudgetByClock.js';
import { budgetOf, readBudget, type RetryBudgetOptions } from './options.js';

/** By this, and not by its class, a budget is known to another copy of this package. */
const ATTACH = Symbol.for('redress.budget.attach.2');

/** A budget in use by a policy. */
export interface BudgetInUse {
  readonly budget: Budget;
  /** The policy uses it no more. */
  release(): void;
}

/** How policies take a budget into use. */
interface Attachable {
  isHeldTo(clock: Clock | undefined, leaving: number): boolean;
  use(clock: Clock | undefined): BudgetInUse;
}

/** Whether a value is a budget, of this copy of the package or another. */
export function isRetryBudget(value: unknown): value is RetryBudget {
  return isMarked(value, ATTACH);
}

/** Takes a budget into use by a policy: the first one gives it its clock. */
export function attachBudget(budget: RetryBudget, clock: Clock | undefined): BudgetInUse {
  return budget[ATTACH]().use(clock);
}

/** Whether policies use a budget, `leaving` of them aside, that live by another clock. */
export function isBudgetHeldTo(budget: RetryBudget, clock: Clock | undefined, leaving: number): boolean {
  return budget[ATTACH]().isHeldTo(clock, leaving);
}

/**
 * How many retries may be made: by default 20 % of the calls of the last 10 s plus 1 a second, at most 10 saved; or `max` in each
 * window of `windowMs`. An instance may be shared between policies on one clock; it then shows once per policy in telemetry.
 *
 * Source: Finagle's RetryBudget.
 */
export class RetryBudget {
  readonly #options: RetryBudgetOptions;
  #budget: Budget;
  readonly #time = new SharedTime();
  #attached = false;

  /** @throws TypeError that names the option, the value and the rule. */
  constructor(options: RetryBudgetOptions = {}) {
    this.#options = readBudget('retry budget', options);
    this.#budget = budgetOf(this.#options);
  }

  /** Whole retries that could be made now. */
  get remaining(): number {
    return this.#budget.balance(this.#time.now());
  }

  /** @internal */
  [ATTACH](): Attachable {
    return {
      isHeldTo: (clock, leaving) => this.#time.isHeldTo(clock, leaving),
      use: (clock) => this.#use(clock),
    };
  }

  #use(clock: Clock | undefined): BudgetInUse {
    if (!this.#attached) {
      this.#attached = true;
      this.#time.startBy(clock);
      // Its time begins with its first use, which may have been a look at it by another clock.
      if (clock !== undefined) this.#budget = budgetOf(this.#options);
    }
    const reader = new TimeReader(this.#time);
    this.#time.join(reader, clock);
    return { budget: new BudgetByClock(this.#budget, reader), release: () => this.#time.leave(reader) };
  }
}

import type { Clock } from '../../model/Clock.js';
import { timersOf } from '../../timers/timersOf.js';
import type { Budget } from './Budget.js';
import { budgetOf, checkBudget, type RetryBudgetOptions } from './options.js';

/** By this, and not by its class, a budget is known to another copy of this package. */
const ATTACH = Symbol.for('redress.budget.attach');

/** Whether a value is a budget, of this copy of the package or another. */
export function isRetryBudget(value: unknown): value is RetryBudget {
  return typeof value === 'object' && value !== null && ATTACH in value;
}

/** Takes a budget into use by a policy: the first one gives it its clock. */
export function attachBudget(budget: RetryBudget, clock: Clock | undefined): Budget {
  return budget[ATTACH](clock);
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
  #clock: Clock | undefined;
  #attached = false;

  /** @throws TypeError that names the option, the value and the rule. */
  constructor(options: RetryBudgetOptions = {}) {
    checkBudget('retry budget', options);
    this.#options = { ...options };
    this.#budget = budgetOf(this.#options);
  }

  /** Whole retries that could be made now. */
  get remaining(): number {
    return this.#budget.balance(timersOf(this.#clock).now());
  }

  /** @internal */
  [ATTACH](clock: Clock | undefined): Budget {
    if (!this.#attached) {
      this.#attached = true;
      this.#clock = clock;
      // Its time begins with its first use, which may have been a look at it by another clock.
      if (clock !== undefined) this.#budget = budgetOf(this.#options);
    }
    return this.#budget;
  }
}

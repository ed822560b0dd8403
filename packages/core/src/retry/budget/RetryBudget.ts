import { RetryBudgetEngine } from './RetryBudgetEngine.js';
import type { Clock } from '../../model/Clock.js';
import { timersOf } from '../../timers/timersOf.js';
import { resolveBudget } from './budgetOptions.js';
import type { RetryBudgetOptions } from '../../policy/PolicyOptions.js';

/** By this, and not by its class, a budget is known to another copy of this package. */
const ATTACH = Symbol.for('redress.budget.attach');

/** Whether a value is a budget, of this copy of the package or another. */
export function isRetryBudget(value: unknown): value is RetryBudget {
  return typeof value === 'object' && value !== null && ATTACH in value;
}

/** Takes a budget into use by a policy: the first one gives it its clock. */
export function attachBudget(budget: RetryBudget, clock: Clock | undefined): RetryBudgetEngine {
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
  #engine: RetryBudgetEngine;
  #now: () => number = () => timersOf(undefined).now();
  #attached = false;

  /** @throws TypeError that names the option, the value and the rule. */
  constructor(options: RetryBudgetOptions = {}) {
    this.#options = options;
    this.#engine = this.#make();
  }

  /** Whole retries that could be made now. */
  get remaining(): number {
    return this.#engine.balance(this.#now());
  }

  /** @internal */
  [ATTACH](clock: Clock | undefined): RetryBudgetEngine {
    if (!this.#attached) {
      this.#attached = true;
      if (clock !== undefined) {
        this.#now = () => timersOf(clock).now();
        this.#engine = this.#make();
      }
    }
    return this.#engine;
  }

  #make(): RetryBudgetEngine {
    return new RetryBudgetEngine(resolveBudget('retry budget', this.#options));
  }
}

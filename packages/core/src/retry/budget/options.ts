import { ownCopy } from '../../model/ownCopy.js';
import { atLeastOne, atLeastZero, check, milliseconds, share, wrong, type Rules } from '../../model/rules.js';
import type { Budget } from './Budget.js';
import { grantsOf, RatioBudget } from './RatioBudget.js';
import { WindowBudget } from './WindowBudget.js';

/** How many retries a policy may make: a share of its calls, or a fixed window. */
export type RetryBudgetOptions =
  | {
      /** Retries per call over the last `windowMs`. Default 0.2; in (0, 1]. */
      readonly ratio?: number | undefined;
      /** Retries a second granted beside the ratio. Default 1; at least 0. */
      readonly minPerSecond?: number | undefined;
      /** Retries that can be saved. Default 10; at least 1. */
      readonly maxSaved?: number | undefined;
      /** Milliseconds over which calls count. Default 10_000; finite, above 0. */
      readonly windowMs?: number | undefined;
      readonly max?: undefined;
    }
  | {
      /** Retries in each window of `windowMs`; at least 1. Not beside `ratio`, `minPerSecond` or `maxSaved`. */
      readonly max: number;
      /** Milliseconds of the window; finite, above 0. */
      readonly windowMs: number;
      readonly ratio?: undefined;
      readonly minPerSecond?: undefined;
      readonly maxSaved?: undefined;
    };

const shareRules: Rules = { ratio: share, minPerSecond: atLeastZero, maxSaved: atLeastOne, windowMs: milliseconds };
const windowRules: Rules = { max: atLeastOne, windowMs: milliseconds };

/** Checks a budget's options, and gives them as they were read, each once. Throws a TypeError that names the option, the value and the rule. */
export function readBudget(where: string, given: RetryBudgetOptions): RetryBudgetOptions {
  const options = ownCopy(where, given);
  const read = check(where, options, options.max === undefined ? { ...shareRules, max: atLeastOne } : windowRules);
  if (read.max !== undefined && read.windowMs === undefined)
    throw wrong(where, 'windowMs', `${milliseconds.must} beside max`, read.windowMs);
  return read;
}

/** Makes a budget of options that were checked, with the defaults filled in. */
export function budgetOf(options: RetryBudgetOptions): Budget {
  return budgetsOf(options)();
}

/** Makes any number of budgets of the same options. */
export function budgetsOf(options: RetryBudgetOptions): () => Budget {
  if (options.max !== undefined) {
    const { max, windowMs } = options;
    return () => new WindowBudget(max, windowMs);
  }
  const { ratio = 0.2, minPerSecond = 1, maxSaved = 10, windowMs = 10_000 } = options;
  const grants = grantsOf(ratio, minPerSecond, maxSaved, windowMs);
  return () => new RatioBudget(grants);
}

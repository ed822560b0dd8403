import type { RetryBudgetSettings } from './RetryBudgetEngine.js';
import type { RetryBudgetOptions } from '../../policy/PolicyOptions.js';
import { atLeastOne, atLeastZero, check, milliseconds, share, wrong, type Rules } from '../../model/rules.js';

const shareRules: Rules = { ratio: share, minPerSecond: atLeastZero, maxSaved: atLeastOne, windowMs: milliseconds };
const windowRules: Rules = { max: atLeastOne, windowMs: milliseconds };

/** Checks a budget's options and fills in the defaults. Throws a TypeError that names the option, the value and the rule. */
export function resolveBudget(where: string, options: RetryBudgetOptions): RetryBudgetSettings {
  if (options.max !== undefined) {
    check(where, options, windowRules);
    if (options.windowMs === undefined) throw wrong(where, 'windowMs', `${milliseconds.must} beside max`, options.windowMs);
    return { type: 'window', max: options.max, windowMs: options.windowMs };
  }
  check(where, options, { ...shareRules, max: atLeastOne });
  const { ratio = 0.2, minPerSecond = 1, maxSaved = 10, windowMs = 10_000 } = options;
  return { type: 'ratio', ratio, minPerSecond, maxSaved, windowMs };
}

import type { Clock } from '../../model/Clock.js';
import { aClock, check, type Rules, waitMs, wrong } from '../../model/rules.js';

/** How long to wait for the calls in flight. */
export interface DrainOptions {
  /** Milliseconds to wait for the calls in flight; finite, at least 0. */
  readonly timeoutMs: number;
  /** The time that the wait lives by. Default: `performance.now` and `setTimeout`, as for a policy. */
  readonly clock?: Clock | undefined;
}

const rules: Rules = { timeoutMs: waitMs, clock: aClock };

/** Reads the options of a drain, each once. Throws a TypeError that names the option, the value and the rule. */
export function readDrainOptions(given: DrainOptions): DrainOptions {
  const options = check('drain', given, rules);
  if (options.timeoutMs === undefined) throw wrong('drain', 'timeoutMs', waitMs.must, undefined);
  return options;
}

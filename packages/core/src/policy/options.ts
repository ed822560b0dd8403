import { GATES } from '../gates/list.js';
import type { Clock } from '../model/Clock.js';
import { aBoolean, aFunction, anObject, check, milliseconds, orFalse, wrong, type Rule, type Rules } from '../model/rules.js';
import { DEFAULT_TIMEOUTS, type Timeouts } from '../model/Timeouts.js';
import type { PolicyOptions } from './PolicyOptions.js';

const aClock: Rule = {
  must: 'a clock with now, setTimeout and clearTimeout',
  holds: (value): boolean =>
    anObject.holds(value) &&
    ['now', 'setTimeout', 'clearTimeout'].every((method) => typeof Reflect.get(value as Clock, method) === 'function'),
};

/** Every option of a policy: its own, and one for each gate that there is. */
const rules: Rules = {
  timeoutMs: milliseconds,
  attemptTimeoutMs: milliseconds,
  retry: orFalse(anObject),
  ...Object.fromEntries(GATES.map(({ option }) => [option, orFalse(anObject)])),
  classify: aFunction,
  classifyResult: aFunction,
  clock: aClock,
  random: aFunction,
  keepAlive: aBoolean,
};

/** Checks a policy's options, those of its parts aside, and fills in the two timeouts. Throws a TypeError that names what is wrong. */
export function resolveTimeouts(where: string, options: PolicyOptions): Timeouts {
  check(where, options, rules);
  const { timeoutMs = DEFAULT_TIMEOUTS.timeoutMs, attemptTimeoutMs } = options;
  if (attemptTimeoutMs !== undefined && options.timeoutMs !== undefined && attemptTimeoutMs > timeoutMs) {
    throw wrong(where, 'attemptTimeoutMs', `at most timeoutMs (${timeoutMs})`, attemptTimeoutMs);
  }
  return { timeoutMs, attemptTimeoutMs: attemptTimeoutMs ?? DEFAULT_TIMEOUTS.attemptTimeoutMs };
}

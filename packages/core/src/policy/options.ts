import { AROUND } from '../around/list.js';
import { GATES } from '../gates/list.js';
import {
  aBoolean,
  aClock,
  aFunction,
  anObject,
  check,
  listOf,
  milliseconds,
  oneOf,
  orFalse,
  orNull,
  wrong,
  type Rules,
} from '../model/rules.js';
import { DEFAULT_TIMEOUTS, type Timeouts } from '../model/Timeouts.js';
import { isRetryBudget } from '../retry/budget/RetryBudget.js';
import { readRetry } from '../retry/options.js';
import { STAGES } from './order.js';
import { ownCopy } from '../model/ownCopy.js';
import type { PolicyOptions, PolicyUpdate } from './PolicyOptions.js';

/** Every option of a policy: its own, and one for each gate that there is. */
const rules: Rules = {
  timeoutMs: milliseconds,
  attemptTimeoutMs: milliseconds,
  retry: orFalse(anObject),
  ...Object.fromEntries(GATES.map(({ option }) => [option, orFalse(anObject)])),
  ...Object.fromEntries(AROUND.map(({ option, rule }) => [option, orFalse(rule)])),
  hedge: orFalse(anObject),
  order: listOf(oneOf(STAGES)),
  classify: aFunction,
  classifyResult: aFunction,
  clock: aClock,
  random: aFunction,
  keepAlive: aBoolean,
  critical: aBoolean,
};

/**
 * A policy's options, each read once and nested ones copied: what becomes of the objects later changes nothing. Checks them, those of its
 * gates and its budget aside. Throws a TypeError that names what is wrong.
 */
export function readPolicyOptions(where: string, given: PolicyOptions<unknown>): PolicyOptions<unknown> {
  const options = check(where, given, rules);
  if (options.order !== undefined) Reflect.set(options, 'order', [...options.order]);
  for (const part of GATES) {
    const gate: unknown = Reflect.get(options, part.option);
    if (typeof gate !== 'object' || gate === null || part.isInstance(gate)) continue;
    Reflect.set(options, part.option, ownCopy(`${where}, ${part.option}`, gate));
  }
  for (const part of AROUND) {
    const around: unknown = Reflect.get(options, part.option);
    if (around !== undefined && around !== false) Reflect.set(options, part.option, part.read(`${where}, ${part.option}`, around));
  }
  if (typeof options.retry !== 'object') return options;
  const retry = readRetry(where, options.retry);
  const { budget } = retry;
  if (typeof budget !== 'object' || isRetryBudget(budget)) return Object.assign(options, { retry });
  return Object.assign(options, { retry: Object.assign(retry, { budget: ownCopy(`${where}, retry.budget`, budget) }) });
}

/** Takes what a policy's options change: `null` puts one back to its default, and the others stay. */
export function updatedOptions(where: string, before: PolicyOptions<unknown>, update: PolicyUpdate): PolicyOptions<unknown> {
  const nullable = Object.fromEntries(Object.entries(rules).map(([option, rule]) => [option, orNull(rule)]));
  const changes = check(where, update, nullable);
  const options: PolicyOptions<unknown> = Object.assign(Object.create(null), before, changes);
  for (const [option, value] of Object.entries(changes)) if (value === null) Reflect.deleteProperty(options, option);
  return options;
}

/** Fills in the two timeouts. Throws a TypeError where they contradict each other. */
export function resolveTimeouts(where: string, options: PolicyOptions<unknown>): Timeouts {
  const { timeoutMs = DEFAULT_TIMEOUTS.timeoutMs, attemptTimeoutMs } = options;
  if (attemptTimeoutMs !== undefined && options.timeoutMs !== undefined && attemptTimeoutMs > timeoutMs) {
    throw wrong(where, 'attemptTimeoutMs', `at most timeoutMs (${timeoutMs})`, attemptTimeoutMs);
  }
  return { timeoutMs, attemptTimeoutMs: attemptTimeoutMs ?? DEFAULT_TIMEOUTS.attemptTimeoutMs };
}

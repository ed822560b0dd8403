import type { CallOptions } from '../model/CallOptions.js';
import {
  aBoolean,
  aFunction,
  aName,
  anObject,
  atLeastOne,
  atLeastZero,
  check,
  milliseconds,
  orFalse,
  wrong,
  type Rules,
} from '../model/rules.js';

const callRules: Rules = {
  operation: aName,
  signal: {
    must: 'an AbortSignal',
    holds: (value) => typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value,
  },
  timeoutMs: milliseconds,
  attributes: anObject,
  timeline: aBoolean,
  retry: orFalse(anObject),
  idempotent: aBoolean,
  resume: anObject,
  classifyResult: aFunction,
  parent: {
    must: 'the attempt that a function was given',
    holds: (value) => typeof value === 'object' && value !== null && 'remainingMs' in value && 'signal' in value,
  },
  sleep: aFunction,
  beforeSleep: aFunction,
};

const retryRules: Rules = { maxAttempts: atLeastOne };
const resumeRules: Rules = { attempt: { must: 'a whole number, at least 1', holds: atLeastOne.holds }, previousDelayMs: atLeastZero };

/** Options that were found right; most programs pass the same few objects again and again. */
const checked = new WeakSet<object>();

/** Checks a call's options once per object. Throws a TypeError that names the option, the value and the rule. */
export function checkCallOptions(policy: string, options: CallOptions<never, never>): void {
  if (checked.has(options)) return;
  const where = `a call of policy ${policy}`;
  if (!anObject.holds(options)) throw wrong(where, 'options', anObject.must, options);
  check(where, options, callRules);
  if (options.retry) check(where, options.retry, retryRules, 'retry.');
  if (options.resume !== undefined) {
    check(where, options.resume, resumeRules, 'resume.');
    if (options.resume.attempt === undefined)
      throw new TypeError(`${where}: resume.attempt must be the number of the last attempt made; got undefined`);
  }
  if (Object.isFrozen(options)) checked.add(options);
}

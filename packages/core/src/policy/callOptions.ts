import { GATES } from '../gates/list.js';
import { AROUND } from '../around/list.js';
import type { Attributes } from '../model/Attributes.js';
import type { CallOptions } from '../runtime/CallOptions.js';
import {
  aBoolean,
  aFunction,
  aName,
  anObject,
  aSignal,
  atLeastOne,
  atLeastZero,
  check,
  isPlain,
  milliseconds,
  orFalse,
  wrong,
  type Rules,
} from '../model/rules.js';
import { CallSettings } from '../runtime/CallSettings.js';
import { INNER } from '../runtime/InnerCalls.js';

/** Every option of a call: its own, and those of each gate that there is. */
const callRules: Rules = {
  operation: aName,
  signal: aSignal,
  timeoutMs: milliseconds,
  attributes: anObject,
  timeline: aBoolean,
  retry: orFalse(anObject),
  idempotent: aBoolean,
  hedge: { must: 'false', holds: (value) => value === false },
  resume: anObject,
  classifyResult: aFunction,
  parent: {
    must: 'the attempt that a function was given',
    holds: (value) =>
      typeof value === 'object' &&
      value !== null &&
      (INNER in value ||
        ('remainingMs' in value && 'signal' in value && typeof value.remainingMs === 'number' && aSignal.holds(value.signal))),
  },
  sleep: aFunction,
  beforeSleep: aFunction,
  ...Object.fromEntries(GATES.flatMap((part) => Object.entries(part.callRules ?? {}))),
  ...Object.assign({}, ...AROUND.map(({ callRules }) => callRules)),
};

const retryRules: Rules = { maxAttempts: atLeastOne };
const resumeRules: Rules = { attempt: { must: 'a whole number, at least 1', holds: atLeastOne.holds }, previousDelayMs: atLeastZero };

/** What was read of options that nobody can change; many programs pass the same few objects again and again. */
const frozen = new WeakMap<object, CallSettings>();

/**
 * Reads a call's options, each once, and checks them; what is absent is taken of `preset`. Throws a TypeError that names the option, the
 * value and the rule.
 */
export function readCallOptions(policy: string, given: CallOptions<never, never>, preset: CallSettings | undefined): CallSettings {
  const known = frozen.get(given);
  if (known !== undefined) return preset === undefined ? known : copyOf(known).over(preset);
  const where = `a call of policy ${policy}`;
  if (!anObject.holds(given)) throw wrong(where, 'options', anObject.must, given);
  const options = new CallSettings();
  check<CallOptions<unknown, unknown>>(where, given as CallOptions, callRules, '', options);
  const { retry, resume, attributes } = options;
  // What stands around it is nested deeper than is looked at here.
  const isFixed = Object.isFrozen(given) && [given, retry, resume, attributes].every(isFrozen) && !asksWithObjects(options);
  if (retry) options.retry = check(where, retry, retryRules, 'retry.');
  if (attributes !== undefined) options.attributes = attributesOf(attributes);
  if (resume !== undefined) {
    options.resume = check(where, resume, resumeRules, 'resume.');
    if (options.resume.attempt === undefined)
      throw new TypeError(`${where}: resume.attempt must be the number of the last attempt made; got undefined`);
  }
  if (options.hasAround) readAround(where, options);
  if (isFixed) frozen.set(given, options);
  if (preset === undefined) return options;
  return isFixed ? copyOf(options).over(preset) : options.over(preset);
}

/** Whether it asks what stands around it with more than words and numbers, which nobody can change. */
function asksWithObjects(options: CallSettings): boolean {
  return AROUND.some(({ callRules }) => Object.keys(callRules).some((option) => isObject(Reflect.get(options, option))));
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function readAround(where: string, options: CallSettings): void {
  options.asksAround = true;
  for (const { callRules, readCall } of AROUND) {
    if (readCall === undefined) continue;
    for (const option of Object.keys(callRules)) {
      const given: unknown = Reflect.get(options, option);
      if (given !== undefined) Reflect.set(options, option, readCall(`${where}, ${option}`, option, given));
    }
  }
}

function copyOf(options: CallSettings): CallSettings {
  return new CallSettings().over(options);
}

/** Whether it says the same for ever: a getter may not, and neither may a class. */
function isFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return (
    Object.isFrozen(value) &&
    isPlain(value) &&
    Object.values(Object.getOwnPropertyDescriptors(value)).every((property) => property.get === undefined)
  );
}

/** As they are now; those that cannot be read are told by telemetry, which cannot either. */
function attributesOf(attributes: Attributes): Attributes {
  try {
    return { ...attributes };
  } catch {
    return attributes;
  }
}

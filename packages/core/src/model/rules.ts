import { ErrorClass } from './ErrorClass.js';

/** One rule an option is held to: what it must be, in words, and the test of it. */
export interface Rule {
  readonly must: string;
  holds(value: unknown): boolean;
}

/** The rule of every option an object may have. */
export type Rules = { readonly [option: string]: Rule };

/** A rule of a number: the test is asked for finite ones alone. */
const number = (must: string, test: (value: number) => boolean): Rule => ({
  must,
  holds: (value) => typeof value === 'number' && Number.isFinite(value) && test(value),
});

export const milliseconds: Rule = /* @__PURE__ */ number('a finite number of milliseconds above 0', (value) => value > 0);
export const waitMs: Rule = /* @__PURE__ */ number('a finite number of milliseconds, at least 0', (value) => value >= 0);
export const atLeastOne: Rule = /* @__PURE__ */ number('a whole number, at least 1', (value) => Number.isInteger(value) && value >= 1);
export const wholeFromZero: Rule = /* @__PURE__ */ number('a whole number, at least 0', (value) => Number.isInteger(value) && value >= 0);
/** For what is no count, such as a factor. */
export const oneOrMore: Rule = /* @__PURE__ */ number('a finite number, at least 1', (value) => value >= 1);
export const atLeastZero: Rule = /* @__PURE__ */ number('a finite number, at least 0', (value) => value >= 0);
export const share: Rule = /* @__PURE__ */ number('a number above 0 and at most 1', (value) => value > 0 && value <= 1);

export const aFunction: Rule = { must: 'a function', holds: (value) => typeof value === 'function' };
export const aBoolean: Rule = { must: 'true or false', holds: (value) => typeof value === 'boolean' };
export const aName: Rule = { must: 'a string that is not empty', holds: (value) => typeof value === 'string' && value !== '' };
export const anObject: Rule = { must: 'an object', holds: (value) => typeof value === 'object' && value !== null };
/** By its shape, for polyfills have a class of their own. */
export const aSignal: Rule = {
  must: 'an AbortSignal',
  holds: (value) =>
    typeof value === 'object' &&
    value !== null &&
    'aborted' in value &&
    'addEventListener' in value &&
    typeof value.addEventListener === 'function',
};
export const aClock: Rule = {
  must: 'a clock with now, setTimeout and clearTimeout',
  holds: (value) => anObject.holds(value) && ['now', 'setTimeout', 'clearTimeout'].every((method) => isMethod(value, method)),
};
export const aBackoff: Rule = { must: 'a backoff, which is a function', holds: (value) => typeof value === 'function' };

function isMethod(value: unknown, name: string): boolean {
  return typeof Reflect.get(value as object, name) === 'function';
}

/** `false` beside what another rule allows. */
export const orFalse = (rule: Rule): Rule => ({ must: `${rule.must}, or false`, holds: (value) => value === false || rule.holds(value) });

/** `null` beside what another rule allows. */
export const orNull = (rule: Rule): Rule => ({ must: rule.must, holds: (value) => value === null || rule.holds(value) });

/** One of some words. */
export const oneOf = (words: readonly string[]): Rule => ({
  must: `one of ${words.join(', ')}`,
  holds: (value) => words.some((word) => word === value),
});

/** Every one of a list. */
export const listOf = (rule: Rule): Rule => ({
  must: `a list, each ${rule.must}`,
  holds: (value) => Array.isArray(value) && value.every((item) => rule.holds(item)),
});

export const errorClasses: readonly ErrorClass[] = /* @__PURE__ */ Object.values(ErrorClass);

/** A record with a rule for what it holds, by error class. */
export const byClass = (rule: Rule): Rules => Object.fromEntries(errorClasses.map((errorClass) => [errorClass, rule]));

/** A wrong option, in words: where, which, what it must be and what it was. */
export function wrong(where: string, option: string, must: string, value: unknown): TypeError {
  return new TypeError(`${where}: ${option} must be ${must}; got ${show(value)}`);
}

/** Refuses a value that breaks its rule: says where, which, what it must be and what it was. */
export function hold(where: string, option: string, value: unknown, rule: Rule): void {
  let holds = false;
  try {
    holds = rule.holds(value);
  } catch {
    // What cannot even be looked at, such as a revoked proxy.
  }
  if (!holds) throw wrong(where, option, rule.must, value);
}

/**
 * Refuses options that are unknown or break their rule; `undefined` counts as absent. Gives what they were, each read once: what becomes
 * of the object later, and what every object inherits, has no part in it. `into`: the object to write them on.
 */
export function check<T extends object>(where: string, options: T, rules: Rules, prefix = '', into = Object.create(null) as T): T {
  for (const option of namesOf(where, options, rules, prefix)) take(where, options, rules, prefix, option, into);
  return into;
}

/** The names of the options that an object has, its class's included. */
function namesOf(where: string, options: object, rules: Rules, prefix: string): readonly string[] {
  const shown = prefix === '' ? 'options' : prefix.slice(0, -1);
  if (!anObject.holds(options)) throw wrong(where, shown, anObject.must, options);
  let names: readonly string[] | undefined;
  try {
    if (isPlain(options)) return Object.keys(options);
    if (!isSomethingElse(options)) names = namesOfClass(options, rules);
  } catch (cause) {
    throw new TypeError(`${where}: ${shown} must be ${anObject.must}; got what cannot be read`, { cause });
  }
  if (names === undefined) throw wrong(where, shown, anObject.must, options);
  return names;
}

function namesOfClass(options: object, rules: Rules): readonly string[] {
  const names = new Set<string>();
  for (const option in options) if (isInherited(options, option)) names.add(option);
  // The accessors of a class are not among the names that are walked.
  for (const option in rules) if (isInherited(options, option)) names.add(option);
  return [...names];
}

/** Lists, maps and promises have no options: whoever gives one forgot an `await`, or more. */
export function isSomethingElse(options: object): boolean {
  return Symbol.iterator in options || 'then' in options;
}

function take(where: string, options: object, rules: Rules, prefix: string, option: string, into: object): void {
  const rule = Object.hasOwn(rules, option) ? rules[option] : undefined;
  const value = read(where, options, prefix + option, rule, option);
  if (rule === undefined) throw new TypeError(unknown(where, prefix, option, value, rules));
  if (value === undefined) return;
  hold(where, prefix + option, value, rule);
  (into as Record<string, unknown>)[option] = value;
}

/** Whether an object has its properties to itself, but for those that every object has. */
export function isPlain(value: object): boolean {
  const parent: unknown = Object.getPrototypeOf(value);
  return parent === null || isRoot(parent);
}

/** Of this realm or another, such as that of a test runner. */
function isRoot(value: unknown): boolean {
  return value === Object.prototype || (Object.getPrototypeOf(value) === null && Object.hasOwn(value as object, 'isPrototypeOf'));
}

/** Whether a property comes from the object itself or its class, and not from what every object inherits. */
function isInherited(options: object, option: string): boolean {
  for (let holder: unknown = options; holder !== null && !isRoot(holder); holder = Object.getPrototypeOf(holder)) {
    if (Object.hasOwn(holder as object, option)) return true;
  }
  return false;
}

function read(where: string, options: object, shown: string, rule: Rule | undefined, option: string): unknown {
  try {
    return (options as Readonly<Record<string, unknown>>)[option];
  } catch (cause) {
    throw new TypeError(`${where}: ${shown} must be ${rule?.must ?? 'readable'}; got what cannot be read`, { cause });
  }
}

function unknown(where: string, prefix: string, option: string, value: unknown, rules: Rules): string {
  const start = `${where}: unknown option ${prefix}${option} (${show(value)})`;
  if (option === 'retries') {
    const attempts = typeof value === 'number' ? `: retry.maxAttempts: ${value + 1}` : '';
    return `${start}; maxAttempts = retries + 1, the first attempt included${attempts}`;
  }
  return `${start}; known are ${Object.keys(rules).join(', ')}`;
}

function show(value: unknown): string {
  try {
    return typeof value === 'string' ? JSON.stringify(value) : Array.isArray(value) ? `[${value.map(show).join(', ')}]` : String(value);
  } catch {
    return typeof value;
  }
}

/** One rule an option is held to: what it must be, in words, and the test of it. */
export interface Rule {
  readonly must: string;
  holds(value: unknown): boolean;
}

/** The rule of every option an object may have. */
export type Rules = { readonly [option: string]: Rule };

const number = (must: string, test: (value: number) => boolean): Rule => ({
  must,
  holds: (value) => typeof value === 'number' && Number.isFinite(value) && test(value),
});

export const milliseconds: Rule = number('a finite number of milliseconds above 0', (value) => value > 0);
export const waitMs: Rule = number('a finite number of milliseconds, at least 0', (value) => value >= 0);
export const atLeastOne: Rule = number('a whole number, at least 1', (value) => Number.isInteger(value) && value >= 1);
export const atLeastZero: Rule = number('a finite number, at least 0', (value) => value >= 0);
export const share: Rule = number('a number above 0 and at most 1', (value) => value > 0 && value <= 1);

export const aFunction: Rule = { must: 'a function', holds: (value) => typeof value === 'function' };
export const aBoolean: Rule = { must: 'true or false', holds: (value) => typeof value === 'boolean' };
export const aName: Rule = { must: 'a string that is not empty', holds: (value) => typeof value === 'string' && value !== '' };
export const anObject: Rule = { must: 'an object', holds: (value) => typeof value === 'object' && value !== null };
export const anything: Rule = { must: 'anything', holds: () => true };

/** `false` beside what another rule allows. */
export const orFalse = (rule: Rule): Rule => ({ must: `${rule.must}, or false`, holds: (value) => value === false || rule.holds(value) });

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

/** A wrong option, in words: where, which, what it must be and what it was. */
export function wrong(where: string, option: string, must: string, value: unknown): TypeError {
  return new TypeError(`${where}: ${option} must be ${must}; got ${show(value)}`);
}

/** Refuses options that are unknown or break their rule. `undefined` counts as absent. */
export function check(where: string, options: object, rules: Rules, prefix = ''): void {
  for (const option in options) {
    const value: unknown = Reflect.get(options, option);
    const rule = Object.hasOwn(rules, option) ? rules[option] : undefined;
    if (rule === undefined) throw new TypeError(unknown(where, prefix, option, value, rules));
    if (value !== undefined && !rule.holds(value)) throw wrong(where, prefix + option, rule.must, value);
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

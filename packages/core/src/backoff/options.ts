/** One rule an option is held to: what it must be, in words, and the test of it. */
export interface Rule {
  readonly must: string;
  holds(value: unknown): boolean;
}

const number = (must: string, test: (value: number) => boolean): Rule => ({
  must,
  holds: (value) => typeof value === 'number' && Number.isFinite(value) && test(value),
});

export const waitMs: Rule = /* @__PURE__ */ number('a finite number of milliseconds, at least 0', (value) => value >= 0);
export const atLeastOne: Rule = /* @__PURE__ */ number('a finite number, at least 1', (value) => value >= 1);
export const share: Rule = /* @__PURE__ */ number('a number above 0 and at most 1', (value) => value > 0 && value <= 1);
export const aBackoff: Rule = { must: 'a backoff, which is a function', holds: (value) => typeof value === 'function' };

/** Refuses options that are unknown or break their rule; `undefined` counts as absent. */
export function check(where: string, options: object, rules: Readonly<Record<string, Rule>>): void {
  for (const [option, value] of Object.entries(options)) {
    const rule = Object.hasOwn(rules, option) ? rules[option] : undefined;
    if (rule === undefined) throw new TypeError(`${where}: unknown option ${option}; known are ${Object.keys(rules).join(', ')}`);
    if (value !== undefined) hold(where, option, value, rule);
  }
}

/** Refuses a value that breaks its rule: says where, which, what it must be and what it was. */
export function hold(where: string, option: string, value: unknown, rule: Rule): void {
  if (rule.holds(value)) return;
  const got = typeof value === 'string' ? `"${value}"` : typeof value === 'object' ? Object.prototype.toString.call(value) : String(value);
  throw new TypeError(`${where}: ${option} must be ${rule.must}; got ${got}`);
}

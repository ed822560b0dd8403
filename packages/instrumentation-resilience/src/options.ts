import type { ResilienceInstrumentationConfig } from './types.js';

interface Option {
  /** The default, as the README shows it. */
  readonly fallback: string;
  /** What the value must be, in words. */
  readonly must: string;
  holds(value: unknown): boolean;
}

type Options = { readonly [Name in keyof Required<ResilienceInstrumentationConfig>]: Option };

const flag = (fallback: boolean): Option => ({
  fallback: String(fallback),
  must: 'true or false',
  holds: (value) => typeof value === 'boolean',
});

const word = (fallback: string, ...words: readonly string[]): Option => ({
  fallback: `'${fallback}'`,
  must: `one of ${words.map((each) => `'${each}'`).join(', ')}`,
  holds: (value) => words.some((each) => each === value),
});

const count = (fallback: number, least: number): Option => ({
  fallback: fallback.toLocaleString('en-US'),
  must: `a whole number, at least ${least}`,
  holds: (value) => typeof value === 'number' && Number.isInteger(value) && value >= least,
});

/** Every option, in the order of the README's table. */
export const OPTIONS: Options = {
  enabled: flag(true),
  spans: word('always', 'always', 'on-problem', 'never'),
  spanEvents: flag(true),
  logSeverity: word('INFO', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'OFF'),
  logSuccess: flag(false),
  attemptSpans: flag(false),
  exceptionEvents: flag(true),
  attemptDuration: flag(false),
  requireParentSpan: flag(false),
  callHook: { fallback: 'none', must: 'a function', holds: (value) => typeof value === 'function' },
  maxOperations: count(200, 1),
  maxRows: count(1500, 50),
};

const optionOf = new Map<string, Option>(Object.entries(OPTIONS));

/**
 * Refuses a wrong option with its name, its value and its rule. It throws, because a wrong option is a mistake in the
 * program that its first start shows; nothing that happens later can make it throw.
 *
 * @throws TypeError
 */
export function checkOptions(config: unknown): void {
  if (typeof config !== 'object' || config === null) {
    throw new TypeError(`ResilienceInstrumentation: its options must be an object; got ${show(config)}`);
  }
  for (const [name, value] of Object.entries(config)) {
    const option = optionOf.get(name);
    if (option === undefined) {
      throw new TypeError(
        `ResilienceInstrumentation: unknown option ${name} (${show(value)}); known are ${[...optionOf.keys()].join(', ')}`,
      );
    }
    if (value !== undefined && !option.holds(value)) {
      throw new TypeError(`ResilienceInstrumentation: ${name} must be ${option.must}; got ${show(value)}`);
    }
  }
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  // Anything with a toString of its own could throw or be long; its type says enough.
  return typeof value === 'object' && value !== null ? 'an object' : typeof value === 'function' ? 'a function' : String(value);
}

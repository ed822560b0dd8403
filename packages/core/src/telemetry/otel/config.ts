import { LogSeverity } from '../port/LogSeverity.js';
import { aBoolean, aFunction, check, oneOf, type Rule, type Rules } from '../../model/rules.js';
import type { Diagnostics } from './Diagnostics.js';
import type { SpanMode, TelemetryConfig } from './TelemetryConfig.js';

/** Bounds of the metric tables; one mutable object, since they may change while tables live. */
export interface Limits {
  maxOperations: number;
  maxRows: number;
}

/** The options with their defaults filled in. */
export interface ResolvedConfig {
  readonly spans: SpanMode;
  readonly spanEvents: boolean;
  /** Lowest severity number that is emitted; Infinity for none. */
  readonly logSeverity: number;
  readonly logSuccess: boolean;
  readonly attemptSpans: boolean;
  readonly exceptionEvents: boolean;
  readonly attemptDuration: boolean;
  readonly requireParentSpan: boolean;
  readonly callHook: TelemetryConfig['callHook'];
  readonly limits: Readonly<Limits>;
}

/** One option of what is emitted: its rule, and its default; undefined for none. */
export interface TelemetryOption<T = unknown> extends Rule {
  readonly fallback: T;
}

type Name = keyof TelemetryConfig;
type Value<N extends Name> = N extends 'callHook' ? TelemetryConfig['callHook'] : NonNullable<TelemetryConfig[N]>;
type Options = { readonly [N in Name]-?: TelemetryOption<Value<N>> };

const flag = (fallback: boolean): TelemetryOption<boolean> => ({ ...aBoolean, fallback });

const word = <T extends string>(fallback: T, ...words: readonly T[]): TelemetryOption<T> => ({ ...oneOf(words), fallback });

const count = (fallback: number, least: number): TelemetryOption<number> => ({
  fallback,
  must: `a whole number, at least ${least}`,
  holds: (value) => typeof value === 'number' && Number.isInteger(value) && value >= least,
});

/** Every option of what is emitted, with its rule and its default: the one place where they stand. */
export const TELEMETRY_OPTIONS: Options = {
  spans: word<SpanMode>('always', 'always', 'on-problem', 'never'),
  spanEvents: flag(true),
  logSeverity: word<LogSeverity | 'OFF'>('INFO', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'OFF'),
  logSuccess: flag(false),
  attemptSpans: flag(false),
  exceptionEvents: flag(true),
  attemptDuration: flag(false),
  requireParentSpan: flag(false),
  callHook: { ...aFunction, fallback: undefined },
  maxOperations: count(200, 1),
  maxRows: count(1_500, 50),
};

/**
 * Refuses a wrong option of what is emitted, with its name, its value and its rule; `more` are options that go beside them.
 *
 * @throws TypeError
 */
export function checkTelemetryOptions(where: string, options: object, more: Rules = {}): void {
  check(where, options, { ...more, ...TELEMETRY_OPTIONS });
}

/**
 * Checks and gives the same options of somewhere that calls them otherwise: `shown` is what an option is called there, `not` are those that
 * it cannot have.
 *
 * @throws TypeError with the name that the option has there.
 */
export function readTelemetryOptions(
  where: string,
  options: object,
  more: Rules,
  not: readonly string[],
  shown: (name: string) => string,
): Partial<TelemetryConfig> {
  const rules = Object.entries({ ...more, ...TELEMETRY_OPTIONS }).filter(([name]) => !not.includes(name));
  const read: object = check(where, options, Object.fromEntries(rules.map(([name, rule]) => [shown(name), rule])));
  return Object.fromEntries(rules.flatMap(([name]) => (shown(name) in read ? [[name, Reflect.get(read, shown(name))]] : [])));
}

/**
 * Fills in the defaults. A wrong value is told through `diag` and the default taken, not thrown:
 * options of the telemetry must not keep a service from starting.
 */
export function resolveConfig(config: TelemetryConfig, diagnostics: Diagnostics): ResolvedConfig {
  const known = <N extends Name>(name: N): Value<N> => {
    const { fallback, must, holds } = TELEMETRY_OPTIONS[name] as TelemetryOption<Value<N>>;
    const value = config[name];
    if (value === undefined) return fallback;
    if (holds(value)) return value as Value<N>;
    diagnostics.warn(`option ${name} is ${String(value)}, but must be ${must}; ${String(fallback)} is used`);
    return fallback;
  };
  const severity = known('logSeverity');
  return Object.freeze({
    spans: known('spans'),
    spanEvents: known('spanEvents'),
    logSeverity: severity === 'OFF' ? Number.POSITIVE_INFINITY : LogSeverity[severity],
    logSuccess: known('logSuccess'),
    attemptSpans: known('attemptSpans'),
    exceptionEvents: known('exceptionEvents'),
    attemptDuration: known('attemptDuration'),
    requireParentSpan: known('requireParentSpan'),
    callHook: known('callHook'),
    limits: Object.freeze({ maxOperations: known('maxOperations'), maxRows: known('maxRows') }),
  });
}

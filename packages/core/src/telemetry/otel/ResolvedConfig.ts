import type { Diagnostics } from './Diagnostics.js';
import { LogSeverity } from './LogSink.js';
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

const SPAN_MODES: ReadonlySet<unknown> = new Set<SpanMode>(['always', 'on-problem', 'never']);

/**
 * Fills in the defaults. A wrong value is told through `diag` and the default taken, not thrown:
 * options of the telemetry must not keep a service from starting.
 */
export function resolveConfig(config: TelemetryConfig, diagnostics: Diagnostics): ResolvedConfig {
  const known = <T>(name: string, value: T | undefined, fallback: T, rule: string, fits: (value: T) => boolean): T => {
    if (value === undefined) return fallback;
    if (fits(value)) return value;
    diagnostics.warn(`option ${name} is ${String(value)}, but must be ${rule}; ${String(fallback)} is used`);
    return fallback;
  };
  const bool = (name: string, value: boolean | undefined, fallback: boolean): boolean =>
    known(name, value, fallback, 'true or false', (given) => typeof given === 'boolean');
  const atLeast = (name: string, value: number | undefined, fallback: number, min: number): number =>
    known(name, value, fallback, `a whole number of at least ${min}`, (given) => Number.isInteger(given) && given >= min);

  const severity = known<LogSeverity | 'OFF'>(
    'logSeverity',
    config.logSeverity,
    'INFO',
    'DEBUG, INFO, WARN, ERROR or OFF',
    (given) => given === 'OFF' || Object.hasOwn(LogSeverity, given),
  );
  return Object.freeze({
    spans: known<SpanMode>('spans', config.spans, 'always', 'always, on-problem or never', (given) => SPAN_MODES.has(given)),
    spanEvents: bool('spanEvents', config.spanEvents, true),
    logSeverity: severity === 'OFF' ? Number.POSITIVE_INFINITY : LogSeverity[severity],
    logSuccess: bool('logSuccess', config.logSuccess, false),
    attemptSpans: bool('attemptSpans', config.attemptSpans, false),
    exceptionEvents: bool('exceptionEvents', config.exceptionEvents, true),
    attemptDuration: bool('attemptDuration', config.attemptDuration, false),
    requireParentSpan: bool('requireParentSpan', config.requireParentSpan, false),
    callHook: known<TelemetryConfig['callHook']>(
      'callHook',
      config.callHook,
      undefined,
      'a function',
      (given) => typeof given === 'function',
    ),
    limits: Object.freeze({
      maxOperations: atLeast('maxOperations', config.maxOperations, 200, 1),
      maxRows: atLeast('maxRows', config.maxRows, 1_500, 50),
    }),
  });
}

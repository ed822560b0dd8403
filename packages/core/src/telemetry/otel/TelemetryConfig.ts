import type { Span } from '@opentelemetry/api';
import type { ErrorClass } from '../../model/ErrorClass.js';
import type { OutcomeKind } from '../../model/Outcome.js';
import type { StopReason } from '../../model/StopReason.js';
import type { LogSeverity } from '../port/LogSeverity.js';

/**
 * Which calls get a span.
 *
 * - `always`: every call; the span is active in the function, so client spans nest under it.
 * - `on-problem`: only calls that were retried, failed or were rejected. Whether a call is one of them is known only at
 *   its end, so its span is made then, with the call's own start time; spans made inside the function cannot be its
 *   children and stay children of whatever was active around the call.
 * - `never`: none.
 */
export type SpanMode = 'always' | 'on-problem' | 'never';

/** What a call hook is told. */
export interface CallSummary {
  /** The policy's name. */
  readonly policy: string;
  /** The call's operation; the policy's name when none was given. */
  readonly operation: string;
  /** How the call ended. */
  readonly outcome: OutcomeKind;
  /** Attempts made. */
  readonly attempts: number;
  /** Seconds from start to end, waits included. */
  readonly durationS: number;
  /** Why it stopped; undefined on success. */
  readonly stopReason: StopReason | undefined;
  /** Class of the failure; undefined unless the call failed. */
  readonly errorClass: ErrorClass | undefined;
}

/** Options of what core emits; `undefined` means the default. They may change while calls run: a call keeps those it began with. */
export interface TelemetryConfig {
  /** Default `always`. */
  readonly spans?: SpanMode | undefined;
  /** Events of the call (`retry`, `success`, …) on its span. Default true. */
  readonly spanEvents?: boolean | undefined;
  /** Lowest severity of log events; `OFF` for none. Default `INFO`. */
  readonly logSeverity?: LogSeverity | 'OFF' | undefined;
  /** A log event for each success, at DEBUG, whatever `logSeverity` says. Default false. */
  readonly logSuccess?: boolean | undefined;
  /** A child span for each attempt. Default false. */
  readonly attemptSpans?: boolean | undefined;
  /** The exception event of a failed call, with message and stack trace. Default true. */
  readonly exceptionEvents?: boolean | undefined;
  /** The histogram `redress.attempt.duration`. Default false. */
  readonly attemptDuration?: boolean | undefined;
  /** No span for a call outside of any span. Default false. */
  readonly requireParentSpan?: boolean | undefined;
  /** Called just before a recording span ends; what it throws is told through `diag` and ignored. */
  readonly callHook?: ((span: Span, call: CallSummary) => void) | undefined;
  /** Pairs of policy and operation with metric rows of their own; the rest is summed into operation `_other`. Default 200; at least 1. */
  readonly maxOperations?: number | undefined;
  /**
   * Rows of one metric; the rest is summed into `_other`. Default 1,500, below the SDK's own limit of 2,000 series, past which
   * it would lose counts. Raise it only together with that limit (`aggregationCardinalityLimit` of a View). At least 50.
   */
  readonly maxRows?: number | undefined;
}

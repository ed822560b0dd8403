import type { Context } from '@opentelemetry/api';
import type { Attributes } from '../../model/Attributes.js';
import type { LogSeverity } from '../port/LogSeverity.js';

/** A log event, shaped as the Logs API of both OpenTelemetry lines takes it. */
export interface LogEvent {
  /** When it happened: seconds and nanoseconds since 1970. Of one call no two events have the same. */
  readonly timestamp: [seconds: number, nanoseconds: number];
  /** `redress.` and the event's name. */
  readonly eventName: string;
  /** As OpenTelemetry numbers severities; see {@link LogSeverity}. */
  readonly severityNumber: number;
  /** Name of the severity. */
  readonly severityText: LogSeverity;
  /** Those of the event, and its name as `redress.event`. */
  readonly attributes: Attributes;
  /** Carries the call's span, so that the record has its trace and span id. */
  readonly context: Context;
}

/**
 * Where log events go. It is structural, because the Logs API lives in `@opentelemetry/api-logs` beside SDK 2.x and in
 * `@opentelemetry/api` from 1.10 on. A logger of either fits. One that throws is told through `diag` once.
 */
export interface LogSink {
  /** Takes one log event. */
  emit(event: LogEvent): void;
}

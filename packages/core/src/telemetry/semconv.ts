// Made by scripts/semconv.js from semconv/redress.yaml; edit that instead.

import type { EventName } from '../model/EventName.js';
import type { LogSeverity } from './otel/LogSink.js';

/** A metric as an instrument is made from it. */
export interface MetricDefinition {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
}

export const ATTR_REDRESS_POLICY = 'redress.policy';
export const ATTR_OPERATION = 'operation';
export const ATTR_ERROR_CLASS = 'error.class';
export const ATTR_RETRY_ATTEMPT = 'retry.attempt';
export const ATTR_REDRESS_ATTEMPT_COUNT = 'redress.attempt_count';
export const ATTR_REDRESS_BACKOFF_DELAY = 'redress.backoff.delay';
export const ATTR_REDRESS_EVENT = 'redress.event';
export const ATTR_REDRESS_OUTCOME = 'redress.outcome';
export const ATTR_REDRESS_STOP_REASON = 'redress.stop_reason';
export const ATTR_REDRESS_CAUSE = 'redress.cause';
export const ATTR_CIRCUIT_NAME = 'circuit.name';
export const ATTR_CIRCUIT_STATE = 'circuit.state';
export const ATTR_REDRESS_OBSERVE_ONLY = 'redress.observe_only';
export const ATTR_ERROR_TYPE = 'error.type';
export const ATTR_EXCEPTION_TYPE = 'exception.type';
export const ATTR_EXCEPTION_MESSAGE = 'exception.message';
export const ATTR_EXCEPTION_STACKTRACE = 'exception.stacktrace';

export const METRIC_REDRESS_EVENTS: MetricDefinition = {
  name: 'redress.events',
  unit: '{event}',
  description: 'Events of calls and circuits.',
};
export const METRIC_REDRESS_ATTEMPTS: MetricDefinition = {
  name: 'redress.attempts',
  unit: '{attempt}',
  description: 'Attempts made.',
};
export const METRIC_REDRESS_RETRIES: MetricDefinition = {
  name: 'redress.retries',
  unit: '{retry}',
  description: "Retries scheduled, by the failure's class and the attempt to be made.",
};
export const METRIC_REDRESS_RETRY_SUCCESS_AFTER_RETRIES: MetricDefinition = {
  name: 'redress.retry.success_after_retries',
  unit: '{call}',
  description: 'Calls that succeeded after the first attempt.',
};
export const METRIC_REDRESS_RETRY_DURATION: MetricDefinition = {
  name: 'redress.retry.duration',
  unit: 's',
  description: 'Duration of calls, waits included.',
};
export const METRIC_REDRESS_BACKOFF_TIME: MetricDefinition = {
  name: 'redress.backoff.time',
  unit: 's',
  description: 'Time spent waiting between attempts.',
};
export const METRIC_REDRESS_CIRCUIT_STATE: MetricDefinition = {
  name: 'redress.circuit.state',
  unit: '1',
  description: "1 for the circuit's present state, 0 for the others.",
};
export const METRIC_REDRESS_CIRCUIT_TIME_IN_STATE: MetricDefinition = {
  name: 'redress.circuit.time_in_state',
  unit: 's',
  description: 'Time the circuit spent in each state.',
};
export const METRIC_REDRESS_CIRCUIT_FAILURE_RATE: MetricDefinition = {
  name: 'redress.circuit.failure_rate',
  unit: '1',
  description: "Share of failed calls in the circuit's window.",
};
export const METRIC_REDRESS_RETRY_BUDGET: MetricDefinition = {
  name: 'redress.retry.budget',
  unit: '{retry}',
  description: 'Retries the budget still grants.',
};
export const METRIC_REDRESS_ATTEMPT_ABANDONED: MetricDefinition = {
  name: 'redress.attempt.abandoned',
  unit: '{attempt}',
  description: 'Functions still running after their call settled.',
};
export const METRIC_REDRESS_ATTEMPT_DURATION: MetricDefinition = {
  name: 'redress.attempt.duration',
  unit: 's',
  description: 'Duration of attempts.',
};

/** Severity of the log event of each event. */
export const EVENT_SEVERITY: Readonly<Record<EventName, LogSeverity>> = {
  success: 'DEBUG',
  retry: 'WARN',
  permanent_fail: 'ERROR',
  deadline_exceeded: 'ERROR',
  max_attempts_exceeded: 'ERROR',
  max_unknown_attempts_exceeded: 'ERROR',
  no_strategy_configured: 'ERROR',
  budget_exhausted: 'ERROR',
  scheduled: 'INFO',
  aborted: 'INFO',
  circuit_rejected: 'WARN',
  circuit_opened: 'ERROR',
  circuit_half_open: 'WARN',
  circuit_closed: 'INFO',
  attempt_timeout: 'WARN',
  slow_call: 'WARN',
};

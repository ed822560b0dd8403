// Made by scripts/semconv.js from semconv/redress.yaml; edit that instead.

import {
  ATTR_ERROR_TYPE as OTEL_ERROR_TYPE,
  ATTR_EXCEPTION_TYPE as OTEL_EXCEPTION_TYPE,
  ATTR_EXCEPTION_MESSAGE as OTEL_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE as OTEL_EXCEPTION_STACKTRACE,
} from '@opentelemetry/semantic-conventions';
import type { EventName } from '../../model/EventName.js';
import type { LogSeverity } from './LogSeverity.js';

/** How values of several owners become one. */
export type Merge = 'last' | 'sum' | 'min' | 'max';

/** A metric as an instrument is made from it. */
export interface MetricDefinition {
  readonly name: string;
  readonly instrument: 'counter' | 'gauge' | 'histogram' | 'updowncounter';
  /** Read when the SDK collects. */
  readonly async: boolean;
  readonly unit: string;
  readonly description: string;
  /** What its rows may carry; of a gauge the first is what it is named by. */
  readonly attributes: readonly string[];
  /** Of a gauge: among owners of the same name, and among those past the bound. */
  readonly merge?: { readonly same: Merge; readonly other: Merge };
}

export const ATTR_REDRESS_POLICY = 'redress.policy';
export const ATTR_REDRESS_KEY = 'redress.key';
export const ATTR_REDRESS_LIBRARY = 'redress.library';
export const ATTR_OPERATION = 'operation';
export const ATTR_ERROR_CLASS = 'error.class';
export const ATTR_RETRY_ATTEMPT = 'retry.attempt';
export const ATTR_REDRESS_ATTEMPT_COUNT = 'redress.attempt_count';
export const ATTR_REDRESS_BACKOFF_DELAY = 'redress.backoff.delay';
export const ATTR_REDRESS_RETRY_AFTER = 'redress.retry_after';
export const ATTR_REDRESS_RETRIED = 'redress.retried';
export const ATTR_REDRESS_HEDGE_WINNER = 'redress.hedge.winner';
export const ATTR_REDRESS_ANSWERED_BY = 'redress.answered_by';
export const ATTR_REDRESS_CACHE_AGE = 'redress.cache.age';
export const ATTR_REDRESS_CACHE_COALESCED = 'redress.cache.coalesced';
export const ATTR_REDRESS_ABORT_SOURCE = 'redress.abort.source';
export const ATTR_REDRESS_WASTE = 'redress.waste';
export const ATTR_REDRESS_EVENT = 'redress.event';
export const ATTR_REDRESS_OUTCOME = 'redress.outcome';
export const ATTR_REDRESS_STOP_REASON = 'redress.stop_reason';
export const ATTR_REDRESS_CAUSE = 'redress.cause';
export const ATTR_CIRCUIT_NAME = 'circuit.name';
export const ATTR_CIRCUIT_STATE = 'circuit.state';
export const ATTR_REDRESS_OBSERVE_ONLY = 'redress.observe_only';
export const ATTR_REDRESS_CIRCUIT_TRIP_REASON = 'redress.circuit.trip_reason';
export const ATTR_REDRESS_CIRCUIT_FAILURE_RATIO = 'redress.circuit.failure_ratio';
export const ATTR_REDRESS_CIRCUIT_SLOW_CALL_RATIO = 'redress.circuit.slow_call_ratio';
export const ATTR_REDRESS_CIRCUIT_CALLS = 'redress.circuit.calls';
export const ATTR_REDRESS_CIRCUIT_OPEN_FOR = 'redress.circuit.open_for';
export const ATTR_ERROR_TYPE = OTEL_ERROR_TYPE;
export const ATTR_EXCEPTION_TYPE = OTEL_EXCEPTION_TYPE;
export const ATTR_EXCEPTION_MESSAGE = OTEL_EXCEPTION_MESSAGE;
export const ATTR_EXCEPTION_STACKTRACE = OTEL_EXCEPTION_STACKTRACE;

export const METRIC_REDRESS_EVENTS: MetricDefinition = {
  name: 'redress.events',
  instrument: 'counter',
  async: true,
  unit: '{event}',
  description: 'Events of calls and circuits.',
  attributes: [
    'redress.policy',
    'redress.library',
    'operation',
    'redress.event',
    'error.class',
    ATTR_ERROR_TYPE,
    'redress.stop_reason',
    'redress.cause',
    'circuit.name',
    'circuit.state',
    'redress.observe_only',
    'redress.cache.coalesced',
  ],
};
export const METRIC_REDRESS_ATTEMPTS: MetricDefinition = {
  name: 'redress.attempts',
  instrument: 'counter',
  async: true,
  unit: '{attempt}',
  description: 'Attempts made.',
  attributes: ['redress.policy', 'redress.library', 'operation', 'retry.attempt'],
};
export const METRIC_REDRESS_RETRIES: MetricDefinition = {
  name: 'redress.retries',
  instrument: 'counter',
  async: true,
  unit: '{retry}',
  description: "Retries scheduled, by the failure's class and the attempt to be made.",
  attributes: ['redress.policy', 'redress.library', 'operation', 'error.class', 'retry.attempt'],
};
export const METRIC_REDRESS_RETRY_SUCCESS_AFTER_RETRIES: MetricDefinition = {
  name: 'redress.retry.success_after_retries',
  instrument: 'counter',
  async: true,
  unit: '{call}',
  description: 'Calls that succeeded after the first attempt.',
  attributes: ['redress.policy', 'redress.library', 'operation', 'retry.attempt'],
};
export const METRIC_REDRESS_RETRY_DURATION: MetricDefinition = {
  name: 'redress.retry.duration',
  instrument: 'histogram',
  async: false,
  unit: 's',
  description: 'Duration of calls, waits included.',
  attributes: ['redress.policy', 'redress.library', 'operation', 'redress.outcome', 'redress.stop_reason', ATTR_ERROR_TYPE],
};
export const METRIC_REDRESS_BACKOFF_TIME: MetricDefinition = {
  name: 'redress.backoff.time',
  instrument: 'counter',
  async: true,
  unit: 's',
  description: 'Time spent waiting between attempts.',
  attributes: ['redress.policy', 'redress.library', 'operation', 'error.class'],
};
export const METRIC_REDRESS_WASTED_TIME: MetricDefinition = {
  name: 'redress.wasted.time',
  instrument: 'counter',
  async: true,
  unit: 's',
  description: 'Time of work that came to nothing.',
  attributes: ['redress.policy', 'redress.library', 'operation', 'error.class', 'redress.waste'],
};
export const METRIC_REDRESS_CIRCUIT_STATE: MetricDefinition = {
  name: 'redress.circuit.state',
  instrument: 'gauge',
  async: true,
  unit: '{state}',
  description: "1 for the circuit's present state, 0 for the others.",
  attributes: ['circuit.name', 'circuit.state', 'redress.observe_only'],
  merge: { same: 'last', other: 'sum' },
};
export const METRIC_REDRESS_CIRCUIT_TIME_IN_STATE: MetricDefinition = {
  name: 'redress.circuit.time_in_state',
  instrument: 'counter',
  async: true,
  unit: 's',
  description: 'Time the circuit spent in each state.',
  attributes: ['circuit.name', 'circuit.state', 'redress.observe_only'],
  merge: { same: 'last', other: 'sum' },
};
export const METRIC_REDRESS_CIRCUIT_FAILURE_RATIO: MetricDefinition = {
  name: 'redress.circuit.failure_ratio',
  instrument: 'gauge',
  async: true,
  unit: '1',
  description: "Share of failed calls in the circuit's window.",
  attributes: ['circuit.name', 'redress.observe_only'],
  merge: { same: 'last', other: 'max' },
};
export const METRIC_REDRESS_RETRY_BUDGET: MetricDefinition = {
  name: 'redress.retry.budget',
  instrument: 'gauge',
  async: true,
  unit: '{retry}',
  description: 'Retries the budget still grants.',
  attributes: ['redress.policy', 'redress.library'],
  merge: { same: 'last', other: 'min' },
};
export const METRIC_REDRESS_RETRY_BUDGET_LIMIT: MetricDefinition = {
  name: 'redress.retry.budget_limit',
  instrument: 'gauge',
  async: true,
  unit: '{retry}',
  description: 'Retries the budget grants at most.',
  attributes: ['redress.policy', 'redress.library'],
  merge: { same: 'last', other: 'min' },
};
export const METRIC_REDRESS_ACTIVE_CALLS: MetricDefinition = {
  name: 'redress.active_calls',
  instrument: 'updowncounter',
  async: true,
  unit: '{call}',
  description: 'Calls under way.',
  attributes: ['redress.policy', 'redress.library'],
  merge: { same: 'sum', other: 'sum' },
};
export const METRIC_REDRESS_ATTEMPT_ABANDONED: MetricDefinition = {
  name: 'redress.attempt.abandoned',
  instrument: 'updowncounter',
  async: true,
  unit: '{attempt}',
  description: 'Functions still running after their call settled.',
  attributes: ['redress.policy', 'redress.library'],
  merge: { same: 'sum', other: 'sum' },
};
export const METRIC_REDRESS_ATTEMPT_DURATION: MetricDefinition = {
  name: 'redress.attempt.duration',
  instrument: 'histogram',
  async: false,
  unit: 's',
  description: 'Duration of attempts.',
  attributes: ['redress.policy', 'redress.library', 'operation', 'error.class'],
};
export const METRIC_REDRESS_BULKHEAD_IN_FLIGHT: MetricDefinition = {
  name: 'redress.bulkhead.in_flight',
  instrument: 'updowncounter',
  async: true,
  unit: '{call}',
  description: 'Calls that hold a place of the bulkhead.',
  attributes: ['redress.policy', 'redress.library'],
  merge: { same: 'last', other: 'sum' },
};
export const METRIC_REDRESS_BULKHEAD_QUEUED: MetricDefinition = {
  name: 'redress.bulkhead.queued',
  instrument: 'updowncounter',
  async: true,
  unit: '{call}',
  description: 'Calls that wait for a place.',
  attributes: ['redress.policy', 'redress.library'],
  merge: { same: 'last', other: 'sum' },
};
export const METRIC_REDRESS_BULKHEAD_LIMIT: MetricDefinition = {
  name: 'redress.bulkhead.limit',
  instrument: 'updowncounter',
  async: true,
  unit: '{call}',
  description: 'Places that the bulkhead has.',
  attributes: ['redress.policy', 'redress.library'],
  merge: { same: 'last', other: 'sum' },
};
export const METRIC_REDRESS_RATE_LIMITER_AVAILABLE: MetricDefinition = {
  name: 'redress.rate_limiter.available',
  instrument: 'gauge',
  async: true,
  unit: '{permit}',
  description: 'Whole permits that the rate limiter has now.',
  attributes: ['redress.policy', 'redress.library'],
  merge: { same: 'last', other: 'min' },
};

/** Every metric. */
export const METRICS: readonly MetricDefinition[] = [
  METRIC_REDRESS_EVENTS,
  METRIC_REDRESS_ATTEMPTS,
  METRIC_REDRESS_RETRIES,
  METRIC_REDRESS_RETRY_SUCCESS_AFTER_RETRIES,
  METRIC_REDRESS_RETRY_DURATION,
  METRIC_REDRESS_BACKOFF_TIME,
  METRIC_REDRESS_WASTED_TIME,
  METRIC_REDRESS_CIRCUIT_STATE,
  METRIC_REDRESS_CIRCUIT_TIME_IN_STATE,
  METRIC_REDRESS_CIRCUIT_FAILURE_RATIO,
  METRIC_REDRESS_RETRY_BUDGET,
  METRIC_REDRESS_RETRY_BUDGET_LIMIT,
  METRIC_REDRESS_ACTIVE_CALLS,
  METRIC_REDRESS_ATTEMPT_ABANDONED,
  METRIC_REDRESS_ATTEMPT_DURATION,
  METRIC_REDRESS_BULKHEAD_IN_FLIGHT,
  METRIC_REDRESS_BULKHEAD_QUEUED,
  METRIC_REDRESS_BULKHEAD_LIMIT,
  METRIC_REDRESS_RATE_LIMITER_AVAILABLE,
];

/** Severity of the log event of each event. */
export const EVENT_SEVERITY: Readonly<Record<EventName, LogSeverity>> = {
  success: 'DEBUG',
  retry: 'INFO',
  permanent_fail: 'ERROR',
  deadline_exceeded: 'ERROR',
  max_attempts_exceeded: 'ERROR',
  max_unknown_attempts_exceeded: 'ERROR',
  no_strategy_configured: 'ERROR',
  budget_exhausted: 'ERROR',
  scheduled: 'INFO',
  aborted: 'INFO',
  circuit_rejected: 'DEBUG',
  bulkhead_rejected: 'DEBUG',
  rate_limited: 'DEBUG',
  throttled: 'DEBUG',
  drain_rejected: 'INFO',
  circuit_opened: 'ERROR',
  circuit_half_open: 'WARN',
  circuit_closed: 'INFO',
  attempt_timeout: 'WARN',
  fallback_used: 'WARN',
  fallback_failed: 'ERROR',
  cache_hit: 'DEBUG',
  cache_miss: 'DEBUG',
  cache_stale: 'DEBUG',
  hedge: 'INFO',
  attempt_failed: 'INFO',
  slow_call: 'WARN',
};

// Made by scripts/semconv.js from semconv/redress.yaml; edit that instead.

import type { EventName } from './EventName.js';

/** Why a call that did not succeed stopped; `redress.stop_reason` in telemetry. */
export const StopReason = {
  /** The failure's class is not retried (AUTH, PERMISSION, PERMANENT, or not idempotent). */
  NON_RETRYABLE_CLASS: 'NON_RETRYABLE_CLASS',
  /** The call's `timeoutMs` is up, or would be before another attempt could run. */
  DEADLINE_EXCEEDED: 'DEADLINE_EXCEEDED',
  /** `maxAttempts` attempts were made. */
  MAX_ATTEMPTS_GLOBAL: 'MAX_ATTEMPTS_GLOBAL',
  /** `maxAttemptsByClass` attempts ended in this class. */
  MAX_ATTEMPTS_PER_CLASS: 'MAX_ATTEMPTS_PER_CLASS',
  /** `maxUnknownAttempts` attempts ended in UNKNOWN. */
  MAX_UNKNOWN_ATTEMPTS: 'MAX_UNKNOWN_ATTEMPTS',
  /** No backoff is configured for a class that would be retried. */
  NO_STRATEGY: 'NO_STRATEGY',
  /** The retry budget is empty. */
  BUDGET_EXHAUSTED: 'BUDGET_EXHAUSTED',
  /** The sleep handler deferred the retry. */
  SCHEDULED: 'SCHEDULED',
  /** The caller's signal, an AbortRetryError or the sleep handler ended the call. */
  ABORTED: 'ABORTED',
  /** The circuit breaker refused, or opened while the call was retrying. */
  CIRCUIT_OPEN: 'CIRCUIT_OPEN',
  /** As many calls ran as the bulkhead lets, and as many waited. */
  BULKHEAD_FULL: 'BULKHEAD_FULL',
  /** The rate limiter had no permits in time. */
  RATE_LIMITED: 'RATE_LIMITED',
  /** The adaptive throttle refused, as the other side turns away too much. */
  THROTTLED: 'THROTTLED',
  /** The registry drains, and takes no more calls. */
  DRAINING: 'DRAINING',
  /** The fallback failed, or took too long; what it stood in for was told before. */
  FALLBACK_FAILED: 'FALLBACK_FAILED',
} as const;

/** One of the reasons in {@link StopReason}. */
export type StopReason = (typeof StopReason)[keyof typeof StopReason];

/** Reasons by which a gate refuses. */
export type RefusalReason = 'CIRCUIT_OPEN' | 'BULKHEAD_FULL' | 'RATE_LIMITED' | 'THROTTLED' | 'DRAINING';

/** Stop reasons of a call that failed, as against one that was refused, aborted or deferred. */
export type FailureReason = Exclude<StopReason, RefusalReason | 'SCHEDULED' | 'ABORTED'>;

/** The terminal event of each stop reason: what a call's span, its metrics and its timeline end with. */
export const STOP_EVENT: Readonly<Record<StopReason, EventName>> = {
  NON_RETRYABLE_CLASS: 'permanent_fail',
  DEADLINE_EXCEEDED: 'deadline_exceeded',
  MAX_ATTEMPTS_GLOBAL: 'max_attempts_exceeded',
  MAX_ATTEMPTS_PER_CLASS: 'max_attempts_exceeded',
  MAX_UNKNOWN_ATTEMPTS: 'max_unknown_attempts_exceeded',
  NO_STRATEGY: 'no_strategy_configured',
  BUDGET_EXHAUSTED: 'budget_exhausted',
  SCHEDULED: 'scheduled',
  ABORTED: 'aborted',
  CIRCUIT_OPEN: 'circuit_rejected',
  BULKHEAD_FULL: 'bulkhead_rejected',
  RATE_LIMITED: 'rate_limited',
  THROTTLED: 'throttled',
  DRAINING: 'drain_rejected',
  FALLBACK_FAILED: 'fallback_failed',
};

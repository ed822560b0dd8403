// Made by scripts/semconv.js from semconv/redress.yaml; edit that instead.

/** Names of what redress reports: span events, `redress.event` on metrics, `redress.<name>` as log events. */
export const EventName = {
  /** The call succeeded. */
  SUCCESS: 'success',
  /** Another attempt is scheduled. */
  RETRY: 'retry',
  /** The failure's class is not retried. */
  PERMANENT_FAIL: 'permanent_fail',
  /** The call's time is up. */
  DEADLINE_EXCEEDED: 'deadline_exceeded',
  /** No attempt is left. */
  MAX_ATTEMPTS_EXCEEDED: 'max_attempts_exceeded',
  /** No attempt is left for UNKNOWN. */
  MAX_UNKNOWN_ATTEMPTS_EXCEEDED: 'max_unknown_attempts_exceeded',
  /** No backoff for a class that is retried. */
  NO_STRATEGY_CONFIGURED: 'no_strategy_configured',
  /** The retry budget is empty. */
  BUDGET_EXHAUSTED: 'budget_exhausted',
  /** The sleep handler deferred the retry. */
  SCHEDULED: 'scheduled',
  /** The caller or the sleep handler ended the call. */
  ABORTED: 'aborted',
  /** The circuit refused. */
  CIRCUIT_REJECTED: 'circuit_rejected',
  /** The bulkhead was full. */
  BULKHEAD_REJECTED: 'bulkhead_rejected',
  /** The rate limiter refused. */
  RATE_LIMITED: 'rate_limited',
  /** The adaptive throttle refused. */
  THROTTLED: 'throttled',
  /** The registry drains. */
  DRAIN_REJECTED: 'drain_rejected',
  /** A circuit opened. */
  CIRCUIT_OPENED: 'circuit_opened',
  /** A circuit lets its first probe through. */
  CIRCUIT_HALF_OPEN: 'circuit_half_open',
  /** A circuit closed. */
  CIRCUIT_CLOSED: 'circuit_closed',
  /** An attempt ran out of its own time. */
  ATTEMPT_TIMEOUT: 'attempt_timeout',
  /** A fallback answers for a call that has failed. */
  FALLBACK_USED: 'fallback_used',
  /** The fallback failed too. */
  FALLBACK_FAILED: 'fallback_failed',
  /** A fresh result that was kept answers. */
  CACHE_HIT: 'cache_hit',
  /** No result is kept that answers. */
  CACHE_MISS: 'cache_miss',
  /** A result answers that is no longer fresh. */
  CACHE_STALE: 'cache_stale',
  /** A second attempt begins beside one that takes long. */
  HEDGE: 'hedge',
  /** An attempt of a hedged call failed and others go on. */
  ATTEMPT_FAILED: 'attempt_failed',
  /** An attempt was slower than slowCallMs. */
  SLOW_CALL: 'slow_call',
} as const;

/** One of the names in {@link EventName}. */
export type EventName = (typeof EventName)[keyof typeof EventName];

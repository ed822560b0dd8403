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
} as const;

/** One of the reasons in {@link StopReason}. */
export type StopReason = (typeof StopReason)[keyof typeof StopReason];

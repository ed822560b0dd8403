/** Names of what redress reports: span events, `redress.event` on metrics, `redress.<name>` as log events. */
export const EventName = {
  SUCCESS: 'success',
  RETRY: 'retry',
  PERMANENT_FAIL: 'permanent_fail',
  DEADLINE_EXCEEDED: 'deadline_exceeded',
  MAX_ATTEMPTS_EXCEEDED: 'max_attempts_exceeded',
  MAX_UNKNOWN_ATTEMPTS_EXCEEDED: 'max_unknown_attempts_exceeded',
  NO_STRATEGY_CONFIGURED: 'no_strategy_configured',
  BUDGET_EXHAUSTED: 'budget_exhausted',
  SCHEDULED: 'scheduled',
  ABORTED: 'aborted',
  CIRCUIT_REJECTED: 'circuit_rejected',
  CIRCUIT_OPENED: 'circuit_opened',
  CIRCUIT_HALF_OPEN: 'circuit_half_open',
  CIRCUIT_CLOSED: 'circuit_closed',
  ATTEMPT_TIMEOUT: 'attempt_timeout',
  SLOW_CALL: 'slow_call',
} as const;

/** One of the names in {@link EventName}. */
export type EventName = (typeof EventName)[keyof typeof EventName];

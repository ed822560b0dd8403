/** The terminal event of each stop reason, as the telemetry contract has it. */
export const TERMINAL_EVENT: Readonly<Record<string, string>> = {
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
};

/** The same of what the storefront has not: gates beside the circuit, the drain, and fallbacks. */
export const OTHER_TERMINAL_EVENT: Readonly<Record<string, string>> = {
  BULKHEAD_FULL: 'bulkhead_rejected',
  RATE_LIMITED: 'rate_limited',
  THROTTLED: 'throttled',
  DRAINING: 'drain_rejected',
  FALLBACK_FAILED: 'fallback_failed',
};

/** The event that ends a call with that stop reason, or a success. */
export function terminalEventOf(stopReason: string | undefined): string | undefined {
  return stopReason === undefined ? 'success' : (TERMINAL_EVENT[stopReason] ?? OTHER_TERMINAL_EVENT[stopReason]);
}

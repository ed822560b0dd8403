import type { EventName } from './EventName.js';
import type { StopReason } from './StopReason.js';

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
};

import type { AttemptFailure } from '../../classify/AttemptFailure.js';
import type { SleepContext } from '../../model/Sleep.js';
import type { CallSteps } from '../CallSteps.js';

/** What is known when a retry is about to wait. */
export function sleepContext(call: CallSteps, failure: AttemptFailure, nowMs: number): SleepContext {
  return {
    policy: call.plan.name,
    operation: call.operation,
    attempt: call.attempts,
    errorClass: failure.errorClass,
    failedBy: failure.failedBy,
    cause: failure.error,
    remainingMs: call.deadlineAt - nowMs,
  };
}

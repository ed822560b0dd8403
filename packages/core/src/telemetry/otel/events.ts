import type { CallEnd } from '../../model/CallEnd.js';
import type { EmittedAttributes } from '../../model/EmittedAttributes.js';
import type { FailureFacts } from '../../model/FailureFacts.js';
import {
  ATTR_ERROR_CLASS,
  ATTR_ERROR_TYPE,
  ATTR_REDRESS_BACKOFF_DELAY,
  ATTR_REDRESS_CAUSE,
  ATTR_REDRESS_STOP_REASON,
} from '../port/semconv.js';

// What each event says beside policy, operation and attempt: described once, for span, log and counter alike.

/** Emitted durations are seconds; one that a clock made negative or NaN counts as none. */
export function seconds(ms: number): number {
  return ms >= 0 ? ms / 1_000 : 0;
}

/** Of an attempt that failed. */
export function factsOfFailure({ errorClass, errorType, failedBy }: FailureFacts): EmittedAttributes {
  return { [ATTR_ERROR_CLASS]: errorClass, [ATTR_ERROR_TYPE]: errorType, [ATTR_REDRESS_CAUSE]: failedBy };
}

/** Of a retry that was scheduled. */
export function factsOfRetry(failure: FailureFacts, delayMs: number): EmittedAttributes {
  return { ...factsOfFailure(failure), [ATTR_REDRESS_BACKOFF_DELAY]: seconds(delayMs) };
}

/** Of the event that ended a call. */
export function factsOfEnd(end: CallEnd): EmittedAttributes {
  const reason = { [ATTR_REDRESS_STOP_REASON]: end.stopReason };
  switch (end.kind) {
    case 'failure':
      return { ...reason, ...factsOfFailure(end.failure) };
    case 'scheduled': {
      // No error.type: a deferred call has not failed.
      const { errorClass, failedBy } = end.failure;
      return {
        ...reason,
        [ATTR_ERROR_CLASS]: errorClass,
        [ATTR_REDRESS_CAUSE]: failedBy,
        [ATTR_REDRESS_BACKOFF_DELAY]: seconds(end.delayMs),
      };
    }
    case 'aborted':
      return reason;
    case 'rejected':
      return { ...end.refusal.facts(), ...reason, ...(end.failure === undefined ? undefined : factsOfFailure(end.failure)) };
  }
}

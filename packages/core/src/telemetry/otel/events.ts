import type { CallEnd } from '../../model/CallEnd.js';
import type { EmittedAttributes } from '../../model/EmittedAttributes.js';
import type { FailureFacts } from '../../model/FailureFacts.js';
import {
  ATTR_ERROR_CLASS,
  ATTR_ERROR_TYPE,
  ATTR_REDRESS_ABORT_SOURCE,
  ATTR_REDRESS_BACKOFF_DELAY,
  ATTR_REDRESS_CAUSE,
  ATTR_REDRESS_RETRY_AFTER,
  ATTR_REDRESS_STOP_REASON,
} from '../port/semconv.js';
import { properName } from '../../model/properName.js';

// What each event says beside policy, operation and attempt: described once, for span, log and counter alike. In this order, for a viewer
// cuts a line short: the wait, why it ended, the circuit, the error.

/** Emitted durations are seconds; one that a clock made negative, NaN, infinite or longer than all time counts as none. */
export function seconds(ms: number): number {
  return ms >= 0 && ms <= Number.MAX_SAFE_INTEGER ? ms / 1_000 : 0;
}

/** Of an attempt that failed. */
export function factsOfFailure({ errorClass, errorType, failedBy }: FailureFacts): EmittedAttributes {
  return { [ATTR_ERROR_CLASS]: errorClass, [ATTR_ERROR_TYPE]: properName(errorType), [ATTR_REDRESS_CAUSE]: failedBy };
}

/** Of a retry that was scheduled. */
export function factsOfRetry(failure: FailureFacts, delayMs: number): EmittedAttributes {
  return { ...factsOfWait(failure, delayMs), ...factsOfFailure(failure) };
}

/**
 * Of the event that ended a call; `told`: a retry event told its last failure, which then counts as told. `untold` is the failure of the
 * last attempt, where it failed and no event told it.
 */
export function factsOfEnd(end: CallEnd, told: boolean, untold: FailureFacts | undefined): EmittedAttributes {
  const reason = { [ATTR_REDRESS_STOP_REASON]: end.stopReason };
  switch (end.kind) {
    case 'failure':
      // What was to answer failed itself, and no other event tells of that.
      if (end.stopReason === 'FALLBACK_FAILED') return { ...reason, ...factsOfFailure(end.failure) };
      return told || end.unattempted === true || end.attempts === 0 ? reason : { ...reason, ...factsOfFailure(end.failure) };
    case 'scheduled':
      return { ...factsOfWait(end.failure, end.delayMs), ...reason, ...factsOfFailure(end.failure) };
    case 'aborted':
      return {
        ...reason,
        ...(end.source === undefined ? undefined : { [ATTR_REDRESS_ABORT_SOURCE]: end.source }),
        ...(untold && factsOfFailure(untold)),
      };
    case 'rejected': {
      const { [ATTR_REDRESS_RETRY_AFTER]: retryAfter, ...facts } = end.refusal.facts();
      const wait = retryAfter === undefined ? undefined : { [ATTR_REDRESS_RETRY_AFTER]: retryAfter };
      return {
        ...wait,
        ...reason,
        ...facts,
        ...(end.failure === undefined || end.attempts === 0 || told ? undefined : factsOfFailure(end.failure)),
      };
    }
  }
}

function factsOfWait({ retryAfterMs }: FailureFacts, delayMs: number): EmittedAttributes {
  const delay = { [ATTR_REDRESS_BACKOFF_DELAY]: inWholeMs(delayMs) };
  return retryAfterMs === undefined ? delay : { ...delay, [ATTR_REDRESS_RETRY_AFTER]: inWholeMs(retryAfterMs) };
}

/** On events nobody reads more than three places. */
function inWholeMs(ms: number): number {
  return Math.round(seconds(ms) * 1_000) / 1_000;
}

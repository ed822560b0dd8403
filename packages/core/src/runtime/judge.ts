import { AttemptFailure } from '../classify/AttemptFailure.js';
import { classifyResponse } from '../classify/classifyResponse.js';
import { badResultOf, classificationOf, failureOf, UNKNOWN } from '../classify/failureOf.js';
import type { Classification, Classifier, Verdict } from '../model/Classification.js';
import { isStrayPromise } from '../model/strayPromise.js';
import { telemetry } from '../telemetry/port/processTelemetry.js';
import { isAbort } from '../classify/isAbort.js';

/** Nobody knows what it is, nor what another attempt would do. */
const UNREADABLE: Classification = { ...UNKNOWN, retryable: false };

/**
 * What a thrown value is: the policy's classifier is asked, then the default rule. Undefined: by the default rule no failure, as whoever
 * called the function off wants no other. Never throws.
 */
export function judgeError(error: unknown, classify: Classifier | undefined): AttemptFailure | undefined {
  const verdict = classify && verdictOf(error, classify);
  if (verdict === undefined && isAbort(error)) return undefined;
  try {
    const failure = failureOf(error, verdict);
    return verdict === UNKNOWN ? failure.unjudged() : failure;
  } catch (thrown) {
    warn('an error cannot be read; the failure counts as UNKNOWN, and is not retried', thrown);
    return new AttemptFailure(UNREADABLE, 'exception', error, false, undefined);
  }
}

function verdictOf(error: unknown, classify: Classifier): Classification | undefined {
  try {
    return expected('classify', classify(error));
  } catch (thrown) {
    warn('classify threw; the failure counts as UNKNOWN', thrown);
    return UNKNOWN;
  }
}

/** A verdict in its long form. A promise is none, and nobody waits for it. */
function expected(asked: 'classify' | 'classifyResult', verdict: Verdict): Classification | undefined {
  if (!isStrayPromise(verdict, (error) => warn(`the promise that ${asked} gave was rejected`, error)))
    return classificationOf(verdict, warn);
  warn(`${asked} gave a promise where a verdict was expected; it counts as UNKNOWN`);
  return UNKNOWN;
}

/** Whether a result is a failure; undefined when it is fine. Never throws. */
export function judgeResult<R>(result: R, classifyResult: ((result: R) => Verdict) | undefined): AttemptFailure | undefined {
  if (classifyResult === undefined) {
    if (typeof result !== 'object' || result === null) return undefined;
    const verdict = classifyResponse(result);
    return verdict === undefined ? undefined : badResultOf(result, verdict, true);
  }
  try {
    const verdict = expected('classifyResult', classifyResult(result));
    if (verdict === undefined) return undefined;
    const failure = badResultOf(result, verdict, false);
    return verdict === UNKNOWN ? failure.unjudged() : failure;
  } catch (thrown) {
    warn('classifyResult threw; the result counts as UNKNOWN', thrown);
    return badResultOf(result, UNKNOWN, false).unjudged();
  }
}

function warn(message: string, cause?: unknown): void {
  telemetry().warn(message, cause);
}

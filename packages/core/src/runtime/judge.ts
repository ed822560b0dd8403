import type { AttemptFailure } from '../classify/AttemptFailure.js';
import { classifyResponse } from '../classify/classifyResponse.js';
import { badResultOf, classificationOf, failureOf, UNKNOWN } from '../classify/failureOf.js';
import type { Classifier, Verdict } from '../model/Classification.js';
import { telemetry } from '../telemetry/port/processTelemetry.js';

/** What a thrown value is: the policy's classifier is asked, then the default rule. Never throws. */
export function judgeError(error: unknown, classify: Classifier | undefined): AttemptFailure {
  if (classify === undefined) return failureOf(error);
  let verdict: Verdict;
  try {
    verdict = classificationOf(classify(error), warn);
  } catch (thrown) {
    warn('classify threw; the failure counts as UNKNOWN', thrown);
    verdict = UNKNOWN;
  }
  const failure = failureOf(error, verdict);
  return verdict === UNKNOWN ? failure.unjudged() : failure;
}

/** Whether a result is a failure; undefined when it is fine. Never throws. */
export function judgeResult<R>(result: R, classifyResult: ((result: R) => Verdict) | undefined): AttemptFailure | undefined {
  if (classifyResult === undefined) {
    if (typeof result !== 'object' || result === null) return undefined;
    const verdict = classifyResponse(result);
    return verdict === undefined ? undefined : badResultOf(result, verdict, true);
  }
  try {
    const verdict = classificationOf(classifyResult(result), warn);
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

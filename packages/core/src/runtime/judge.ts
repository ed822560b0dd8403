import { classifyResponse } from '../classify/classifyResponse.js';
import { defaultClassifier } from '../classify/defaultClassifier.js';
import type { Classification, Classifier, Verdict } from '../model/Classification.js';
import { ErrorClass } from '../model/ErrorClass.js';
import { telemetry } from '../telemetry/port/telemetryOfProcess.js';
import { AttemptFailure } from './AttemptFailure.js';

const unknown: Classification = { errorClass: ErrorClass.UNKNOWN };

/** What a thrown value is: the policy's classifier is asked, then the default rule. Never throws. */
export function judgeError(error: unknown, classify: Classifier | undefined): AttemptFailure {
  let verdict: Classification | undefined;
  if (classify !== undefined) {
    try {
      verdict = asClassification(classify(error));
    } catch (thrown) {
      telemetry().warn('classify threw; the failure counts as UNKNOWN', thrown);
      verdict = unknown;
    }
  }
  return new AttemptFailure(verdict ?? asClassification(defaultClassifier(error)) ?? unknown, 'exception', error, false);
}

/** Whether a result is a failure; undefined when it is fine. Never throws. */
export function judgeResult<R>(result: R, classifyResult: ((result: R) => Verdict) | undefined): AttemptFailure | undefined {
  if (classifyResult === undefined) {
    if (typeof result !== 'object' || result === null) return undefined;
    const verdict = asClassification(classifyResponse(result));
    return verdict === undefined ? undefined : new AttemptFailure(verdict, 'result', result, true);
  }
  let verdict: Classification | undefined;
  try {
    verdict = asClassification(classifyResult(result));
  } catch (thrown) {
    telemetry().warn('classifyResult threw; the result counts as UNKNOWN', thrown);
    verdict = unknown;
  }
  return verdict === undefined ? undefined : new AttemptFailure(verdict, 'result', result, false);
}

/** A verdict in its long form, read once. One that names no error class is told and counts as UNKNOWN. Throws what a hostile verdict throws. */
function asClassification(verdict: Verdict): Classification | undefined {
  if (verdict === undefined) return undefined;
  const { errorClass, retryAfterMs, details }: Partial<Classification> =
    typeof verdict === 'string' ? { errorClass: verdict } : (verdict ?? {});
  if (typeof errorClass !== 'string' || !Object.hasOwn(ErrorClass, errorClass)) {
    telemetry().warn(
      `a classifier must give an error class, a classification or undefined; got ${String(errorClass)}; it counts as UNKNOWN`,
    );
    return unknown;
  }
  return { errorClass, retryAfterMs: typeof retryAfterMs === 'number' ? retryAfterMs : undefined, details };
}

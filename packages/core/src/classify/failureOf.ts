import type { Classification, Verdict } from '../model/Classification.js';
import { ErrorClass } from '../model/ErrorClass.js';
import { AttemptFailure } from './AttemptFailure.js';
import { classifyChain } from './classifyError.js';
import { typeAtOnce } from './errorTypeOf.js';
import { ErrorChain } from './ErrorChain.js';

/** What a failure is of which nobody knows anything. */
export const UNKNOWN: Classification = { errorClass: ErrorClass.UNKNOWN };

/**
 * What an attempt failed by, computed once: its class, by a classifier's verdict or else by the default rule, and its `error.type`. The
 * error's chain of causes is walked once for both. Never throws; a verdict that names no error class counts as UNKNOWN.
 */
export function failureOf(error: unknown, verdict?: Verdict): AttemptFailure {
  const chain = new ErrorChain(error);
  const given = classificationOf(verdict);
  if (given !== undefined) return new AttemptFailure(given, 'exception', error, false, chain);
  return new AttemptFailure(classifyChain(chain, true), 'exception', error, false, typeAtOnce(chain) ?? chain);
}

/** A result that was judged a failure. */
export function badResultOf(result: unknown, classification: Classification, byDefaultRule: boolean): AttemptFailure {
  return new AttemptFailure(classification, 'result', result, byDefaultRule, undefined);
}

/** A verdict in its long form, read once; undefined for none. `onWrong` is told of one that names no error class; it counts as UNKNOWN. */
export function classificationOf(verdict: unknown, onWrong: (message: string) => void = () => {}): Classification | undefined {
  if (verdict === undefined) return undefined;
  try {
    const { errorClass, retryAfterMs, details, retryable }: Partial<Classification> =
      typeof verdict === 'string' ? { errorClass: verdict as ErrorClass } : (verdict ?? {});
    if (typeof errorClass === 'string' && Object.hasOwn(ErrorClass, errorClass)) {
      const waitMs = typeof retryAfterMs === 'number' ? retryAfterMs : undefined;
      return { errorClass, retryAfterMs: waitMs, details, ...(retryable === false ? { retryable } : undefined) };
    }
    onWrong(`a classifier must give an error class, a classification or undefined; got ${shown(errorClass)}; it counts as UNKNOWN`);
  } catch (error) {
    onWrong(`a classifier gave what cannot be read (${shown(error)}); it counts as UNKNOWN`);
  }
  return UNKNOWN;
}

function shown(value: unknown): string {
  try {
    return String(value);
  } catch {
    return typeof value;
  }
}

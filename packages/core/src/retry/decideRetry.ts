import { type BackoffReport, delayOf, sane } from '../backoff/delayOf.js';
import { isSpread, spread } from '../backoff/spread.js';
import type { Budget } from './budget/Budget.js';
import type { Backoff } from '../model/Backoff.js';
import type { Classification } from '../model/Classification.js';
import { ErrorClass } from '../model/ErrorClass.js';
import type { FailedBy } from '../model/FailedBy.js';
import type { FailureReason } from '../model/StopReason.js';

/** When a failed attempt is followed by another: options that were validated, defaults filled in. */
export interface RetrySettings {
  /** Attempts in all, the first included. */
  readonly maxAttempts: number;
  /** The attempt that ends in UNKNOWN for this time is the last. */
  readonly maxUnknownAttempts: number;
  /** The attempt that ends in a class for this time is the last. */
  readonly maxAttemptsByClass: Partial<Readonly<Record<ErrorClass, number>>>;
  /** For every class that has none of its own. */
  readonly backoff: Backoff | undefined;
  readonly backoffByClass: Partial<Readonly<Record<ErrorClass, Backoff>>>;
}

/** What is known when an attempt failed. */
export interface RetryFacts {
  /** The attempt that failed; 1 for the first. */
  readonly attempt: number;
  readonly errorClass: ErrorClass;
  readonly classification: Classification;
  readonly failedBy: FailedBy;
  /** Attempts of this call that ended in this class, this one included. */
  readonly attemptsOfClass: number;
  /** Milliseconds left of the call's timeout; Infinity without one. 0 is over. */
  readonly remainingMs: number;
  /** Milliseconds of the wait before the failed attempt. */
  readonly previousDelayMs: number | undefined;
  /** Whether a gate would refuse another attempt now. */
  readonly refused: boolean;
  /** Whether a gate would refuse an attempt that is made so many milliseconds later, as things are. */
  readonly refusedAfter?: ((delayMs: number) => boolean) | undefined;
  /** Whether the caller aborted, or the function threw an AbortRetryError. */
  readonly aborted: boolean;
  /** False when the call is not idempotent and the failure does not prove that the request was not processed. */
  readonly retryable: boolean;
  /** Whether a sleep handler will be asked: it may defer what does not fit. */
  readonly handled?: boolean | undefined;
}

/** What becomes of a call after a failed attempt. */
export type Decision =
  | { readonly kind: 'retry' /** Milliseconds to wait first. */; readonly delayMs: number }
  | { readonly kind: 'refused' }
  | { readonly kind: 'stop'; readonly reason: FailureReason | 'ABORTED' };

const NEVER_RETRIED: ReadonlySet<ErrorClass> = new Set([ErrorClass.AUTH, ErrorClass.PERMISSION, ErrorClass.PERMANENT]);

/** Classes of which a first failure may be followed by another attempt. */
export function retriedClasses({
  maxAttempts,
  maxUnknownAttempts,
  maxAttemptsByClass,
  backoff,
  backoffByClass,
}: RetrySettings): ErrorClass[] {
  return Object.values(ErrorClass).filter(
    (each) =>
      !NEVER_RETRIED.has(each) &&
      Math.min(maxAttempts, maxAttemptsByClass[each] ?? Infinity, each === ErrorClass.UNKNOWN ? maxUnknownAttempts : Infinity) > 1 &&
      (backoffByClass[each] ?? backoff) !== undefined,
  );
}

/**
 * Whether another attempt follows, and after how long: the first rule that applies decides. What would have ended the call anyway comes
 * before a gate's refusal, so that it ends with its own error. The backoff is asked only when it is all that is left to ask but for the
 * budget, and the budget last, so that a call which stops draws nothing from either.
 *
 * `onBackoffError` is told what a backoff throws, the delay is then 0, and of one that gives no delay.
 */
export function decideRetry(
  settings: RetrySettings,
  facts: RetryFacts,
  budget: Budget | undefined,
  nowMs: number,
  random: () => number,
  onBackoffError: BackoffReport,
): Decision {
  if (facts.aborted) return { kind: 'stop', reason: 'ABORTED' };
  const reason = stopByItself(settings, facts);
  if (reason !== undefined) return { kind: 'stop', reason };
  if (facts.refused) return { kind: 'refused' };
  if (facts.remainingMs <= 0) return { kind: 'stop', reason: 'DEADLINE_EXCEEDED' };

  const backoff = settings.backoffByClass[facts.errorClass] ?? settings.backoff;
  if (backoff === undefined) return { kind: 'stop', reason: 'NO_STRATEGY' };

  // What the other side asks for is the least to wait: no backoff, and no maximum of one, makes it less.
  const floorMs = sane(facts.classification.retryAfterMs ?? 0);
  const mustFit = facts.handled !== true;
  if (mustFit && floorMs >= facts.remainingMs) return { kind: 'stop', reason: 'DEADLINE_EXCEEDED' };

  const context = { ...contextOf(facts), random };
  const backoffMs = delayOf(backoff, context, onBackoffError);
  const asked = floorMs > 0 && floorMs >= backoffMs;
  const delayMs = !asked ? backoffMs : isSpread(context, backoffMs) ? floorMs : spread(floorMs, facts.remainingMs, random);
  // A wait without end is the largest number, and fits nowhere.
  if (mustFit && delayMs >= Math.min(facts.remainingMs, Number.MAX_VALUE)) return { kind: 'stop', reason: 'DEADLINE_EXCEEDED' };
  if (mustFit && facts.refusedAfter?.(delayMs) === true) return { kind: 'refused' };
  if (budget !== undefined && !budget.tryWithdraw(nowMs)) return { kind: 'stop', reason: 'BUDGET_EXHAUSTED' };
  return { kind: 'retry', delayMs };
}

/** Whether another attempt may fare better at all. */
export function isRetried(errorClass: ErrorClass, { retryable }: Classification): boolean {
  return !NEVER_RETRIED.has(errorClass) && retryable !== false;
}

/** Why the call would end with this failure whatever time and gates say. */
function stopByItself(settings: RetrySettings, facts: RetryFacts): FailureReason | undefined {
  const { errorClass, retryable, classification } = facts;
  if (!retryable || !isRetried(errorClass, classification)) return 'NON_RETRYABLE_CLASS';
  if (facts.attempt >= settings.maxAttempts) return 'MAX_ATTEMPTS_GLOBAL';
  if (facts.attemptsOfClass >= (settings.maxAttemptsByClass[errorClass] ?? Infinity)) return 'MAX_ATTEMPTS_PER_CLASS';
  if (errorClass === ErrorClass.UNKNOWN && facts.attemptsOfClass >= settings.maxUnknownAttempts) return 'MAX_UNKNOWN_ATTEMPTS';
  return undefined;
}

function contextOf({ attempt, classification, previousDelayMs, remainingMs, failedBy }: RetryFacts) {
  return { attempt, classification, previousDelayMs, remainingMs, failedBy };
}

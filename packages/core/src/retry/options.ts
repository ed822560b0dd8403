import { decorrelatedJitter } from '../backoff/decorrelatedJitter.js';
import type { Backoff, RecordingBackoff } from '../model/Backoff.js';
import type { ErrorClass } from '../model/ErrorClass.js';
import { aFunction, anObject, atLeastOne, byClass, check, orFalse, type Rules } from '../model/rules.js';
import type { BeforeSleep, SleepHandler } from '../model/Sleep.js';
import { isStrayPromise } from '../model/strayPromise.js';
import type { RetryBudgetOptions } from './budget/options.js';
import type { RetryBudget } from './budget/RetryBudget.js';
import type { RetrySettings } from './decideRetry.js';

/** When a failed attempt is followed by another. */
export interface RetryOptions {
  /** Attempts in all, the first included. Default 3; at least 1. */
  readonly maxAttempts?: number | undefined;
  /** The attempt that ends in UNKNOWN for the `n`th time is the last. Default 2; at least 1. */
  readonly maxUnknownAttempts?: number | undefined;
  /** The attempt that ends in a class for the `n`th time is the last. None by default. */
  readonly maxAttemptsByClass?: Partial<Readonly<Record<ErrorClass, number>>> | undefined;
  /** Milliseconds before the next attempt. Default `decorrelatedJitter({ baseMs: 250, maxMs: 5_000 })`; none when only `backoffByClass` is given. */
  readonly backoff?: Backoff | undefined;
  /** Backoffs that take the place of `backoff` for their class. None by default. */
  readonly backoffByClass?: Partial<Readonly<Record<ErrorClass, Backoff>>> | undefined;
  /** How many retries the policy may make. Default: 20 % of the calls of the last 10 s plus 1 a second, at most 10 saved. An instance may be shared; `false`: no limit. */
  readonly budget?: RetryBudget | RetryBudgetOptions | false | undefined;
  /** Decides whether a due retry sleeps here (`sleep`), ends the call to go on later (`defer`), or is given up (`abort`). Default: it sleeps. */
  readonly sleep?: SleepHandler | undefined;
  /** Called before each wait with the real delay in milliseconds; what it throws is told through `diag` and ignored. None by default. */
  readonly beforeSleep?: BeforeSleep | undefined;
}

const rules: Rules = {
  maxAttempts: atLeastOne,
  maxUnknownAttempts: atLeastOne,
  maxAttemptsByClass: anObject,
  backoff: aFunction,
  backoffByClass: anObject,
  budget: orFalse(anObject),
  sleep: aFunction,
  beforeSleep: aFunction,
};

/** Checks when to retry, and gives the options as they were read. Throws a TypeError that names the option, the value and the rule. */
export function readRetry(where: string, retry: RetryOptions): RetryOptions {
  const options = check(where, retry, rules, 'retry.');
  const { maxAttemptsByClass, backoffByClass } = options;
  return Object.assign(options, {
    maxAttemptsByClass: maxAttemptsByClass && check(where, maxAttemptsByClass, byClass(atLeastOne), 'retry.maxAttemptsByClass.'),
    backoffByClass: backoffByClass && check(where, backoffByClass, byClass(aFunction), 'retry.backoffByClass.'),
  });
}

/** `retry: false`; without what every object inherits. */
const ONCE: RetryOptions = /* @__PURE__ */ Object.assign(/* @__PURE__ */ Object.create(null), { maxAttempts: 1 });

/** Fills in the defaults of options that were read. */
export function resolveRetry(retry: RetryOptions | false = Object.create(null)): RetrySettings {
  const options: RetryOptions = retry === false ? ONCE : retry;
  const { maxAttempts = 3, maxUnknownAttempts = 2, maxAttemptsByClass = Object.create(null), backoff, backoffByClass } = options;
  return {
    maxAttempts,
    maxUnknownAttempts,
    maxAttemptsByClass,
    backoff: backoff ?? (backoffByClass === undefined ? decorrelatedJitter() : undefined),
    backoffByClass: backoffByClass ?? Object.create(null),
  };
}

/** Tells how attempts end to the backoffs that ask for it; undefined when none does. `onError` is told what one of them throws. */
export function recorderOf(
  { backoff, backoffByClass }: RetrySettings,
  onError: (error: unknown) => void,
): ((succeeded: boolean) => void) | undefined {
  const recording = new Set([backoff, ...Object.values(backoffByClass)].filter(isRecording));
  if (recording.size === 0) return undefined;
  return (succeeded) => {
    for (const each of recording) {
      try {
        if (isStrayPromise(each.record(succeeded), onError)) onError(new TypeError('record must give nothing; got a promise'));
      } catch (error) {
        onError(error);
      }
    }
  };
}

function isRecording(backoff: Backoff | undefined): backoff is RecordingBackoff {
  return backoff !== undefined && 'record' in backoff && typeof backoff.record === 'function';
}

import { decorrelatedJitter } from '../backoff/decorrelatedJitter.js';
import type { RetrySettings } from '../retry/decideRetry.js';
import { aBoolean, aFunction, anObject, atLeastOne, check, milliseconds, orFalse, wrong, type Rules } from '../model/rules.js';
import { telemetry } from '../telemetry/index.js';
import { byClass, DEFAULT_TIMEOUTS, type Timeouts } from '../gates/breaker/breakerOptions.js';
import type { PolicyOptions, RetryOptions } from './PolicyOptions.js';
import type { Backoff, RecordingBackoff } from '../model/Backoff.js';
import type { Clock } from '../model/Clock.js';

const aClock = {
  must: 'a clock with now, setTimeout and clearTimeout',
  holds: (value: unknown): boolean =>
    anObject.holds(value) &&
    ['now', 'setTimeout', 'clearTimeout'].every((method) => typeof Reflect.get(value as Clock, method) === 'function'),
};

const policyRules: Rules = {
  timeoutMs: milliseconds,
  attemptTimeoutMs: milliseconds,
  retry: orFalse(anObject),
  circuitBreaker: orFalse(anObject),
  classify: aFunction,
  classifyResult: aFunction,
  clock: aClock,
  random: aFunction,
  keepAlive: aBoolean,
};

const retryRules: Rules = {
  maxAttempts: atLeastOne,
  maxUnknownAttempts: atLeastOne,
  maxAttemptsByClass: anObject,
  backoff: aFunction,
  backoffByClass: anObject,
  budget: orFalse(anObject),
  sleep: aFunction,
  beforeSleep: aFunction,
};

/** The two timeouts of a policy, checked and filled in. */
export function resolveTimeouts(where: string, options: PolicyOptions): Timeouts {
  check(where, options, policyRules);
  const { timeoutMs = DEFAULT_TIMEOUTS.timeoutMs, attemptTimeoutMs } = options;
  if (attemptTimeoutMs !== undefined && options.timeoutMs !== undefined && attemptTimeoutMs > timeoutMs) {
    throw wrong(where, 'attemptTimeoutMs', `at most timeoutMs (${timeoutMs})`, attemptTimeoutMs);
  }
  return { timeoutMs, attemptTimeoutMs: attemptTimeoutMs ?? DEFAULT_TIMEOUTS.attemptTimeoutMs };
}

/** When to retry, checked and filled in. */
export function resolveRetry(where: string, retry: RetryOptions | false = {}): RetrySettings {
  const options = retry === false ? { maxAttempts: 1 } : retry;
  check(where, options, retryRules, 'retry.');
  const { maxAttemptsByClass = {}, backoffByClass } = options;
  check(where, maxAttemptsByClass, byClass(atLeastOne), 'retry.maxAttemptsByClass.');
  if (backoffByClass !== undefined) check(where, backoffByClass, byClass(aFunction), 'retry.backoffByClass.');
  return {
    maxAttempts: options.maxAttempts ?? 3,
    maxUnknownAttempts: options.maxUnknownAttempts ?? 2,
    maxAttemptsByClass: { ...maxAttemptsByClass },
    backoff: options.backoff ?? (backoffByClass === undefined ? decorrelatedJitter() : undefined),
    backoffByClass: { ...backoffByClass },
  };
}

/** Tells how attempts end to the backoffs that ask for it; undefined when none does. */
export function recorderOf({ backoff, backoffByClass }: RetrySettings): ((succeeded: boolean) => void) | undefined {
  const recording = new Set([backoff, ...Object.values(backoffByClass)].filter(isRecording));
  if (recording.size === 0) return undefined;
  return (succeeded) => {
    for (const each of recording) {
      try {
        each.record(succeeded);
      } catch (error) {
        telemetry().warn('the record of a backoff threw', error);
      }
    }
  };
}

function isRecording(backoff: Backoff | undefined): backoff is RecordingBackoff {
  return backoff !== undefined && 'record' in backoff && typeof backoff.record === 'function';
}

import type { AttemptFailure } from '../../classify/AttemptFailure.js';
import { failureOf } from '../../classify/failureOf.js';
import { ErrorClass } from '../../model/ErrorClass.js';
import { AbortRetryError } from '../../model/errors/AbortRetryError.js';
import type { SleepDecision, SleepHandler } from '../../model/Sleep.js';
import { telemetry } from '../../telemetry/port/processTelemetry.js';
import type { CallSteps } from '../CallSteps.js';
import { isThenable } from '../../model/isThenable.js';
import { sleepContext } from './sleepContext.js';

/** Asks the sleep handler what becomes of a retry that is due, and does what it says; `wait` is told when it said `sleep`. */
export function askHandler(
  call: CallSteps,
  handler: SleepHandler,
  failure: AttemptFailure,
  delayMs: number,
  nowMs: number,
  wait: (nowMs: number) => void,
): void {
  call.watchDeadline(nowMs);
  const answer = (decision: SleepDecision): void => answered(call, decision, failure, delayMs, wait);
  const threw = (error: unknown): void => {
    telemetry().warn('the sleep handler threw; the retry sleeps', error);
    answer('sleep');
  };
  let decision: SleepDecision | PromiseLike<SleepDecision>;
  let isLater: boolean;
  try {
    decision = handler(sleepContext(call, failure, nowMs), delayMs);
    isLater = isThenable(decision);
    // Taken into a promise of ours, which hears one answer: a promise may have a `then` of its own, and call back twice.
    if (isLater)
      new Promise<SleepDecision>((resolve) => resolve(decision)).then(answer, threw).then(undefined, (error: unknown) => call.broke(error));
  } catch (error) {
    return threw(error);
  }
  if (!isLater) answer(decision as SleepDecision);
}

function answered(call: CallSteps, decision: SleepDecision, failure: AttemptFailure, delayMs: number, wait: (nowMs: number) => void): void {
  const { attempts, plan } = call;
  const nowMs = call.now();
  // Called off meanwhile: the retry is not made, and costs nothing.
  if (call.settled) return plan.budget?.refund(nowMs);
  if (decision === 'defer') return call.finish({ kind: 'scheduled', attempts, stopReason: 'SCHEDULED', failure, delayMs }, nowMs);
  // The handler may have taken its time: what did fit before may no longer.
  if (decision === 'sleep' && delayMs < call.deadlineAt - nowMs) return wait(nowMs);
  plan.budget?.refund(nowMs);
  if (decision === 'sleep') return call.stop('DEADLINE_EXCEEDED', nowMs);
  if (decision === 'abort')
    return call.abort(new AbortRetryError('the sleep handler aborted the retry', { cause: failure.error }), 'sleep');
  const got = typeof decision === 'string' ? JSON.stringify(decision) : typeof decision;
  const error = new TypeError(`policy ${plan.name}: sleep must answer 'sleep', 'defer' or 'abort'; got ${got}`, { cause: failure.error });
  call.ownHistory().lastFailure = failureOf(error, ErrorClass.PERMANENT);
  call.stop('NON_RETRYABLE_CLASS', nowMs);
}

import type { AttemptFailure } from '../../classify/AttemptFailure.js';
import { cancelBody } from '../../classify/cancelBody.js';
import { provesNotProcessed } from '../../classify/provesNotProcessed.js';
import type { Entry } from '../../gates/Gate.js';
import { reasonOf } from '../../model/reasonOf.js';
import type { Refusal } from '../../model/Refusal.js';
import { type Decision, decideRetry, type RetrySettings } from '../../retry/decideRetry.js';
import { telemetry } from '../../telemetry/port/processTelemetry.js';
import type { CallSteps } from '../CallSteps.js';
import { isThenable } from '../../model/isThenable.js';
import { askHandler } from './ask.js';
import { sleepContext } from './sleepContext.js';

/** Decides what follows a failed attempt, and sets it going: a wait, an end, or the question of the sleep handler. */
export function afterFailure(call: CallSteps & Entry, failure: AttemptFailure, attempt: number, nowMs: number): void {
  if (call.settled) return;
  const attemptsOfClass = call.ownHistory().add(failure, attempt);
  if (call.plan.hedge !== undefined && call.goesOn(failure, attempt, nowMs)) return;
  const refusals = new Refusals(call, nowMs);
  const signal = call.options?.signal;
  const decision = decide(call, failure, attemptsOfClass, refusals, nowMs);
  if (call.settled) {
    // By the backoff, which is the user's code too: the retry is not made, and costs nothing.
    if (decision.kind === 'retry') call.plan.budget?.refund(nowMs);
    return;
  }
  if (decision.kind === 'retry') askOrWait(call, failure, decision.delayMs, nowMs);
  else if (decision.kind === 'refused') {
    const { refusal } = refusals;
    if (refusal === undefined) return;
    call.recorder?.link(refusal.link);
    call.refuse(refusal);
  } else if (decision.reason === 'ABORTED') call.abort(signal && reasonOf(signal), 'caller');
  else call.stop(decision.reason, nowMs);
}

/** What the gates of a call's attempts say of another one, of which the decision need not know. */
class Refusals {
  refusal: Refusal | undefined;

  constructor(
    private readonly call: CallSteps & Entry,
    private readonly nowMs: number,
  ) {
    this.refusal = call.plan.attemptGate?.refusal?.(nowMs);
  }

  get now(): boolean {
    return this.refusal !== undefined;
  }

  readonly after = (delayMs: number): boolean => {
    this.refusal = this.call.plan.attemptGate?.refusalAfter?.(this.nowMs, delayMs, this.call);
    return this.refusal !== undefined;
  };
}

function decide(call: CallSteps, failure: AttemptFailure, attemptsOfClass: number, refusals: Refusals, nowMs: number): Decision {
  const { plan, options } = call;
  const { errorClass, classification, failedBy } = failure;
  const facts = {
    attempt: call.attempts,
    errorClass,
    classification,
    failedBy,
    attemptsOfClass,
    remainingMs: call.deadlineAt - nowMs,
    previousDelayMs: call.history?.previousDelayMs,
    refused: refusals.now,
    refusedAfter: refusals.after,
    aborted: options?.signal?.aborted === true,
    retryable: options?.idempotent !== false || provesNotProcessed(failure.error, errorClass),
    handled: (options?.sleep ?? plan.sleep) !== undefined,
  };
  return decideRetry(settingsOf(call), facts, plan.budget, nowMs, plan.random, tellBackoff);
}

function settingsOf({ plan: { retry }, options }: CallSteps): RetrySettings {
  const own = options?.retry;
  if (own === undefined) return retry;
  return { ...retry, maxAttempts: own === false ? 1 : (own.maxAttempts ?? retry.maxAttempts) };
}

/** A sleep handler has a say in what becomes of a retry that is due; without one it is waited for. */
function askOrWait(call: CallSteps, failure: AttemptFailure, delayMs: number, nowMs: number): void {
  const handler = call.options?.sleep ?? call.plan.sleep;
  if (handler === undefined) wait(call, failure, delayMs, nowMs);
  else askHandler(call, handler, failure, delayMs, nowMs, (answeredMs) => wait(call, failure, delayMs, answeredMs));
}

function wait(call: CallSteps, failure: AttemptFailure, delayMs: number, nowMs: number): void {
  call.ownHistory().previousDelayMs = delayMs;
  call.recorder?.retry(call.attempts, failure, delayMs);
  tellBeforeSleep(call, failure, delayMs, nowMs);
  // By what was told: the retry is not made, and costs nothing.
  if (call.settled) return call.plan.budget?.refund(nowMs);
  cancelBody(failure.error);
  call.sleep(delayMs, nowMs);
}

function tellBeforeSleep(call: CallSteps, failure: AttemptFailure, delayMs: number, nowMs: number): void {
  const before = call.options?.beforeSleep ?? call.plan.beforeSleep;
  if (before === undefined || call.settled) return;
  try {
    const done = before(sleepContext(call, failure, nowMs), delayMs);
    if (isThenable(done)) Promise.resolve(done).then(undefined, beforeSleepThrew);
  } catch (error) {
    beforeSleepThrew(error);
  }
}

function tellBackoff(error: unknown, threw: boolean): void {
  telemetry().warn(threw ? 'a backoff threw; it counts as 0 ms' : 'a backoff gave no delay; the default one serves', error);
}

function beforeSleepThrew(error: unknown): void {
  telemetry().warn('beforeSleep threw', error);
}

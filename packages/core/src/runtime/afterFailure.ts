import { cancelBody } from '../classify/cancelBody.js';
import { provesNotProcessed } from '../classify/provesNotProcessed.js';
import { decideRetry, type RetrySettings } from '../retry/decideRetry.js';
import { ErrorClass } from '../model/ErrorClass.js';
import { AbortRetryError } from '../model/errors/AbortRetryError.js';
import { EventName } from '../model/EventName.js';
import type { SleepContext, SleepDecision } from '../model/Sleep.js';
import { telemetry } from '../telemetry/port/telemetryOfProcess.js';
import { AttemptFailure } from './AttemptFailure.js';
import type { Call } from './Call.js';
import { isThenable } from './isThenable.js';

/** Decides what follows a failed attempt, and sets it going: a wait, an end, or the question of the sleep handler. */
export function afterFailure(call: Call, failure: AttemptFailure, now: number): void {
  if (call.settled) return;
  const { errorClass } = failure;
  const trail = call.ownTrail();
  const attemptsOfClass = trail.add(failure);
  const { plan, options } = call;
  const refusal = plan.breakerScope === 'attempt' ? plan.breaker?.refusal(now) : undefined;
  const decision = decideRetry(
    retrySettings(call),
    {
      attempt: call.attempts,
      errorClass,
      classification: failure.classification,
      failedBy: failure.failedBy,
      attemptsOfClass,
      unknownAttempts: trail.failures.UNKNOWN ?? 0,
      remainingMs: call.deadlineAt - now,
      previousDelayMs: trail.previousDelayMs,
      circuitOpen: refusal !== undefined,
      aborted: options?.signal?.aborted === true,
      retryable: options?.idempotent !== false || provesNotProcessed(failure.error, errorClass),
    },
    plan.budget,
    now,
    plan.random,
    tellBackoff,
  );
  if (call.settled) return; // by the backoff, which is the user's code too
  if (decision.kind === 'retry') ask(call, failure, decision.delayMs, now);
  else if (decision.reason === 'ABORTED') call.abort(options?.signal?.reason);
  else if (decision.reason !== 'CIRCUIT_OPEN') call.stop(decision.reason, now);
  else if (refusal !== undefined) {
    call.recorder?.link(refusal.openedBy);
    call.refuse(refusal);
  }
}

function retrySettings(call: Call): RetrySettings {
  const { retry } = call.plan;
  const own = call.options?.retry;
  if (own === undefined) return retry;
  return { ...retry, maxAttempts: own === false ? 1 : (own.maxAttempts ?? retry.maxAttempts) };
}

/** Asks the sleep handler, where there is one, and does what it says. */
function ask(call: Call, failure: AttemptFailure, delayMs: number, now: number): void {
  const handler = call.options?.sleep ?? call.plan.sleep;
  if (handler === undefined) return wait(call, failure, delayMs, now);
  call.watch('deadline', now, call.deadlineAt - now);
  const answer = (decision: SleepDecision): void => answered(call, decision, failure, delayMs);
  const threw = (error: unknown): void => {
    telemetry().warn('the sleep handler threw; the retry sleeps', error);
    answer('sleep');
  };
  try {
    const decision = handler(sleepContext(call, failure, now), delayMs);
    if (isThenable(decision)) Promise.resolve(decision).then(answer, threw);
    else answer(decision);
  } catch (error) {
    threw(error);
  }
}

function answered(call: Call, decision: SleepDecision, failure: AttemptFailure, delayMs: number): void {
  if (call.settled) return;
  const now = call.timers.now();
  if (decision === 'defer') return call.finish({ kind: 'scheduled', failure, delayMs }, now);
  // The handler may have taken its time: what did fit before may no longer.
  if (decision === 'sleep' && delayMs < call.deadlineAt - now) return wait(call, failure, delayMs, now);
  call.plan.budget?.refund(now);
  switch (decision) {
    case 'sleep':
      return call.stop('DEADLINE_EXCEEDED', now);
    case 'abort':
      return call.abort(new AbortRetryError('the sleep handler aborted the retry', { cause: failure.error }));
    default: {
      const got = typeof decision === 'string' ? JSON.stringify(decision) : typeof decision;
      const error = new TypeError(`policy ${call.plan.name}: sleep must answer 'sleep', 'defer' or 'abort'; got ${got}`, {
        cause: failure.error,
      });
      call.ownTrail().lastFailure = new AttemptFailure({ errorClass: ErrorClass.PERMANENT }, 'exception', error, false);
      call.stop('NON_RETRYABLE_CLASS', now);
    }
  }
}

function wait(call: Call, failure: AttemptFailure, delayMs: number, now: number): void {
  const { plan, options } = call;
  const trail = call.ownTrail();
  trail.previousDelayMs = delayMs;
  call.recorder?.retry(call.attempts, failure, delayMs);
  const { errorClass } = failure;
  trail.timeline?.push({ atMs: now - call.startedAt, event: EventName.RETRY, attempt: call.attempts, errorClass, delayMs });
  const before = options?.beforeSleep ?? plan.beforeSleep;
  if (before !== undefined) {
    try {
      const done = before(sleepContext(call, failure, now), delayMs);
      if (isThenable(done)) Promise.resolve(done).catch(tellBeforeSleep);
    } catch (error) {
      tellBeforeSleep(error);
    }
    if (call.settled) return; // by beforeSleep
  }
  if (failure.failedBy === 'result') cancelBody(failure.error);
  call.sleep(delayMs, now);
}

function sleepContext(call: Call, failure: AttemptFailure, now: number): SleepContext {
  return {
    policy: call.plan.name,
    operation: call.operation,
    attempt: call.attempts,
    errorClass: failure.errorClass,
    failedBy: failure.failedBy,
    cause: failure.error,
    remainingMs: call.deadlineAt - now,
  };
}

function tellBackoff(error: unknown): void {
  telemetry().warn('a backoff threw; it counts as 0 ms', error);
}

function tellBeforeSleep(error: unknown): void {
  telemetry().warn('beforeSleep threw', error);
}

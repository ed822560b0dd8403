import { RetryExhaustedError } from '../model/errors/RetryExhaustedError.js';
import { RetryScheduledError } from '../model/errors/RetryScheduledError.js';
import { EventName } from '../model/EventName.js';
import type { Outcome } from '../model/Outcome.js';
import { STOP_EVENT } from '../model/stopEvents.js';
import type { StopReason } from '../model/StopReason.js';
import type { AttemptFailure } from './AttemptFailure.js';
import type { Call } from './Call.js';
import type { Ending } from './Ending.js';
import { Rejection, rememberOutcome } from './outcomes.js';

/** Tells that a call succeeded, then settles its promise. */
export function settleSuccess(call: Call, value: unknown, elapsedMs: number): void {
  call.recorder?.endSuccess(call.attempts, elapsedMs);
  call.trail?.timeline?.push({ atMs: elapsedMs, event: EventName.SUCCESS, attempt: call.attempts });
  call.resolve(call.wantsOutcome ? successOf(call, value, elapsedMs) : value);
}

function successOf({ attempts, trail }: Call, value: unknown, elapsedMs: number): Outcome<unknown> {
  const timeline = trail?.timeline;
  return { ok: true, value, attempts, elapsedMs, ...(timeline && { timeline }) };
}

/** Tells how a call ended that did not succeed, then settles its promise. */
export function settle(call: Call, ending: Ending, elapsedMs: number): void {
  tell(call, ending, elapsedMs);
  const outcome = outcomeFor(call, ending, elapsedMs);
  if (call.wantsOutcome) call.resolve(outcome);
  else if (ending.kind === 'failure' && ending.failure.byDefaultRule) call.resolve(ending.failure.error);
  else {
    const error = thrownFor(outcome);
    rememberOutcome(error, outcome);
    call.reject(error);
  }
}

function tell(call: Call, ending: Ending, elapsedMs: number): void {
  const { recorder, attempts } = call;
  const timeline = call.trail?.timeline;
  const stopReason = stopReasonOf(ending);
  if (timeline !== undefined) {
    const errorClass = ending.kind === 'aborted' ? undefined : ending.failure?.errorClass;
    const delayMs = ending.kind === 'scheduled' ? ending.delayMs : undefined;
    timeline.push({ atMs: elapsedMs, event: STOP_EVENT[stopReason], attempt: attempts, errorClass, delayMs, stopReason });
  }
  if (recorder === undefined) return;
  switch (ending.kind) {
    case 'failure':
      return recorder.end({ kind: 'failure', attempts, stopReason: ending.stopReason, failure: ending.failure }, elapsedMs);
    case 'scheduled':
      return recorder.end({ kind: 'scheduled', attempts, failure: ending.failure, delayMs: ending.delayMs }, elapsedMs);
    case 'aborted':
      return recorder.end({ kind: 'aborted', attempts, completed: ending.completed }, elapsedMs);
    case 'rejected': {
      const circuit = { name: ending.circuit, state: ending.refusal.state };
      return recorder.end({ kind: 'rejected', attempts, circuit, failure: ending.failure }, elapsedMs);
    }
  }
}

function stopReasonOf(ending: Ending): StopReason {
  switch (ending.kind) {
    case 'failure':
      return ending.stopReason;
    case 'scheduled':
      return 'SCHEDULED';
    case 'aborted':
      return 'ABORTED';
    case 'rejected':
      return 'CIRCUIT_OPEN';
  }
}

type Unsuccessful = Exclude<Outcome<never>, { ok: true }>;

function outcomeFor(call: Call, ending: Ending, elapsedMs: number): Unsuccessful {
  const { attempts, trail } = call;
  const timeline = trail?.timeline;
  const lastResult = trail?.lastResult;
  if (ending.kind === 'rejected') {
    const { refusal, circuit, failure } = ending;
    return new Rejection(
      attempts,
      elapsedMs,
      timeline,
      failure?.errorClass,
      refusal,
      circuit,
      failure && errorOf(call, failure, 'CIRCUIT_OPEN'),
    );
  }
  const settled = { ok: false, attempts, elapsedMs, ...(timeline && { timeline }) } as const;
  if (ending.kind === 'aborted') return { ...settled, stopReason: 'ABORTED', error: ending.error };
  const { failure } = ending;
  const { errorClass, failedBy } = failure;
  const stopReason = stopReasonOf(ending);
  const failed = {
    ...settled,
    error: errorOf(call, failure, stopReason),
    errorClass,
    failedBy,
    ...(lastResult && { lastResult: lastResult.value }),
  };
  return ending.kind === 'scheduled'
    ? { ...failed, stopReason: 'SCHEDULED', nextDelayMs: ending.delayMs }
    : { ...failed, stopReason: ending.stopReason };
}

/** The error itself; for a bad result, one that carries it. */
function errorOf(call: Call, failure: AttemptFailure, stopReason: StopReason): unknown {
  if (failure.failedBy === 'exception') return failure.error;
  const { errorClass } = failure;
  return new RetryExhaustedError({ attempts: call.attempts, lastResult: failure.error, errorClass, stopReason });
}

function thrownFor(outcome: Unsuccessful): unknown {
  if (outcome instanceof Rejection) return outcome.thrown();
  if (outcome.stopReason !== 'SCHEDULED') return outcome.error;
  return new RetryScheduledError({ nextDelayMs: outcome.nextDelayMs, attempts: outcome.attempts, cause: outcome.error });
}

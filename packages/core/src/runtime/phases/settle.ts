import type { AttemptFailure } from '../../classify/AttemptFailure.js';
import { RetryExhaustedError } from '../../model/errors/RetryExhaustedError.js';
import { RetryScheduledError } from '../../model/errors/RetryScheduledError.js';
import type { Outcome, RejectedOutcome, UnsuccessfulOutcome } from '../../model/Outcome.js';
import type { StopReason } from '../../model/StopReason.js';
import type { CallHistory } from '../CallHistory.js';
import type { End } from '../../around/End.js';
import { rememberOutcome } from '../outcomeOf.js';
import { earlierFailures } from './earlier.js';
import { Rejection } from '../Rejection.js';

/** Whom a call answers. */
export interface Caller {
  /** `settle` wants the outcome itself; `call` a value or a rejection. */
  readonly wantsOutcome: boolean;
  resolve(value: unknown): void;
  reject(error: unknown): void;
  /**
   * The error of a refusal, when the call was refused before it gave its promise. It has no stack yet: whoever was called can give it one
   * that begins with the caller, which is shorter, cheaper and says more than one that begins in here.
   */
  refusedWith: Error | undefined;
}

/** The outcome of a call that succeeded. */
export function successOf(value: unknown, attempts: number, elapsedMs: number, history: CallHistory | undefined): Outcome<unknown> {
  const timeline = history?.timeline?.entries;
  return { ok: true, value, attempts, elapsedMs, ...(timeline && { timeline }) };
}

/** Settles the promise of a call that did not succeed; `isLater`: its caller has the promise already. */
export function settle(caller: Caller, end: End, elapsedMs: number, history: CallHistory | undefined, isLater: boolean): void {
  const outcome = outcomeFor(end, elapsedMs, history);
  if (end.kind === 'failure' && end.failure.byDefaultRule && !caller.wantsOutcome) caller.resolve(end.failure.error);
  else settleWith(caller, outcome, isLater);
}

/** The same for an outcome that no result is returned of. */
export function settleWith(caller: Caller, outcome: UnsuccessfulOutcome, isLater: boolean): void {
  if (caller.wantsOutcome) return caller.resolve(outcome);
  const error = thrownFor(outcome, isLater);
  if (outcome instanceof Rejection && !isLater) caller.refusedWith = outcome.error;
  rememberOutcome(error, outcome);
  caller.reject(error);
}

/** How it ended, as data. */
export function outcomeFor(end: End, elapsedMs: number, history: CallHistory | undefined): UnsuccessfulOutcome {
  const { attempts } = end;
  const timeline = history?.timeline?.entries;
  if (end.kind === 'rejected') {
    const { refusal, failure } = end;
    const cause = failure && errorOf(failure, attempts, end.stopReason);
    // TypeScript splits a union by at most 25 combinations, which reasons times classes of error are with a third gate.
    return new Rejection(attempts, elapsedMs, timeline, failure?.errorClass, refusal, cause) as RejectedOutcome & Rejection;
  }
  const settled = { ok: false, attempts, elapsedMs, ...(timeline && { timeline }) } as const;
  if (end.kind === 'aborted') return { ...settled, stopReason: 'ABORTED', error: end.error };
  const { failure, stopReason } = end;
  const { errorClass, failedBy } = failure;
  const lastResult = history?.lastResult;
  const earlier = earlierFailures(failure, history);
  const failed = {
    ...settled,
    error: errorOf(failure, attempts, stopReason),
    errorClass,
    failedBy,
    ...(lastResult && { lastResult: lastResult.value }),
    ...(earlier && { earlierFailures: earlier }),
  };
  return end.kind === 'scheduled'
    ? { ...failed, stopReason: 'SCHEDULED', nextDelayMs: end.delayMs }
    : { ...failed, stopReason: end.stopReason };
}

/** The error itself; for a bad result, one that carries it. */
function errorOf({ failedBy, error, errorClass }: AttemptFailure, attempts: number, stopReason: StopReason): unknown {
  return failedBy === 'exception' ? error : new RetryExhaustedError({ attempts, lastResult: error, errorClass, stopReason });
}

function thrownFor(outcome: UnsuccessfulOutcome, isLater: boolean): unknown {
  if (outcome instanceof Rejection) return isLater ? outcome.withStack() : outcome.error;
  if (outcome.stopReason !== 'SCHEDULED') return outcome.error;
  return new RetryScheduledError({ nextDelayMs: outcome.nextDelayMs, attempts: outcome.attempts, cause: outcome.error });
}

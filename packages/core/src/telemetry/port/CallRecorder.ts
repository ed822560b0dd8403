import type { CallEnd } from '../../model/CallEnd.js';
import type { EmittedAttributes } from '../../model/EmittedAttributes.js';
import type { ErrorClass } from '../../model/ErrorClass.js';
import type { EventName } from '../../model/EventName.js';
import type { FailureFacts } from '../../model/FailureFacts.js';

/**
 * Records one call: its span, its events, its metrics. None of its methods ever throws, but for `run`, which throws what the function threw.
 * Attempt numbers are those of the call (after `resume` they go on where the deferred call stopped).
 */
export interface CallRecorder {
  /** An attempt begins; told just before `run`. */
  attempt(number: number): void;
  /** Runs the function of that attempt exactly once with the call's span active (or the attempt's, with `attemptSpans`). Returns and throws what it does. */
  run<A, T>(attempt: number, fn: (argument: A) => T, argument: A): T;
  /** Runs something else of the call with its span active. Returns and throws what it does. */
  within<T>(fn: () => T): T;
  /** An attempt settled after so many milliseconds; `failure` is undefined when it succeeded or was aborted. */
  attemptEnded(attempt: number, durationMs: number, failure: FailureFacts | undefined): void;
  /** An attempt failed, and the call goes on with others at once: with one that runs beside it, or that begins now. */
  attemptFailed(attempt: number, failure: FailureFacts): void;
  /** An attempt was called off after so many milliseconds, for another one succeeded. */
  attemptLost(attempt: number, durationMs: number): void;
  /** The function of an attempt that had failed ended, so many milliseconds after that. */
  ranOn(errorClass: ErrorClass, elapsedMs: number): void;
  /** Another attempt is scheduled after the failed `attempt`; told once before each wait of `delayMs` milliseconds. */
  retry(attempt: number, failure: FailureFacts, delayMs: number): void;
  /** Milliseconds really spent waiting after a failure of that class, whole or cut short. */
  waited(errorClass: ErrorClass, elapsedMs: number): void;
  /** An attempt ran out of its own time. */
  attemptTimeout(attempt: number, failure: FailureFacts): void;
  /** What a gate did in this call, such as a circuit that opened; `facts` are the attributes of that event in the registry. */
  event(name: EventName, attempt: number, facts?: Readonly<EmittedAttributes>): void;
  /** Links to what another call's `cause()` gave: a probe and a rejected call to the span whose failure opened the `circuit`, which had a say in this call. */
  link(cause: unknown, circuit?: string): void;
  /** This call's span context, for a breaker to keep; undefined without a span. */
  cause(): unknown;
  /** The call succeeded at that attempt; `winner` is the one that did, where several ran at once. Either this or `end`, exactly once; what comes later is ignored. */
  endSuccess(attempt: number, elapsedMs: number, winner?: number): void;
  /** The call would have ended so, and something else answers for it: `event` says what, beside how it would have ended. It still ends by `endAnswered` or `end`. */
  insteadOf(end: CallEnd, event: EventName, facts?: Readonly<EmittedAttributes>): void;
  /** Something answered in the place of the function, after so many attempts: `redress.answered_by`. */
  endAnswered(attempts: number, elapsedMs: number, by: string): void;
  /** The call ended otherwise, so many milliseconds after its start. */
  end(end: CallEnd, elapsedMs: number): void;
}

/** Counts calls that succeed, where counts and durations are all that is wanted: such a call needs no recorder of its own until it tells more. */
export interface SuccessCounter {
  attempt(number: number): void;
  endSuccess(attempt: number, elapsedMs: number): void;
  /** What happened in this call; `facts` are the attributes of that event in the registry. */
  event(name: EventName, facts: Readonly<EmittedAttributes> | undefined): void;
  /** Something answered in the place of the function. */
  endAnswered(elapsedMs: number): void;
}

import type { Attempt } from '../../model/Attempt.js';
import type { CircuitState } from '../../model/CircuitState.js';
import type { ErrorClass } from '../../model/ErrorClass.js';
import type { FailedBy } from '../../model/FailedBy.js';
import type { OutcomeKind } from '../../model/Outcome.js';
import type { StopReason } from '../../model/StopReason.js';

/** What telemetry is told of a failed attempt. */
export interface FailureFacts {
  /** `error.class`. */
  readonly errorClass: ErrorClass;
  /** `redress.cause`. */
  readonly failedBy: FailedBy;
  /** The thrown value, or the result that was judged a failure. Its message is shown only in the span's exception event. */
  readonly error: unknown;
  /** `error.type`: the status code as text, else the exception's class name; the error class for a failed result. */
  readonly errorType: string;
}

/** The circuit that refused. */
export interface CircuitFacts {
  /** `circuit.name`. */
  readonly name: string;
  /** `circuit.state`: open or forced open, or half-open when no probe is free. */
  readonly state: CircuitState;
}

/** A change of a circuit's state; the engine's BreakerTransition fits. */
export interface TransitionFacts {
  /** The state before. */
  readonly from: CircuitState;
  /** The state now. */
  readonly to: CircuitState;
}

/** How a call that did not succeed ended. */
export type CallEnd =
  | { readonly kind: 'failure'; readonly attempts: number; readonly stopReason: StopReason; readonly failure: FailureFacts }
  | { readonly kind: 'scheduled'; readonly attempts: number; readonly failure: FailureFacts; readonly delayMs: number }
  | {
      readonly kind: 'aborted';
      readonly attempts: number;
      /** Attempts that ended by themselves: `retry.attempt` of the event. */
      readonly completed: number;
    }
  | {
      readonly kind: 'rejected';
      readonly attempts: number;
      readonly circuit: CircuitFacts;
      /** The last failure, when the circuit was found open mid-retry. */
      readonly failure?: FailureFacts | undefined;
    };

/** Kinds of {@link CallEnd}: every outcome but success, which has a method of its own. */
export type UnsuccessfulKind = Exclude<OutcomeKind, 'success'>;

/**
 * Records one call: its span, its events, its metrics. None of its methods ever throws, but for `run`, which throws what the function threw.
 * Attempt numbers are those of the call (after `resume` they go on where the deferred call stopped).
 */
export interface CallRecorder {
  /** Whether `attemptEnded` wants a real duration; when false the runtime need not read the clock for it. */
  readonly timesAttempts: boolean;
  /** An attempt begins; told just before `run`. */
  attempt(number: number): void;
  /** Runs the function exactly once with the call's span active (or the attempt's, with `attemptSpans`). Returns and throws what it does. */
  run<T>(fn: (attempt: Attempt) => T, attempt: Attempt): T;
  /** An attempt settled; `failure` is undefined when it succeeded or was aborted. */
  attemptEnded(attempt: number, durationMs: number, failure: FailureFacts | undefined): void;
  /** Another attempt is scheduled after the failed `attempt`; told once before each wait. */
  retry(attempt: number, failure: FailureFacts, delayMs: number): void;
  /** Milliseconds really spent waiting after a failure of that class, whole or cut short. */
  waited(errorClass: ErrorClass, elapsedMs: number): void;
  /** An attempt ran out of its own time. */
  attemptTimeout(attempt: number, failure: FailureFacts): void;
  /** An attempt was slower than the breaker's `slowCallMs`. */
  slowCall(attempt: number, durationMs: number): void;
  /** The call changed a circuit's state. */
  circuit(transition: TransitionFacts, circuitName: string, attempt: number): void;
  /** A circuit with `observeOnly` would have refused this attempt. Not terminal: the call goes on. */
  observedRefusal(circuit: CircuitFacts, attempt: number): void;
  /** Links to what another call's `cause()` gave: a probe and a rejected call to the span whose failure opened the circuit. */
  link(cause: unknown): void;
  /** This call's span context, for a breaker to keep; undefined without a span. */
  cause(): unknown;
  /** The call succeeded at that attempt. Either this or `end`, exactly once; what comes later is ignored. */
  endSuccess(attempt: number, elapsedMs: number): void;
  /** The call ended otherwise. */
  end(end: CallEnd, elapsedMs: number): void;
}

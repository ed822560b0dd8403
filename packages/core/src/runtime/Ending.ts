import type { BreakerRefusal } from '../gates/breaker/CircuitBreakerEngine.js';
import type { FailureOutcome } from '../model/Outcome.js';
import type { AttemptFailure } from './AttemptFailure.js';

/** Stop reasons of a call that failed, as against one that was refused, aborted or deferred. */
export type FailureReason = FailureOutcome['stopReason'];

/** How a call that did not succeed ended, before it is told and settled. */
export type Ending =
  | { readonly kind: 'failure'; readonly stopReason: FailureReason; readonly failure: AttemptFailure }
  | { readonly kind: 'scheduled'; readonly failure: AttemptFailure; readonly delayMs: number }
  | { readonly kind: 'aborted'; readonly error: unknown; readonly completed: number }
  | {
      readonly kind: 'rejected';
      readonly refusal: BreakerRefusal;
      readonly circuit: string;
      /** The last failure, when the circuit opened mid-retry. */
      readonly failure: AttemptFailure | undefined;
    };

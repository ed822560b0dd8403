import type { BreakerLease } from '../gates/breaker/CircuitBreakerEngine.js';
import type { ErrorClass } from '../model/ErrorClass.js';
import type { TimelineEntry } from '../model/Outcome.js';
import type { AttemptFailure } from './AttemptFailure.js';

/** What a call remembers once it is more than one success: its failures, its waits, its timeline. */
export class CallTrail {
  lastFailure: AttemptFailure | undefined = undefined;
  /** The last result that was judged a failure; boxed, for it may be undefined itself. */
  lastResult: { readonly value: unknown } | undefined = undefined;
  /** Failed attempts by class. */
  readonly failures: Partial<Record<ErrorClass, number>> = {};
  /** Milliseconds of the last wait. */
  previousDelayMs: number | undefined = undefined;
  /** When the present wait began; undefined outside of one. */
  sleepingSince: number | undefined = undefined;
  /** Kept when the call asked for it. */
  timeline: TimelineEntry[] | undefined = undefined;
  /** Under a breaker of scope `call`. */
  lease: BreakerLease | undefined = undefined;

  /** Takes a failure in; gives how many of its class there were, this one included. */
  add(failure: AttemptFailure): number {
    this.lastFailure = failure;
    if (failure.failedBy === 'result') this.lastResult = { value: failure.error };
    const count = (this.failures[failure.errorClass] ?? 0) + 1;
    this.failures[failure.errorClass] = count;
    return count;
  }
}

import { cutSignal, signalOf, type SignalState } from '../../model/lazySignal.js';
import type { ErrorClass } from '../../model/ErrorClass.js';
import type { UnsuccessfulOutcome } from '../../model/Outcome.js';
import type { StopReason } from '../../model/StopReason.js';
import type { AroundCall } from '../Around.js';
import type { End } from '../End.js';
import type { FallbackFor } from './options.js';

/** How a call ended that a fallback may answer for. */
export type FailedEnd = Extract<End, { kind: 'failure' | 'rejected' }>;

/** A call that has failed, as its fallback sees it: made for one fallback, which is all that knows when its signal fires. */
export class FailedCall implements FallbackFor {
  readonly policy: string;
  readonly operation: string;
  readonly errorClass: ErrorClass | undefined;
  readonly stopReason: StopReason;
  readonly attempts: number;
  readonly #insteadOf: () => UnsuccessfulOutcome;
  #signal: SignalState;
  #isCut = false;

  constructor({ policy, operation }: AroundCall, end: FailedEnd, insteadOf: () => UnsuccessfulOutcome) {
    this.policy = policy;
    this.operation = operation;
    this.errorClass = end.failure?.errorClass;
    this.stopReason = end.stopReason;
    this.attempts = end.attempts;
    this.#insteadOf = insteadOf;
  }

  get error(): unknown {
    return this.#insteadOf().error;
  }

  get signal(): AbortSignal {
    this.#signal = signalOf(this.#signal);
    return this.#signal.signal;
  }

  /** Nobody waits any more. */
  static isCut(failed: FailedCall): boolean {
    return failed.#isCut;
  }

  /** Nobody waits any more: its signal fires. */
  static cut(failed: FailedCall, reason: unknown): void {
    failed.#isCut = true;
    failed.#signal = cutSignal(failed.#signal, reason);
  }
}

import type { Lease } from '../gates/Gate.js';
import { cutSignal, signalOf, type SignalState } from './attemptSignal.js';
import type { AttemptOwner, RunningAttempt } from './RunningAttempt.js';
import { ToldCall } from './ToldCall.js';

/** A call as its own first attempt: most calls make no other, and then cost one object less. */
export abstract class FirstAttempt extends ToldCall implements RunningAttempt, AttemptOwner {
  number = 1;
  over = false;
  ended = false;
  lease: Lease | undefined = undefined;
  private signalState: SignalState = undefined;

  abstract fulfilled(attempt: RunningAttempt, value: unknown): void;
  abstract threw(attempt: RunningAttempt, error: unknown): void;

  get signal(): AbortSignal {
    this.signalState = signalOf(this.signalState);
    return this.signalState.signal;
  }

  get remainingMs(): number {
    return this.remainingMsOf(this);
  }

  remainingMsOf(attempt: RunningAttempt): number {
    if (attempt.over) return 0;
    return Math.max(0, Math.min(attempt.startedAt + this.plan.attemptTimeoutMs, this.deadlineAt) - this.now());
  }

  onValue(value: unknown): void {
    this.fulfilled(this, value);
  }

  onError(error: unknown): void {
    this.threw(this, error);
  }

  cut(reason: unknown): void {
    if (!this.ended) this.signalState = cutSignal(this.signalState, reason);
  }
}

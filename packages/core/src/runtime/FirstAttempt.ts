import type { Lease } from '../gates/Gate.js';
import type { Attempt } from '../model/Attempt.js';
import { INNER, InnerCalls } from './InnerCalls.js';
import type { CallSettings } from './CallSettings.js';
import type { Plan } from './Plan.js';
import { cutSignal, signalOf, type SignalState } from '../model/lazySignal.js';
import type { AttemptOwner, RunningAttempt } from './RunningAttempt.js';
import { ToldCall } from './ToldCall.js';

/** A call as its own first attempt: most calls make no other, and then cost one object less. */
export abstract class FirstAttempt extends ToldCall implements RunningAttempt, AttemptOwner {
  number = 1;
  over = false;
  ended = false;
  lease: Lease | undefined = undefined;
  private signalState: SignalState = undefined;

  // Written out: the one that a compiler makes up hands its arguments on as a list, in every call (npm run bench -- no-sdk).
  constructor(plan: Plan, options: CallSettings | undefined) {
    super(plan, options);
  }

  abstract fulfilled(attempt: RunningAttempt, value: unknown): void;
  abstract threw(attempt: RunningAttempt, error: unknown): void;
  abstract readonly fn: (attempt: Attempt) => unknown;

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

  get innerCalls(): InnerCalls | undefined {
    return this.history?.innerCalls;
  }

  get [INNER](): InnerCalls {
    const history = this.ownHistory();
    history.innerCalls ??= new InnerCalls();
    if (this.ended) history.innerCalls.end();
    return history.innerCalls;
  }

  callFn(): unknown {
    const { fn } = this;
    return fn(this);
  }

  onValue(value: unknown): void {
    try {
      this.fulfilled(this, value);
    } catch (error) {
      this.broke(error);
    }
  }

  onError(error: unknown): void {
    try {
      this.threw(this, error);
    } catch (thrown) {
      this.broke(thrown);
    }
  }

  cut(reason: unknown): void {
    if (!this.ended) this.signalState = cutSignal(this.signalState, reason);
  }
}

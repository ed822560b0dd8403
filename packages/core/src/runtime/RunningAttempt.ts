import type { BreakerLease } from '../gates/breaker/CircuitBreakerEngine.js';
import type { Attempt } from '../model/Attempt.js';
import type { Call } from './Call.js';

/** One attempt while it runs, and what the function is given of it. */
export class RunningAttempt implements Attempt {
  /** Settled, timed out or given up: nothing that comes later counts. */
  over = false;
  /** Its function has returned, thrown or settled. */
  ended = false;
  private controller: AbortController | undefined = undefined;
  /** Why it was given up; boxed, for a reason may be undefined. */
  private cutBy: { readonly reason: unknown } | undefined = undefined;

  constructor(
    private readonly call: Call,
    readonly number: number,
    readonly startedAt: number,
    readonly lease: BreakerLease | undefined,
  ) {}

  get operation(): string {
    return this.call.operation;
  }

  get remainingMs(): number {
    return this.over ? 0 : Math.max(0, this.call.attemptEndsAt(this) - this.call.timers.now());
  }

  /** Made when it is read: most functions that take no signal then pay for none. */
  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.cutBy !== undefined) this.controller.abort(this.cutBy.reason);
    }
    return this.controller.signal;
  }

  /** Given up while its function runs: its signal fires. One that settled by itself keeps a quiet signal. */
  cut(reason: unknown): void {
    if (this.ended) return;
    this.cutBy = { reason };
    this.controller?.abort(reason);
  }
}

import type { Lease } from '../gates/Gate.js';
import type { Attempt } from '../model/Attempt.js';
import { INNER, InnerCalls } from './InnerCalls.js';
import { cutSignal, signalOf, type SignalState } from '../model/lazySignal.js';

/** One attempt while it runs, and what the function is given of it. A call is its own first attempt; later ones are {@link LaterAttempt}s. */
export interface RunningAttempt extends Attempt {
  /** Settled, timed out or given up: nothing that comes later counts. */
  over: boolean;
  /** Its function has returned, thrown or settled. */
  ended: boolean;
  readonly lease: Lease | undefined;
  readonly startedAt: number;
  /** Calls made inside; most attempts have none. */
  readonly innerCalls: InnerCalls | undefined;
  /** Calls the function, given this attempt. */
  callFn(): unknown;
  /** Its function gave a value. */
  onValue(value: unknown): void;
  /** Its function threw, or its promise rejected. */
  onError(error: unknown): void;
  /** Given up while its function runs: its signal fires. One that settled by itself keeps a quiet signal. */
  cut(reason: unknown): void;
}

/** What an attempt asks of its call. Apart from it, so that the two files make no circle. */
export interface AttemptOwner {
  readonly operation: string;
  readonly fn: (attempt: Attempt) => unknown;
  remainingMsOf(attempt: RunningAttempt): number;
  fulfilled(attempt: RunningAttempt, value: unknown): void;
  threw(attempt: RunningAttempt, error: unknown): void;
  /** Something of ours threw where nobody would hear of it. */
  broke(error: unknown): void;
}

/** Any attempt but the first. */
export class LaterAttempt implements RunningAttempt {
  over = false;
  ended = false;
  innerCalls: InnerCalls | undefined = undefined;
  private signalState: SignalState = undefined;

  constructor(
    private readonly call: AttemptOwner,
    readonly number: number,
    readonly startedAt: number,
    readonly lease: Lease | undefined,
  ) {}

  get operation(): string {
    return this.call.operation;
  }

  get remainingMs(): number {
    return this.call.remainingMsOf(this);
  }

  get signal(): AbortSignal {
    this.signalState = signalOf(this.signalState);
    return this.signalState.signal;
  }

  get [INNER](): InnerCalls {
    this.innerCalls ??= new InnerCalls();
    if (this.ended) this.innerCalls.end();
    return this.innerCalls;
  }

  callFn(): unknown {
    const { fn } = this.call;
    return fn(this);
  }

  onValue(value: unknown): void {
    try {
      this.call.fulfilled(this, value);
    } catch (error) {
      this.call.broke(error);
    }
  }

  onError(error: unknown): void {
    try {
      this.call.threw(this, error);
    } catch (thrown) {
      this.call.broke(thrown);
    }
  }

  cut(reason: unknown): void {
    if (!this.ended) this.signalState = cutSignal(this.signalState, reason);
  }
}

import type { CircuitState } from '../../model/CircuitState.js';
import { isStrayPromise } from '../../model/strayPromise.js';
import { telemetry } from '../../telemetry/port/processTelemetry.js';
import { outsideOfCalls } from '../../timers/outsideOfCalls.js';
import type { BreakerTransition } from './BreakerTransition.js';

/** A change of a circuit's state, as `onTransition` is told it. */
export interface CircuitTransition {
  /** The circuit's name. */
  readonly name: string;
  /** The state told before. */
  readonly from: CircuitState;
  /** The state now. */
  readonly to: CircuitState;
  /**
   * Why: `failure_ratio`, `slow_call_ratio`, `count`, `consecutive` or `probe_failed` opened it, `recovery_elapsed` let the first probe
   * through, `probes_succeeded` closed it; `forced`, `reset` and `restored` were somebody's will.
   */
  readonly reason: string;
  /** Milliseconds until the first probe, when it opened; else undefined. */
  readonly retryAfterMs: number | undefined;
}

/** What acts when a circuit changes its state. */
export type OnTransition = (transition: CircuitTransition) => unknown;

/** A listener that changes the circuit each time it is told of a change would never come to an end. */
const MOST_IN_A_ROW = 100;

/**
 * Calls the user's `onTransition` after a transition, one at a time and in their order: what it changes itself it is told when it has
 * returned. It runs in no caller's async context: what it makes, such as a new pool, is not to keep a request alive.
 */
export class TransitionListener {
  readonly #act: OnTransition;
  /** Those to be told, while one is; undefined else. */
  #waiting: CircuitTransition[] | undefined;

  constructor(act: OnTransition) {
    this.#act = act;
  }

  tell(name: string, { from, to, reason, retryAfterMs }: BreakerTransition): void {
    const transition = Object.freeze({ name, from, to, reason, retryAfterMs });
    if (this.#waiting !== undefined) return void this.#waiting.push(transition);
    const waiting = [transition];
    this.#waiting = waiting;
    // A list hands out what is added while it is walked.
    for (const each of waiting) {
      outsideOfCalls(this.#call, each);
      if (waiting.length > MOST_IN_A_ROW) {
        telemetry().warn(`onTransition of circuit ${name} goes on changing the circuit; it is told no more of what it did`);
        break;
      }
    }
    this.#waiting = undefined;
  }

  readonly #call = (transition: CircuitTransition): void => {
    const warn = (what: string, error: unknown): void => telemetry().warn(`onTransition of circuit ${transition.name} ${what}`, error);
    try {
      isStrayPromise(this.#act(transition), (error) => warn('rejected', error));
    } catch (error) {
      warn('threw', error);
    }
  };
}

import type { Attempt } from '../model/Attempt.js';
import type { CallOptions } from '../runtime/CallOptions.js';
import type { Outcome } from '../model/Outcome.js';
import type { PolicyAroundHandles } from '../around/policyOptions.js';
import type { PolicyGates } from '../gates/list.js';
import type { PolicyHealth } from './health/PolicyHealth.js';

/** A named way to call one dependency; made by `policy()`. Its gates (`circuitBreaker` …) and its cache, shared or its own, are there by the names of their options. `F` is what its fallback gives. */
export interface Policy<F = never> extends PolicyGates, PolicyAroundHandles {
  /** `redress.policy` in telemetry. */
  readonly name: string;

  /**
   * Calls `fn` until it succeeds or the policy ends the call. Resolves with its result.
   *
   * Rejects with the last error itself, or with `DeadlineExceededError`, `AttemptTimeoutError`, `RetryExhaustedError` (a bad result),
   * the error of the gate that refused (`CircuitOpenError` …), `RetryScheduledError`, what its fallback failed with, or the reason of the signal that aborted it. Wrong arguments reject with a TypeError.
   */
  call<R, G = never>(fn: (attempt: Attempt) => R, options?: CallOptions<R, G>): Promise<Awaited<R> | F | G>;

  /** The same as `call`, told as an outcome: it never rejects for a failed call. Wrong arguments still reject with a TypeError. */
  settle<R, G = never>(fn: (attempt: Attempt) => R, options?: CallOptions<R, G>): Promise<Outcome<Awaited<R> | F | G>>;

  /**
   * A function that calls `fn` under this policy, with `this` and the arguments passed on; it gets no signal. Rejects as `call` does.
   *
   * @throws TypeError at once when `fn` is no function or an option is wrong.
   */
  wrap<This, A extends unknown[], R, G = never>(
    fn: (this: This, ...args: A) => R,
    options?: CallOptions<R, G>,
  ): (this: This, ...args: A) => Promise<Awaited<R> | F | G>;

  /**
   * A function that calls `fn` under this policy with the attempt before its arguments. Rejects as `call` does.
   *
   * @throws TypeError at once when `fn` is no function or an option is wrong.
   */
  fn<A extends unknown[], R, G = never>(
    fn: (attempt: Attempt, ...args: A) => R,
    options?: CallOptions<R, G>,
  ): (...args: A) => Promise<Awaited<R> | F | G>;

  /**
   * The same policy, with options preset for its calls; those of a call go before them.
   *
   * @throws TypeError for a wrong option.
   */
  with<G = never>(options: CallOptions<unknown, G>): Policy<F | G>;

  /** Never there. It tells the compiler, which does not see it by the methods alone, that a policy whose fallback gives something is none whose fallback gives nothing. */
  readonly '~gives'?: F | undefined;

  /** How it stands now, as data for a status line: its calls in flight, its circuit, what is left of its budget, and what is wrong. Changes nothing. */
  stats(): PolicyHealth;

  /** Takes the policy out of its registry: its gauges read 0. Calls that run go on, and so does whoever still holds it. */
  dispose(): void;
}

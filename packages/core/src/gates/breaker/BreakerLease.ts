import type { BreakerTransition } from './BreakerTransition.js';
import type { CircuitState } from '../../model/CircuitState.js';

/**
 * Leave to run, to be given back once by `succeed`, `fail` or `release`.
 *
 * It belongs to one generation, the time between two changes of state: given back later it changes nothing.
 * All calls of a closed generation share one frozen lease; a probe has its own.
 */
export interface BreakerLease {
  readonly kind: 'lease';
  /** Whether this is one of the few calls that try a half-open circuit. */
  readonly probe: boolean;
  /** For a probe: the cause given with the failure that opened the circuit. */
  readonly openedBy: unknown;
  /** For the first probe: the move to half-open, to be told. */
  readonly transition: BreakerTransition | undefined;
  /** Under `observeOnly`: the refusal this lease stands for. Its result does not count, as the call would not have been made. */
  readonly observed: BreakerRefusal | undefined;
}

/** No leave to run. */
export interface BreakerRefusal {
  readonly kind: 'refusal';
  /**
   * Milliseconds: while open until the first probe, while forced open Infinity. While half-open with every place taken,
   * until the earliest probe loses its place if it never settles: the longest there is to wait, and mostly it is less.
   */
  readonly retryAfterMs: number;
  readonly state: CircuitState;
  /** The cause given with the failure that opened the circuit; undefined when it was forced, restored or opened by slow successes alone. */
  readonly openedBy: unknown;
}

/** The lease of a closed generation: every call shares it, so that a call allocates nothing. */
export function closedLease(): BreakerLease {
  return Object.freeze({ kind: 'lease', probe: false, openedBy: undefined, transition: undefined, observed: undefined });
}

/** That of the first generation: a lease comes back to the breaker that gave it, so that all may give the same one. */
export const FIRST_LEASE: BreakerLease = /* @__PURE__ */ closedLease();

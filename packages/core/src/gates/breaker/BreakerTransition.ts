import type { CircuitState } from '../../model/CircuitState.js';
import type { TripReason, WindowShares } from './trips/Trip.js';

/** Why a circuit changed its state: the trip's own reason, or `probe_failed`, `probes_succeeded`, `recovery_elapsed`, `forced`, `reset`, `restored`. */
export type TransitionReason = TripReason;

/**
 * A change of state, to be told once. `from` is the state told last, so that what was told makes a chain.
 * A circuit whose open time is over reads half-open at once, but that is told with the first probe.
 */
export interface BreakerTransition {
  readonly from: CircuitState;
  readonly to: CircuitState;
  readonly reason: TransitionReason;
  /** Milliseconds until the first probe, for a move to `open`; else undefined. */
  readonly retryAfterMs: number | undefined;
  /** What the window held as the circuit left `closed`; undefined for any other move, and for a trip that has no window of calls. */
  readonly window: WindowShares | undefined;
}

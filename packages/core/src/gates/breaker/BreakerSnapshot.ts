import type { CircuitState } from '../../model/CircuitState.js';

/** What a circuit may be in: its four states, and closed by force. */
export type SnapshotState = 'closed' | 'open' | 'half_open' | 'forced_open' | 'forced_closed';

/**
 * A breaker's state as JSON. It holds no point in time of the monotonic clock, which starts anew with each process, but what is left.
 *
 * Kept: the state, the open time left, the openings in a row and how long the last one was, so that doubling goes on.
 * Not kept: the counts of the window, probes in flight (their process is gone) and what opened it (it need not be JSON).
 */
export interface BreakerSnapshot {
  /** Of this shape; another one is refused. */
  readonly version: 1;
  /** The state when it was taken; half-open is taken up as open with no time left. */
  readonly state: SnapshotState;
  /** Milliseconds left until the first probe when it was taken; 0 unless open. */
  readonly remainingOpenMs: number;
  /** Openings since the circuit was last closed. */
  readonly openings: number;
  /** Milliseconds of the last opening; undefined before the first. */
  readonly lastOpenMs?: number | undefined;
  /** Wall-clock milliseconds since 1970 when it was taken; undefined when the taker gave none. */
  readonly takenAtMs?: number | undefined;
}

/** A circuit breaker as JSON: its name and its state, not its options, which may hold functions. */
export interface CircuitBreakerJSON {
  /** `circuit.name` in telemetry. */
  readonly name: string;
  /** Where it stood. */
  readonly state: BreakerSnapshot;
}

/** Milliseconds of open time left at `wallMs`. A wall clock that was set back takes nothing off and adds nothing. */
export function remainingOpenMs({ remainingOpenMs, takenAtMs }: BreakerSnapshot, wallMs: number | undefined): number {
  if (takenAtMs === undefined || wallMs === undefined) return remainingOpenMs;
  return Math.max(0, remainingOpenMs - Math.max(0, wallMs - takenAtMs));
}

/** The state to begin with: half-open is open with no time left. */
export function restoredState({ state }: BreakerSnapshot): CircuitState {
  if (state === 'forced_closed') return 'closed';
  return state === 'half_open' ? 'open' : state;
}

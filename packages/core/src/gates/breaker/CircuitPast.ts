import type { CircuitState } from '../../model/CircuitState.js';
import type { BreakerTransition, TransitionReason } from './BreakerTransition.js';
import { Probes } from './Probes.js';
import { StateTimes } from './StateTimes.js';
import type { WindowShares } from './trips/Trip.js';

/** What only a circuit has that left closed once, or was held there: apart from the rest, as most never do. */
export class CircuitPast {
  readonly probes: Probes;
  readonly times: StateTimes;
  heldClosed = false;
  openUntilMs = 0;
  openings = 0;
  lastOpenMs: number | undefined;
  /** Successful probes of this generation. */
  successes = 0;
  /** Of the window as the circuit left closed. */
  lastRatio: number | undefined;
  /** The state of the last transition handed out. */
  #told: CircuitState = 'closed';

  constructor(madeMs: number, probes: number, maxProbeMs: number) {
    this.probes = new Probes(probes, maxProbeMs);
    this.times = new StateTimes(madeMs);
  }

  /** A generation begins: nobody holds a place, and nothing is held. */
  begin(state: CircuitState, atMs: number): void {
    this.times.move(state, atMs);
    this.heldClosed = false;
    this.successes = 0;
    this.probes.clear();
  }

  /** The change to be told; undefined when that state was told last. */
  tell(to: CircuitState, reason: TransitionReason, retryAfterMs?: number, window?: WindowShares): BreakerTransition | undefined {
    const from = this.#told;
    this.#told = to;
    return from === to ? undefined : { from, to, reason, retryAfterMs, window };
  }
}

import type { CircuitState } from '../../model/CircuitState.js';

/** How long a circuit has been in each state, in milliseconds; the four add up to its age. */
export class StateTimes {
  readonly #endedMs: Record<CircuitState, number> = { closed: 0, open: 0, half_open: 0, forced_open: 0 };
  #state: CircuitState = 'closed';
  #sinceMs: number;

  constructor(nowMs: number) {
    this.#sinceMs = nowMs;
  }

  get state(): CircuitState {
    return this.#state;
  }

  move(state: CircuitState, atMs: number): void {
    this.#endedMs[this.#state] += atMs - this.#sinceMs;
    this.#state = state;
    this.#sinceMs = atMs;
  }

  at(nowMs: number): Readonly<Record<CircuitState, number>> {
    return { ...this.#endedMs, [this.#state]: this.#endedMs[this.#state] + nowMs - this.#sinceMs };
  }
}

import { RequestWindow } from './RequestWindow.js';

/** What decides how much is refused. */
export interface ThrottleSettings {
  readonly multiplier: number;
  readonly windowMs: number;
  readonly minimumRequests: number;
  readonly maxRejection: number;
}

/** So many times as many as are refused between two that pass, on average, may be refused in a row: what chance does once in 20,000 times. */
const LONGEST_RUN = 10;

/**
 * Refuses by chance, more the larger a share of what is sent is turned away: with as many sent as `multiplier` times what was accepted, none.
 * What it refused itself counts as sent: so it lets through what the other side takes, and somewhat more, by which it learns of better times.
 *
 * Source: "Site Reliability Engineering", Handling Overload, Client-Side Throttling. The bound on what is refused is Envoy's (admission
 * control): by the formula alone next to nothing is sent after an outage of five minutes, and at 100 a second it takes eleven minutes more
 * until all is; with nine tenths refused at most, four.
 */
export class AdaptiveThrottleEngine {
  readonly #settings: ThrottleSettings;
  readonly #window: RequestWindow;
  /** Refused since one passed. */
  #refusedInRow = 0;

  constructor(settings: ThrottleSettings) {
    this.#settings = settings;
    this.#window = new RequestWindow(settings.windowMs);
  }

  /** The share of what comes now that is refused. */
  rejectionProbability(nowMs: number): number {
    const window = this.#window;
    window.forget(nowMs);
    const { requests, accepts } = window;
    const { multiplier, minimumRequests, maxRejection } = this.#settings;
    if (requests < minimumRequests) return 0;
    return Math.min(maxRejection, Math.max(0, (requests - multiplier * accepts) / (requests + 1)));
  }

  /** Whether one that comes now is refused, by a chance from 0 to 1; it then counts as sent. */
  refuses(nowMs: number, chance: () => number): boolean {
    const probability = this.rejectionProbability(nowMs);
    // Whatever chance says, and were it always the same, some pass.
    if (probability === 0 || this.#refusedInRow >= LONGEST_RUN / (1 - probability) || chance() >= probability) {
      this.#refusedInRow = 0;
      return false;
    }
    this.#refusedInRow += 1;
    this.#window.add(nowMs, false);
    return true;
  }

  /** Whether it has seen nothing in its window but what was accepted. */
  isAtRest(nowMs: number): boolean {
    this.#window.forget(nowMs);
    return this.#window.requests === this.#window.accepts;
  }

  /** One that passed has ended. */
  ended(nowMs: number, accepted: boolean): void {
    this.#window.add(nowMs, accepted);
  }
}

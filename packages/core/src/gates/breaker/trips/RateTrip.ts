import type { Trip } from './Trip.js';
import type { ResolvedRateTrip } from '../BreakerSettings.js';
import type { TripReason } from '../BreakerTransition.js';
import type { CallWindow } from '../windows/CallWindow.js';
import { CountWindow } from '../windows/CountWindow.js';
import { TimeWindow } from '../windows/TimeWindow.js';

/**
 * Opens on the share of failed, then of slow calls, once enough calls are in the window.
 *
 * Every call is weighed, a success too: it may be the one that reaches `minimumCalls`. So a closed circuit never has
 * a rate at or above its threshold just after a call. resilience4j does the same.
 */
export class RateTrip implements Trip {
  readonly #window: CallWindow;
  readonly #failureRate: number;
  readonly #minimumCalls: number;
  readonly #slowCallMs: number;
  readonly #slowCallRate: number;

  constructor(trip: ResolvedRateTrip, nowMs: number) {
    this.#window = trip.windowCalls === undefined ? new TimeWindow(trip.windowMs, nowMs) : new CountWindow(trip.windowCalls);
    this.#failureRate = trip.failureRate;
    this.#minimumCalls = trip.minimumCalls;
    this.#slowCallMs = trip.slowCallMs ?? Infinity;
    this.#slowCallRate = trip.slowCallRate ?? 1;
  }

  succeed(nowMs: number, durationMs: number): TripReason | undefined {
    this.#window.record(nowMs, 0, durationMs >= this.#slowCallMs ? 1 : 0);
    return this.#reason();
  }

  fail(nowMs: number, durationMs: number): TripReason | undefined {
    this.#window.record(nowMs, 1, durationMs >= this.#slowCallMs ? 1 : 0);
    return this.#reason();
  }

  isSlow(durationMs: number): boolean {
    return durationMs >= this.#slowCallMs;
  }

  failureRate(nowMs: number): number {
    const window = this.#window;
    window.forget(nowMs);
    return window.calls >= this.#minimumCalls ? window.failures / window.calls : Number.NaN;
  }

  clear(nowMs: number): void {
    this.#window.clear(nowMs);
  }

  #reason(): TripReason | undefined {
    const { calls, failures, slow } = this.#window;
    if (calls < this.#minimumCalls) return undefined;
    // Divided, not multiplied: 3 / 10 is exactly the double 0.3, 0.3 * 10 need not be 3.
    if (failures / calls >= this.#failureRate) return 'failure_rate';
    return slow / calls >= this.#slowCallRate ? 'slow_call_rate' : undefined;
  }
}

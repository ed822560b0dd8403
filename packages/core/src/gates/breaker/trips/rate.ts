import { atLeastOne, milliseconds, orFalse, share, wrong } from '../../../model/rules.js';
import type { CallWindow } from '../windows/CallWindow.js';
import { CountWindow } from '../windows/CountWindow.js';
import { TimeWindow } from '../windows/TimeWindow.js';
import { FailureRun } from './FailureRun.js';
import { SLOW_CALLS, type Trip, type TripKind, type TripReason, type WindowShares } from './Trip.js';

/** Opens on the share of failed (or slow) calls in a window of time or of calls, and on a run of failures. */
export interface RateTrip {
  /** Tells the ways to trip apart. */
  readonly type: 'rate';
  /** Opens at this share of failures or above. Default 0.5; above 0, at most 1. */
  readonly failureRate?: number | undefined;
  /** Never opens on fewer calls in the window. Default 20, or `windowCalls` when that is fewer; at least 1, at most `windowCalls`. */
  readonly minimumCalls?: number | undefined;
  /** Milliseconds over which calls count. Default 30_000; not beside `windowCalls`. */
  readonly windowMs?: number | undefined;
  /** Counts the last so many calls instead of a span of time; at least 1. None by default. */
  readonly windowCalls?: number | undefined;
  /** Milliseconds from which an attempt (with scope `call`: a call) is slow. Default: none is. */
  readonly slowCallMs?: number | undefined;
  /** Opens at this share of slow calls or above. Default 1 when `slowCallMs` is given; above 0, at most 1. */
  readonly slowCallRate?: number | undefined;
  /** Opens at so many failures without a success between them, whatever the window holds; those of one lost connection are one. Default 20; `false` for none. */
  readonly consecutiveFailures?: number | false | undefined;
}

/** What a rate opens by, defaults filled in. */
interface Thresholds {
  readonly minimumCalls: number;
  readonly failureRate: number;
  readonly slowCallMs: number;
  readonly slowCallRate: number;
  readonly consecutiveFailures: number;
}

export const rate: TripKind<RateTrip> = {
  type: 'rate',
  rules: {
    failureRate: share,
    minimumCalls: atLeastOne,
    windowMs: milliseconds,
    windowCalls: atLeastOne,
    slowCallMs: milliseconds,
    slowCallRate: share,
    consecutiveFailures: orFalse(atLeastOne),
  },
  resolve: (where, options) => {
    const { windowMs = 30_000, windowCalls, minimumCalls, failureRate = 0.5, slowCallMs, slowCallRate } = options;
    const { consecutiveFailures = 20 } = options;
    if (options.windowMs !== undefined && windowCalls !== undefined)
      throw wrong(where, 'trip.windowMs', 'absent beside trip.windowCalls', options.windowMs);
    if (slowCallRate !== undefined && slowCallMs === undefined)
      throw wrong(where, 'trip.slowCallMs', 'given beside trip.slowCallRate', slowCallMs);
    if (minimumCalls !== undefined && windowCalls !== undefined && minimumCalls > windowCalls)
      throw wrong(where, 'trip.minimumCalls', `at most trip.windowCalls (${windowCalls}), or the circuit could never open`, minimumCalls);
    const thresholds: Thresholds = {
      minimumCalls: minimumCalls ?? Math.min(20, windowCalls ?? 20),
      failureRate,
      slowCallMs: slowCallMs ?? Infinity,
      slowCallRate: slowCallRate ?? 1,
      consecutiveFailures: consecutiveFailures === false ? Infinity : consecutiveFailures,
    };
    return {
      classes: [],
      slowCallMs: thresholds.slowCallMs,
      make: (nowMs) => {
        const window = windowCalls === undefined ? new TimeWindow(windowMs, nowMs) : new CountWindow(windowCalls);
        return new TripsOnRate(window, thresholds);
      },
    };
  },
};

/**
 * Opens on the share of failed, then of slow calls, once enough calls are in the window, and on a run of failures: after a long time
 * without trouble the window is full of successes, and would take half its length to show what a run shows at once.
 *
 * Every call is weighed, a success too: it may be the one that reaches `minimumCalls`. So a closed circuit never has
 * a rate at or above its threshold just after a call. resilience4j does the same.
 */
class TripsOnRate implements Trip {
  readonly #window: CallWindow;
  readonly #thresholds: Thresholds;
  /** Made at the first failure. */
  #run: FailureRun | undefined;

  constructor(window: CallWindow, thresholds: Thresholds) {
    this.#window = window;
    this.#thresholds = thresholds;
  }

  succeed(nowMs: number, durationMs: number): TripReason | undefined {
    this.#run?.end();
    this.#window.record(nowMs, 0, durationMs >= this.#thresholds.slowCallMs ? 1 : 0);
    return this.#reason();
  }

  fail(nowMs: number, durationMs: number): TripReason | undefined {
    this.#window.record(nowMs, 1, durationMs >= this.#thresholds.slowCallMs ? 1 : 0);
    this.#run ??= new FailureRun();
    const isRun = this.#run.add(nowMs, durationMs, this.#thresholds.consecutiveFailures);
    return this.#reason() ?? (isRun ? 'consecutive' : undefined);
  }

  hasTrouble(nowMs: number): boolean {
    return this.#window.hasTrouble(nowMs);
  }

  failureRate(nowMs: number): number {
    const window = this.#window;
    window.forget(nowMs);
    return window.calls >= this.#thresholds.minimumCalls ? window.failures / window.calls : Number.NaN;
  }

  window(nowMs: number): WindowShares | undefined {
    this.#window.forget(nowMs);
    const { calls, failures, slow } = this.#window;
    return calls === 0 ? undefined : { calls, failureRatio: failures / calls, slowCallRatio: slow / calls };
  }

  clear(nowMs: number): void {
    this.#run?.end();
    this.#window.clear(nowMs);
  }

  #reason(): TripReason | undefined {
    const { calls, failures, slow } = this.#window;
    // Rates are above 0, so a window without a failure and without a slow call needs no division.
    if (failures === 0 && slow === 0) return undefined;
    const { minimumCalls, failureRate, slowCallRate } = this.#thresholds;
    if (calls < minimumCalls) return undefined;
    // Divided, not multiplied: 3 / 10 is exactly the double 0.3, 0.3 * 10 need not be 3.
    if (failures / calls >= failureRate) return 'failure_ratio';
    return slow / calls >= slowCallRate ? SLOW_CALLS : undefined;
  }
}

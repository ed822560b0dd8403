import type { CircuitBreaker } from '../gates/breaker/CircuitBreaker.js';
import type { RetryBudget } from '../retry/budget/RetryBudget.js';
import type { Backoff } from '../model/Backoff.js';
import type { Classifier, Verdict } from '../model/Classification.js';
import type { Clock } from '../model/Clock.js';
import type { ErrorClass } from '../model/ErrorClass.js';
import type { BeforeSleep, SleepHandler } from '../model/Sleep.js';

/** What a policy does around each call. `undefined` means absent everywhere. */
export interface PolicyOptions {
  /** Milliseconds for the whole call, every wait included. Default 30_000; finite, above 0. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds for one attempt, or what is left of the call. Default 10_000; finite, above 0, at most `timeoutMs` when both are given. */
  readonly attemptTimeoutMs?: number | undefined;
  /** When a failed attempt is followed by another. Default: three attempts with decorrelated jitter under a budget. `false` is `{ maxAttempts: 1 }`. */
  readonly retry?: RetryOptions | false | undefined;
  /** Refuses calls to a dependency that fails. Default: none. `{}` for one with the defaults; an instance may be shared between policies. */
  readonly circuitBreaker?: CircuitBreakerOptions | CircuitBreaker | false | undefined;
  /** What an error is; what it answers with `undefined`, the default rule decides. Default `defaultClassifier`. */
  readonly classify?: Classifier | undefined;
  /** Whether a result is a failure, and of what class. Default: a Response-shaped result is judged by its status, anything else is fine. */
  readonly classifyResult?: ((result: unknown) => Verdict) | undefined;
  /** The time it lives by. Default: `performance.now` and `setTimeout`, read from `globalThis` when called. */
  readonly clock?: Clock | undefined;
  /** Chance for jitter: uniform in [0, 1). Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Whether a call that waits keeps the process alive. Default `true`. */
  readonly keepAlive?: boolean | undefined;
}

/** When a failed attempt is followed by another. */
export interface RetryOptions {
  /** Attempts in all, the first included. Default 3; at least 1. */
  readonly maxAttempts?: number | undefined;
  /** The attempt that ends in UNKNOWN for the `n`th time is the last. Default 2; at least 1. */
  readonly maxUnknownAttempts?: number | undefined;
  /** The attempt that ends in a class for the `n`th time is the last. None by default. */
  readonly maxAttemptsByClass?: Partial<Readonly<Record<ErrorClass, number>>> | undefined;
  /** Milliseconds before the next attempt. Default `decorrelatedJitter({ baseMs: 250, maxMs: 5_000 })`; none when only `backoffByClass` is given. */
  readonly backoff?: Backoff | undefined;
  /** Backoffs that take the place of `backoff` for their class. None by default. */
  readonly backoffByClass?: Partial<Readonly<Record<ErrorClass, Backoff>>> | undefined;
  /** How many retries the policy may make. Default: 20 % of the calls of the last 10 s plus 1 a second, at most 10 saved. An instance may be shared; `false`: no limit. */
  readonly budget?: RetryBudget | RetryBudgetOptions | false | undefined;
  /** Decides whether a due retry sleeps here (`sleep`), ends the call to go on later (`defer`), or is given up (`abort`). Default: it sleeps. */
  readonly sleep?: SleepHandler | undefined;
  /** Called before each wait with the real delay in milliseconds; what it throws is told through `diag` and ignored. None by default. */
  readonly beforeSleep?: BeforeSleep | undefined;
}

/** How many retries a policy may make: a share of its calls, or a fixed window. */
export type RetryBudgetOptions =
  | {
      /** Retries per call over the last `windowMs`. Default 0.2; in (0, 1]. */
      readonly ratio?: number | undefined;
      /** Retries a second granted beside the ratio. Default 1; at least 0. */
      readonly minPerSecond?: number | undefined;
      /** Retries that can be saved. Default 10; at least 1. */
      readonly maxSaved?: number | undefined;
      /** Milliseconds over which calls count. Default 10_000; finite, above 0. */
      readonly windowMs?: number | undefined;
      readonly max?: undefined;
    }
  | {
      /** Retries in each window of `windowMs`; at least 1. Not beside `ratio`, `minPerSecond` or `maxSaved`. */
      readonly max: number;
      /** Milliseconds of the window; finite, above 0. */
      readonly windowMs: number;
      readonly ratio?: undefined;
      readonly minPerSecond?: undefined;
      readonly maxSaved?: undefined;
    };

/** Opens on the share of failed (or slow) calls in a window of time or of calls. */
export interface RateTrip {
  /** Tells the three ways to trip apart. */
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
}

/** Opens on a number of failures in a window of time. */
export interface CountTrip {
  /** Tells the three ways to trip apart. */
  readonly type: 'count';
  /** Opens at so many failures in the window; at least 1. */
  readonly failures: number;
  /** Milliseconds over which failures count; finite, above 0. */
  readonly windowMs: number;
  /** Thresholds of their own for some classes; these classes trip even when `tripOn` leaves them out. None by default. */
  readonly failuresByClass?: Partial<Readonly<Record<ErrorClass, number>>> | undefined;
}

/** Opens on failures in a row. */
export interface ConsecutiveTrip {
  /** Tells the three ways to trip apart. */
  readonly type: 'consecutive';
  /** Opens at so many failures without a success between them; at least 1. */
  readonly failures: number;
}

/** When a circuit opens, and how it closes again. */
export interface CircuitBreakerOptions {
  /** `circuit.name` in telemetry. Default: the name of the first policy that uses it. */
  readonly name?: string | undefined;
  /** What opens it. Default `{ type: 'rate' }`: half of at least 20 calls in 30 s. */
  readonly trip?: RateTrip | CountTrip | ConsecutiveTrip | undefined;
  /** Classes that count as failures. Default TRANSIENT and SERVER_ERROR. */
  readonly tripOn?: readonly ErrorClass[] | undefined;
  /** Milliseconds open before a probe. Default 5_000. A number doubles to 60_000 with each failed probe, ±20 %; a backoff is given the openings in a row as `attempt`. */
  readonly recoveryMs?: number | Backoff | undefined;
  /** Probes that may run at once. Default 1; at least 1. */
  readonly probes?: number | undefined;
  /** Successful probes that close the circuit. Default 1; at least 1. */
  readonly successThreshold?: number | undefined;
  /** Milliseconds after which a probe that never settled gives its place back. Default: the larger of `recoveryMs` and 1_000 more than an attempt may take (of scope `call`: a call). */
  readonly maxProbeMs?: number | undefined;
  /** `attempt`: each attempt counts. `call`: stands outside retry and counts a call once. Default `attempt`. */
  readonly scope?: 'attempt' | 'call' | undefined;
  /** `true`: tells what it would have done and refuses nothing. Default `false`. */
  readonly observeOnly?: boolean | undefined;
}

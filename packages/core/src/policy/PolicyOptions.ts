import type { AroundOptions } from '../around/policyOptions.js';
import type { GateOptions } from '../gates/list.js';
import type { Classifier, Verdict } from '../model/Classification.js';
import type { Clock } from '../model/Clock.js';
import type { RetryOptions } from '../retry/options.js';
import type { Stage } from './Stage.js';

/**
 * What a policy does around each call; its gates are options of their own, {@link GateOptions}. `undefined` means absent everywhere.
 * `F` is what its fallback gives.
 */
export interface PolicyOptions<F = never> extends GateOptions, AroundOptions<F> {
  /** Milliseconds for the whole call, every wait included. Default 30_000; finite, above 0. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds for one attempt, or what is left of the call. Default 10_000; finite, above 0, at most `timeoutMs` when both are given. */
  readonly attemptTimeoutMs?: number | undefined;
  /** When a failed attempt is followed by another. Default: three attempts with decorrelated jitter under a budget. `false` is `{ maxAttempts: 1 }`. */
  readonly retry?: RetryOptions | false | undefined;
  /**
   * The stages of the policy, the outermost first. Default: cache, fallback, bulkhead, retry, throttle, rateLimiter, circuitBreaker. A gate before `retry` stands
   * around the call, one after it around each attempt. It names `retry` and every stage that the policy has; others do no harm. An order that makes no sense is refused with the reason.
   */
  readonly order?: readonly Stage[] | undefined;
  /** What an error is; what it answers with `undefined`, the default rule decides. Default `defaultClassifier`. */
  readonly classify?: Classifier | undefined;
  /** Whether a result is a failure, and of what class. Default: a Response-shaped result is judged by its status, anything else is fine. */
  readonly classifyResult?: ((result: unknown) => Verdict) | undefined;
  /** The time it lives by. Default: `performance.now` and `setTimeout`, read from `globalThis` when called. */
  readonly clock?: Clock | undefined;
  /** Chance for jitter: uniform in [0, 1). For what it throws, and for what is no such number, a half serves. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Whether a call that waits keeps the process alive. Default `true`. */
  readonly keepAlive?: boolean | undefined;
  /** `true`: the service is of no use without it, so that it is `unhealthy` while the policy takes no calls, and not just `degraded`. Default `false`. */
  readonly critical?: boolean | undefined;
}

/** What `updatePolicy` changes: `null` puts an option back to its default, which is not off; `undefined` leaves it. */
export type PolicyUpdate = { readonly [Option in keyof PolicyOptions]: PolicyOptions<unknown>[Option] | null };

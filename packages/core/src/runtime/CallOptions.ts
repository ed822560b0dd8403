import type { AroundCallOptions } from '../around/options.js';
import type { GateCallOptions } from '../gates/list.js';
import type { Attempt } from '../model/Attempt.js';
import type { Attributes } from '../model/Attributes.js';
import type { Verdict } from '../model/Classification.js';
import type { BeforeSleep, SleepHandler } from '../model/Sleep.js';

/**
 * What one call may set for itself; what its gates are asked for are options of theirs, {@link GateCallOptions}. `undefined` means absent.
 *
 * `R` is what the function returns, `F` what a fallback gives in its place.
 */
export interface CallOptions<R = unknown, F = never> extends GateCallOptions, AroundCallOptions<F> {
  /** Logical name in telemetry; keep it of low cardinality. Default: the policy's name. */
  readonly operation?: string | undefined;
  /** Ends the call when it fires; the call rejects with its reason, or with an AbortError where it has none. None by default. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for this call, every wait included. Default: the policy's. */
  readonly timeoutMs?: number | undefined;
  /** For the call's span; never on a metric. None by default. */
  readonly attributes?: Attributes | undefined;
  /** `true`: the outcome tells what happened when. Default `false`. */
  readonly timeline?: boolean | undefined;
  /** `false` (one attempt) or another `maxAttempts` for this call. Default: the policy's. */
  readonly retry?: false | { readonly maxAttempts?: number | undefined } | undefined;
  /** `false`: retries only failures that prove the request was not processed: no connection, no DNS, 425, 429, a refusal of ours. Default `true`. */
  readonly idempotent?: boolean | undefined;
  /** `false`: no second attempt beside one that takes long. Default: the policy's. */
  readonly hedge?: false | undefined;
  /** Goes on where a deferred call stopped: `attempt` is the last one made, `previousDelayMs` the wait that was deferred, in milliseconds. None by default. */
  readonly resume?: { readonly attempt: number; readonly previousDelayMs?: number | undefined } | undefined;
  /** Whether a result is a failure. Default: the policy's. */
  readonly classifyResult?: ((result: Awaited<R>) => Verdict) | undefined;
  /** The attempt inside which this call is made: its end, whatever it is, ends this call too, and its remaining time bounds it. None by default. */
  readonly parent?: Attempt | undefined;
  /** Decides what becomes of a retry that is due. Default: the policy's. */
  readonly sleep?: SleepHandler | undefined;
  /** Called before each wait. Default: the policy's. */
  readonly beforeSleep?: BeforeSleep | undefined;
}

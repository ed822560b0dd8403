import type { Attempt } from '../../model/Attempt.js';
import type { CircuitState } from '../../model/CircuitState.js';
import type { ErrorClass } from '../../model/ErrorClass.js';
import type { FailureReason, RefusalReason, StopReason } from '../../model/StopReason.js';

/** What a fallback stands in for. */
export interface FallbackFor {
  /** The policy's name. */
  readonly policy: string;
  /** The call's, or the policy's name. */
  readonly operation: string;
  /** What `settle` would have told as the error: the last one, that of the gate that refused, or a RetryExhaustedError that carries the bad result. Made when first read. */
  readonly error: unknown;
  /** Class of the last failure; undefined when a gate refused before there was one. */
  readonly errorClass: ErrorClass | undefined;
  /** Why the call stopped. */
  readonly stopReason: StopReason;
  /** Attempts made. */
  readonly attempts: number;
  /** Fires when nobody waits for the answer any more: the caller gave up, or the fallback's time is up. Made when first read. */
  readonly signal: AbortSignal;
}

/** What a fallback may be for: the class of the last failure, or the reason for which the call stopped. */
export type FallbackReason = ErrorClass | RefusalReason | Exclude<FailureReason, 'FALLBACK_FAILED'>;

/** A policy, as far as a fallback knows the one of an alternate; any policy is one. */
export interface AlternatePolicy {
  /** `redress.answered_by` of what it answers. */
  readonly name: string;
  /** One that is `open` or `forced_open`, and does not just observe, has its alternate skipped. */
  readonly circuitBreaker?: { readonly state: CircuitState; readonly observeOnly?: boolean | undefined } | undefined;
  /** Makes the call. */
  settle(
    fn: (attempt: Attempt) => unknown,
    options: { readonly parent: Attempt; readonly fallback: false },
  ): PromiseLike<{ readonly ok: boolean; readonly value?: unknown; readonly error?: unknown; readonly stopReason?: StopReason }>;
}

/** Another way to an answer, with a policy and so with health of its own. */
export interface Alternate<F = unknown> {
  /** Around `run`, as around any call; a fallback of its own is not asked. */
  readonly policy: AlternatePolicy;
  /** Gives the answer. Called once per attempt of that policy. */
  readonly run: (attempt: Attempt, failed: FallbackFor) => F | PromiseLike<F>;
}

/** What answers when a call has failed: a value, a function, or alternates. */
export type FallbackOptions<F = unknown> =
  | {
      /** The answer itself; a promise of it is waited for. */
      readonly value: F | PromiseLike<F>;
      /** Answers only for failures of these classes, and for calls that stopped for these reasons (`CIRCUIT_OPEN` …). Default: for any. */
      readonly on?: readonly FallbackReason[] | undefined;
      /** Milliseconds that a promise may take, beyond the call's own time. Default 1_000. */
      readonly timeoutMs?: number | undefined;
      readonly run?: undefined;
      readonly alternates?: undefined;
    }
  | {
      /** Gives the answer. It runs once, nothing judges its answer, and its own failure is what the caller sees. */
      readonly run: (failed: FallbackFor) => F | PromiseLike<F>;
      /** Answers only for failures of these classes, and for calls that stopped for these reasons (`CIRCUIT_OPEN` …). Default: for any. */
      readonly on?: readonly FallbackReason[] | undefined;
      /** Milliseconds that `run` may take, beyond the call's own time. Default 1_000. */
      readonly timeoutMs?: number | undefined;
      readonly value?: undefined;
      readonly alternates?: undefined;
    }
  | {
      /** Other ways to an answer, tried in this order until one succeeds; one whose circuit is open is skipped. The failure of the last is what the caller sees. */
      readonly alternates: readonly Alternate<F>[];
      /** Answers only for failures of these classes, and for calls that stopped for these reasons (`CIRCUIT_OPEN` …). Default: for any. */
      readonly on?: readonly FallbackReason[] | undefined;
      /** Milliseconds that they may take together, beyond the call's own time. Default: the policy's `timeoutMs`. */
      readonly timeoutMs?: number | undefined;
      readonly value?: undefined;
      readonly run?: undefined;
    };

/** One fallback, or several: the first that is for the failure, and has an alternate to try, answers. */
export type Fallback<F = unknown> = FallbackOptions<F> | readonly FallbackOptions<F>[];

/** The option of a policy that has a fallback. */
export interface FallbackOption<F = unknown> {
  /** Answers when a call has failed or was refused; never for one that was aborted or deferred. Of a list, the first that is for the failure. Default: none. */
  readonly fallback?: Fallback<F> | false | undefined;
}

/** What a call may say of it. */
export interface FallbackCallOption<F = unknown> {
  /** Answers when this call has failed, in the place of the policy's; `false`: nothing does. Default: the policy's. */
  readonly fallback?: Fallback<F> | false | undefined;
}

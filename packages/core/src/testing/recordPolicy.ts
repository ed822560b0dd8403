import type { Attempt } from '../model/Attempt.js';
import type { CallOptions } from '../runtime/CallOptions.js';
import type { Outcome } from '../model/Outcome.js';
import type { StopReason } from '../model/StopReason.js';
import type { Policy } from '../policy/Policy.js';
import { outcomeOf } from '../runtime/outcomeOf.js';
import { standIn } from './standIn.js';

/** How a call ended, as its caller saw it. */
export type RecordedOutcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: unknown; readonly stopReason: StopReason | undefined };

/** One call that was made by a recording policy. */
export interface RecordedCall {
  /** `wrap` and `fn` make theirs by `call`. */
  readonly method: 'call' | 'settle';
  /** Its operation: the policy's name when it was given none. */
  readonly operation: string;
  /** Its options, those that were preset included. */
  readonly options: CallOptions;
  /** What its function was given, once for each time it was called. */
  readonly attempts: readonly Attempt[];
  /** How it ended; undefined until it has. */
  readonly outcome: RecordedOutcome | undefined;
}

/** A policy that remembers its calls. */
export interface RecordingPolicy extends Policy {
  /** Every call that began, in that order; those of policies made from it by `with`, `wrap` and `fn` too. */
  readonly calls: readonly RecordedCall[];
  /** The same policy, whose calls are among these, with options preset for its calls. */
  with(options: CallOptions): RecordingPolicy;
}

/**
 * A policy that remembers its calls and passes them on to another one, real or fake; all that happens is what would happen there.
 *
 * ```ts
 * import { fakePolicy, recordPolicy } from '@redress/core/testing';
 *
 * const inventory = recordPolicy(fakePolicy('inventory'));
 * await inventory.call(() => 'in stock', { operation: 'get-stock' });
 * inventory.calls[0]?.operation; // 'get-stock'
 * ```
 */
export function recordPolicy(policy: Policy): RecordingPolicy {
  const calls: RecordedCall[] = [];
  return standIn(
    policy,
    (real, { method, fn, options, asked }) => {
      const attempts: Attempt[] = [];
      const recorded: { -readonly [Key in keyof RecordedCall]: RecordedCall[Key] } = {
        method,
        operation: asked.operation ?? policy.name,
        options: asked,
        attempts,
        outcome: undefined,
      };
      calls.push(recorded);
      const counted = (attempt: Attempt): unknown => {
        attempts.push(attempt);
        return fn(attempt);
      };
      const promise = real[method](typeof fn === 'function' ? counted : fn, options);
      promise.then(
        (value) => {
          recorded.outcome = method === 'settle' ? ended(value as Outcome<unknown>) : { ok: true, value };
        },
        (error: unknown) => {
          recorded.outcome = { ok: false, error, stopReason: stopReasonOf(error) };
        },
      );
      return promise;
    },
    { calls },
  );
}

function ended(outcome: Outcome<unknown>): RecordedOutcome {
  return outcome.ok ? { ok: true, value: outcome.value } : { ok: false, error: outcome.error, stopReason: outcome.stopReason };
}

function stopReasonOf(error: unknown): StopReason | undefined {
  const outcome = outcomeOf(error);
  return outcome === undefined || outcome.ok ? undefined : outcome.stopReason;
}

import type { ErrorClass } from '../../model/ErrorClass.js';
import { aFunction, check, errorClasses, listOf, milliseconds, oneOf, wrong, type Rule, type Rules } from '../../model/rules.js';
import type { StopReason } from '../../model/StopReason.js';

/** What a fallback stands in for. */
export interface FallbackFor {
  /** The policy's name. */
  readonly policy: string;
  /** The call's, or the policy's name. */
  readonly operation: string;
  /** What the call would have rejected with; for a bad result, that result. */
  readonly error: unknown;
  /** Class of the last failure; undefined when a gate refused before there was one. */
  readonly errorClass: ErrorClass | undefined;
  /** Why the call stopped. */
  readonly stopReason: StopReason;
  /** Attempts made. */
  readonly attempts: number;
  /** Fires when nobody waits for the answer any more: the caller gave up, or its time is up. */
  readonly signal: AbortSignal;
}

/** What answers when a call has failed. */
export interface FallbackOptions<F = unknown> {
  /** The answer itself. Default: none, `run` gives it. */
  readonly value?: F | undefined;
  /** Gives the answer; runs once, and its own failure is what the caller sees. Default: none, the answer is `value`. */
  readonly run?: ((failed: FallbackFor) => F | PromiseLike<F>) | undefined;
  /** Answers only failures of these classes. Default: any, and calls that a gate refused. */
  readonly on?: readonly ErrorClass[] | undefined;
  /** Milliseconds that `run` may take, beyond the call's own time. Default 1_000. */
  readonly timeoutMs?: number | undefined;
}

/** The option of a policy that has a fallback. */
export interface FallbackOption {
  /** Answers when a call has failed. Default: none. */
  readonly fallback?: FallbackOptions | false | undefined;
}

/** What a call may say of it. */
export interface FallbackCallOption<F = unknown> {
  /** Answers when this call has failed; `false`: nothing does. Default: the policy's. */
  readonly fallback?: FallbackOptions<F> | false | undefined;
}

const anything: Rule = { must: 'anything', holds: () => true };
const rules: Rules = { value: anything, run: aFunction, on: listOf(oneOf(errorClasses)), timeoutMs: milliseconds };

/** A fallback's options, checked, each read once, with the defaults filled in. */
export class ResolvedFallback implements FallbackOptions {
  readonly value: unknown;
  readonly run: FallbackOptions['run'];
  readonly on: readonly ErrorClass[] | undefined;
  readonly timeoutMs: number;

  /** Throws a TypeError that names the option, the value and the rule. */
  constructor(where: string, given: object) {
    const isValue = 'value' in given;
    const { value, run, on, timeoutMs = 1_000 } = check<FallbackOptions>(where, given, rules);
    if ((run !== undefined) === isValue) throw wrong(where, 'fallback', 'either { value } or { run }', given);
    this.value = value;
    this.run = run;
    this.on = on && [...on];
    this.timeoutMs = timeoutMs;
  }
}

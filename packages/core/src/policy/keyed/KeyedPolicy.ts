import type { KeyedHealth } from './keyedHealth.js';
import type { Policy } from '../Policy.js';
import type { PolicyUpdate } from '../PolicyOptions.js';

/** How many keys a keyed policy remembers, and for how long. */
export interface KeyBounds {
  /** Keys that have a state at once; at least 1. Default 1_000: hosts and tenants are seldom more, and it takes about a megabyte. Beyond it an idle healthy key makes room for a new one. */
  readonly maxKeys?: number | undefined;
  /** Milliseconds without a call after which a healthy key is forgotten; finite, above 0. Default 600_000: by then windows (30 s) and budgets (10 s) hold nothing of it any more, and its next call is like any other. */
  readonly idleMs?: number | undefined;
}

/** A key that has a state, and its policy. */
export interface KeyAndPolicy<F = never> {
  /** As it was given to `for`. */
  readonly key: string;
  /** What `for` gives for it. */
  readonly policy: Policy<F>;
}

/**
 * One policy for each key, such as a host, a tenant or an API key: all are made of the same options, and each has a circuit, a budget and
 * other gates of its own. Made by `keyedPolicy()`. Iterating gives the keys that have a state now.
 *
 * A key is forgotten when no call of it is under way, its circuit is closed and nothing failed in its window, and then only after `idleMs`,
 * or to make room for a new key. An open circuit is never forgotten. When no key may be, new keys share one policy, which is told once
 * through `diag`.
 */
export interface KeyedPolicy<F = never> extends Iterable<KeyAndPolicy<F>> {
  /** `redress.policy` in telemetry, of every key. */
  readonly name: string;
  /** Keys that have a state now, at most `maxKeys`. */
  readonly size: number;

  /**
   * The policy of a key. It may be kept: where its key was forgotten, the next call begins with the state that the key has then, or a new one.
   *
   * @throws TypeError for a key that is no string, or empty.
   */
  for(key: string): Policy<F>;

  /** Whether a key has a state now. */
  has(key: string): boolean;

  /** How its keys stand together, as plain data; `for(key).stats()` tells of one. A look changes nothing. */
  stats(): KeyedHealth;

  /**
   * Changes the options of all keys, as `updatePolicy` does: those given take the place of those it had. Circuits, budgets and other gates
   * keep what they know where their options did not change; a new clock takes them along. Calls that run go on as they began.
   *
   * @throws TypeError for a wrong option, and then nothing has changed.
   */
  update(options: PolicyUpdate): void;

  /** Takes the policy out of its registry, and forgets all keys: their gauges read 0. Calls that run go on, and so does whoever still holds it. */
  dispose(): void;
}

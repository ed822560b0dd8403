import { aName, anObject, atLeastOne, check, milliseconds, type Rules, wrong } from '../../model/rules.js';
import type { Drained } from '../drain/Drain.js';
import { updatedOptions } from '../options.js';
import type { Policy } from '../Policy.js';
import type { PolicyOptions, PolicyUpdate } from '../PolicyOptions.js';
import type { KeyAndPolicy, KeyBounds, KeyedPolicy } from './KeyedPolicy.js';
import type { KeyedHealth } from './keyedHealth.js';
import { Keys } from './Keys.js';

const MAX_KEYS = 1_000;
const IDLE_MS = 600_000;

const boundRules: Rules = { maxKeys: atLeastOne, idleMs: milliseconds };

/** A keyed policy as its user holds it. */
export class KeyedHandle implements KeyedPolicy<unknown> {
  readonly #keys: Keys;
  readonly #over: (policy: KeyedHandle) => void;

  /** `name` is a proper one; `over` is told when the policy was disposed of. Throws a TypeError for a wrong option. */
  constructor(name: string, options: PolicyOptions<unknown>, bounds: KeyBounds, over: (policy: KeyedHandle) => void) {
    const where = `policy ${name}`;
    if (!anObject.holds(options)) throw wrong(where, 'options', anObject.must, options);
    if (!anObject.holds(bounds)) throw wrong(where, 'bounds', anObject.must, bounds);
    const { maxKeys = MAX_KEYS, idleMs = IDLE_MS } = check(where, bounds, boundRules);
    this.#keys = new Keys(name, options, maxKeys, idleMs);
    this.#over = over;
  }

  /** What its registry drains. */
  static keysOf(policy: KeyedHandle): Drained {
    return policy.#keys;
  }

  get name(): string {
    return this.#keys.name;
  }

  get size(): number {
    this.#keys.set.sweepAll(this.#keys.now());
    return this.#keys.set.size;
  }

  for(key: string): Policy<unknown> {
    if (!aName.holds(key)) throw wrong(`policy ${this.name}`, 'key', aName.must, key);
    return this.#keys.stateOf(key).policy;
  }

  has(key: string): boolean {
    this.#keys.set.sweepAll(this.#keys.now());
    return this.#keys.set.get(key) !== undefined;
  }

  *[Symbol.iterator](): Iterator<KeyAndPolicy<unknown>> {
    this.#keys.set.sweepAll(this.#keys.now());
    for (const { key, policy } of this.#keys.set.values()) yield { key, policy: policy };
  }

  stats(): KeyedHealth {
    return this.#keys.stats();
  }

  update(options: PolicyUpdate): void {
    const where = `policy ${this.name}`;
    if (!anObject.holds(options)) throw wrong(where, 'options', anObject.must, options);
    this.#keys.update(updatedOptions(where, this.#keys.options, options));
  }

  dispose(): void {
    this.#keys.dispose();
    this.#over(this);
  }
}

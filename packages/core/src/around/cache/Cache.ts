import type { Clock } from '../../model/Clock.js';
import { isMarked } from '../../model/isMarked.js';
import { aName, hold } from '../../model/rules.js';
import { CacheAround } from './CacheAround.js';
import { Flights } from './Flights.js';
import { keptUnder } from './keptUnder.js';
import { LruEntries } from './LruEntries.js';
import { type CacheOptions, ResolvedCache } from './options.js';
import { StoreGuard } from './StoreGuard.js';

/** By this, and not by its class, a cache is known to another copy of this package. */
export const ATTACH: unique symbol = Symbol.for('redress.cache.attach');

/** Whether a value is a cache, of this copy of the package or another. */
export function isCache(value: unknown): value is Cache {
  return isMarked(value, ATTACH);
}

/**
 * Keeps what functions gave, by key, and gives it to whoever asks for it again: bounded, and by the clock of the policy that asks, without
 * a timer. Of the calls for one key one is made at a time. An instance may be shared between policies, which then share its keys; of what
 * a policy of another clock has kept it knows nothing.
 *
 * Values are handed out as they are, to everybody the same: treat them as frozen, or copy them.
 *
 * Source: RFC 5861 for stale-while-revalidate and stale-if-error.
 */
export class Cache {
  readonly #options: ResolvedCache;
  readonly #entries: LruEntries;
  readonly #store: StoreGuard | undefined;
  readonly #flights = new Flights();
  /** Of the policy that took it into use last. */
  #clock: Clock | undefined;

  /** @throws TypeError that names the option, the value and the rule. */
  constructor(options: CacheOptions) {
    const resolved = ResolvedCache.is(options) ? options : new ResolvedCache('cache', options);
    const { maxEntries, maxSize, store, storeTimeoutMs } = resolved;
    this.#options = resolved;
    this.#entries = new LruEntries(maxEntries, maxSize);
    this.#store = store && new StoreGuard(store, storeTimeoutMs);
  }

  /** Results kept in this process, those included that are no longer fresh; 0 with a `store`. */
  get size(): number {
    return this.#entries.count;
  }

  /**
   * Forgets what is kept under a key, at once. A call for it that is under way still answers those who wait for it, and its result is not
   * kept. Resolves with whether it is gone: always, unless a `store` fails, which is told through `diag`; never rejects for that.
   *
   * @param cacheKey - The `cacheKey` of the calls.
   * @param ofKey - In a keyed policy the key that they are of.
   * @throws TypeError, as a rejection, for what is no key.
   */
  async delete(cacheKey: string, ofKey?: string): Promise<boolean> {
    hold('cache.delete', 'key', cacheKey, aName);
    if (ofKey !== undefined) hold('cache.delete', 'ofKey', ofKey, aName);
    const key = keptUnder(cacheKey, ofKey);
    this.#flights.detach(key);
    this.#entries.delete(key);
    return this.#store === undefined || this.#store.delete(key, this.#clock);
  }

  /** Forgets all that is kept in this process, as `delete` does it with one key. Of a `store` it forgets nothing. */
  clear(): void {
    this.#flights.detachAll();
    this.#entries.clear();
  }

  /**
   * Gives an Around.
   *
   * @internal
   */
  [ATTACH](owner: { readonly clock: Clock | undefined; readonly random: () => number }): object {
    this.#clock = owner.clock;
    return new CacheAround(this, { options: this.#options, entries: this.#entries, store: this.#store, flights: this.#flights }, owner);
  }
}

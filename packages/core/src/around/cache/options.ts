import { aFunction, anObject, atLeastOne, check, hold, milliseconds, type Rule, type Rules, waitMs, wrong } from '../../model/rules.js';
import type { CacheStore } from './CacheStore.js';

/** For how long results are kept, how many, and where. */
export interface CacheOptions {
  /** Milliseconds for which a result is fresh, and answers in the place of the function; above 0. */
  readonly ttlMs: number;
  /** Share by which each `ttlMs` is shortened at random, so that what was kept together does not expire together. Default 0.1; from 0 to 1. */
  readonly jitter?: number | undefined;
  /** Results kept in this process; the one that was not asked for the longest goes first. Default 1_000; at least 1. */
  readonly maxEntries?: number | undefined;
  /** What their sizes may add up to, by `sizeOf`; above 0. Default: no limit. */
  readonly maxSize?: number | undefined;
  /** The size of a result, in any unit; at least 0. Given beside `maxSize`. Default: results have no size. */
  readonly sizeOf?: ((value: unknown, key: string) => number) | undefined;
  /** Milliseconds after `ttlMs` in which the old result still answers at once, while the function is called again beside it. Default 0. */
  readonly staleWhileRevalidateMs?: number | undefined;
  /** Milliseconds after `ttlMs` in which the old result answers for a call that fails, but not with AUTH, PERMISSION or PERMANENT, or that a gate refuses. Default 0. */
  readonly staleIfErrorMs?: number | undefined;
  /** Keeps the results in the place of this process; not beside `maxEntries` or `maxSize`. None by default. */
  readonly store?: CacheStore | undefined;
  /** Milliseconds that a call waits for `store`. Default 250; above 0. */
  readonly storeTimeoutMs?: number | undefined;
}

/** What a call may say of it. */
export interface CacheCallOption {
  /** Names the result in the policy's cache, the operation and all else that it depends on included; the key of a keyed policy is part of it by itself. Not empty. Default: the call is not cached. */
  readonly cacheKey?: string | undefined;
}

const fromZeroToOne: Rule = { must: 'a number from 0 to 1', holds: (value) => typeof value === 'number' && value >= 0 && value <= 1 };
const aboveZero: Rule = {
  must: 'a finite number above 0',
  holds: (value) => typeof value === 'number' && Number.isFinite(value) && value > 0,
};
const aStore: Rule = {
  must: 'a store with get, set and delete',
  holds: (value) =>
    anObject.holds(value) && ['get', 'set', 'delete'].every((method) => aFunction.holds(Reflect.get(value as object, method))),
};
const absent: Rule = { must: 'absent beside store', holds: (value) => value === undefined };

const rules: Rules = {
  ttlMs: milliseconds,
  jitter: fromZeroToOne,
  maxEntries: atLeastOne,
  maxSize: aboveZero,
  sizeOf: aFunction,
  staleWhileRevalidateMs: waitMs,
  staleIfErrorMs: waitMs,
  store: aStore,
  storeTimeoutMs: milliseconds,
};

/** A cache's options, checked, each read once, with the defaults filled in. */
export class ResolvedCache {
  readonly ttlMs: number;
  readonly jitter: number;
  readonly maxEntries: number;
  readonly maxSize: number;
  readonly sizeOf: CacheOptions['sizeOf'];
  readonly staleWhileRevalidateMs: number;
  readonly staleIfErrorMs: number;
  readonly store: CacheStore | undefined;
  readonly storeTimeoutMs: number;
  readonly #isResolved = true;

  /** Throws a TypeError that names the option, the value and the rule. */
  constructor(where: string, given: object) {
    const options = check<CacheOptions>(where, given as CacheOptions, rules);
    const { ttlMs, maxEntries, maxSize, sizeOf, store } = options;
    hold(where, 'ttlMs', ttlMs, milliseconds);
    if (store !== undefined) {
      hold(where, 'maxEntries', maxEntries, absent);
      hold(where, 'maxSize', maxSize, absent);
    }
    if (maxSize !== undefined && sizeOf === undefined) throw wrong(where, 'sizeOf', 'given beside maxSize', sizeOf);
    if (maxSize === undefined && sizeOf !== undefined) throw wrong(where, 'maxSize', 'given beside sizeOf', maxSize);
    this.ttlMs = ttlMs;
    this.jitter = options.jitter ?? 0.1;
    this.maxEntries = maxEntries ?? 1_000;
    this.maxSize = maxSize ?? Infinity;
    this.sizeOf = sizeOf;
    this.staleWhileRevalidateMs = options.staleWhileRevalidateMs ?? 0;
    this.staleIfErrorMs = options.staleIfErrorMs ?? 0;
    this.store = store;
    this.storeTimeoutMs = options.storeTimeoutMs ?? 250;
  }

  /** Whether options are checked and filled in already. */
  static is(options: object): options is ResolvedCache {
    return typeof options === 'object' && options !== null && #isResolved in options && options.#isResolved;
  }
}

import { aName, anObject } from '../../model/rules.js';
import type { Around } from '../Around.js';
import type { AroundOwner, AroundPart } from '../AroundPart.js';
import { ATTACH, Cache, isCache } from './Cache.js';
import { ResolvedCache } from './options.js';

/** A cache that other policies may have too. */
class SharedCache {
  readonly #isShared = true;

  constructor(readonly cache: Cache) {}

  static is(given: object): given is SharedCache {
    return #isShared in given && given.#isShared;
  }
}

/** The cache among what stands around a call. */
export const cache: AroundPart<ResolvedCache | SharedCache> = {
  option: 'cache',
  rule: anObject,
  hasHandle: true,
  outside: 'what it has is asked for before anything else, and is better than what is made up',
  read(where, given) {
    const options = given as object;
    // A policy that is updated gives what it had read.
    if (SharedCache.is(options) || ResolvedCache.is(options)) return options;
    return isCache(options) ? new SharedCache(options) : new ResolvedCache(where, options);
  },
  make(given, owner, before) {
    if (given === undefined) return undefined;
    if (SharedCache.is(given)) return attach(given.cache, owner);
    return attach(isCache(before?.handle) ? before.handle : new Cache(given), owner);
  },
  callRules: { cacheKey: aName },
};

/** Takes a cache into use by a policy. */
export function attach(taken: Cache, owner: AroundOwner): Around {
  return taken[ATTACH](owner) as Around;
}

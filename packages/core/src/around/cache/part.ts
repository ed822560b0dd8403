import { aName, anObject } from '../../model/rules.js';
import type { AroundPart } from '../AroundPart.js';
import { attach, Cache, isCache } from './Cache.js';
import { type CacheOptions, ResolvedCache } from './options.js';

/** The option of a policy that has a cache. */
export interface CacheOption {
  /** Answers calls with a `cacheKey` by what an earlier call of that key gave, before anything else is asked. Default: none. An instance may be shared between policies. */
  readonly cache?: CacheOptions | Cache | false | undefined;
}

/** A policy that may have one. */
export interface CacheOfPolicy {
  /** Its cache, shared or its own; undefined when it was made without one. */
  readonly cache: Cache | undefined;
}

/** What was read: the options of a cache of the policy's own, or one that others may have too. */
type Given = ResolvedCache | { readonly shared: Cache };

/** The cache among what stands around a call. */
export const cache: AroundPart<Given> = {
  option: 'cache',
  rule: anObject,
  hasHandle: true,
  read: (where, given) => (isCache(given) ? { shared: given } : new ResolvedCache(where, given as object)),
  make(given, owner, before) {
    if (given === undefined) return undefined;
    if (!ResolvedCache.is(given)) return attach(given.shared, owner);
    return attach(isCache(before?.handle) ? before.handle : new Cache(given), owner);
  },
  callRules: { cacheKey: aName },
};

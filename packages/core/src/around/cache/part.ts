import { aName, anObject } from '../../model/rules.js';
import type { Around } from '../Around.js';
import type { AroundOwner, AroundPart } from '../AroundPart.js';
import { ATTACH, Cache, isCache } from './Cache.js';
import { ResolvedCache } from './options.js';

/** What was read: the options of a cache of the policy's own, or one that others may have too. */
type Given = ResolvedCache | { readonly shared: Cache };

/** The cache among what stands around a call. */
export const cache: AroundPart<Given> = {
  option: 'cache',
  rule: anObject,
  hasHandle: true,
  outside: 'what it has is asked for before anything else, and is better than what is made up',
  read: (where, given) => (isCache(given) ? { shared: given } : new ResolvedCache(where, given as object)),
  make(given, owner, before) {
    if (given === undefined) return undefined;
    if (!ResolvedCache.is(given)) return attach(given.shared, owner);
    return attach(isCache(before?.handle) ? before.handle : new Cache(given), owner);
  },
  callRules: { cacheKey: aName },
};

/** Takes a cache into use by a policy. */
export function attach(taken: Cache, owner: AroundOwner): Around {
  return taken[ATTACH](owner) as Around;
}

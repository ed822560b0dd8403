import type { Cache } from './Cache.js';
import type { CacheOptions } from './options.js';

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

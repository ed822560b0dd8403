export { Cache } from './Cache.js';
export type { CacheEntry, CacheStore } from './CacheStore.js';
export type { CacheCallOption, CacheOptions } from './options.js';
export type { CacheOfPolicy, CacheOption } from './CacheOption.js';

/**
 * What is kept of a value. Plain data, so that another process can read what this one has kept; whether the value itself survives the way
 * is up to the store.
 */
export interface CacheEntry {
  /** What the function gave. */
  readonly value: unknown;
  /** When that was: milliseconds since 1970, by the clock of the machine that kept it. */
  readonly storedAtMs: number;
  /** Milliseconds for which it is fresh from then on, jitter taken off. */
  readonly ttlMs: number;
}

/**
 * Where entries are kept when not in this process: a Map, or a few lines around a client of Redis. Its methods may give promises. One that
 * throws, rejects, takes longer than `storeTimeoutMs` or gives no entry has none: the call goes on, and it is told through `diag`.
 */
export interface CacheStore {
  /** The entry of a key as it was set; undefined or null where there is none. */
  get(key: string): unknown;
  /** Keeps an entry; after `keepMs` milliseconds nobody will ask for it any more. Nobody waits for what it gives. */
  set(key: string, entry: CacheEntry, keepMs: number): unknown;
  /** Forgets an entry. */
  delete(key: string): unknown;
}

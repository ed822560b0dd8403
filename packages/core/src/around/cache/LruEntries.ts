import type { Clock } from '../../model/Clock.js';
import type { CacheEntry } from './CacheStore.js';

/** An entry in this process; its times are those of the policy's clock. */
export interface LocalEntry extends CacheEntry {
  readonly clock: Clock | undefined;
  readonly size: number;
}

/** Entries by key, as many as may be: the one that was not asked for the longest goes first. */
export class LruEntries {
  /** In the order in which they were asked for, which a Map keeps. */
  private readonly entries = new Map<string, LocalEntry>();
  private walk = this.entries.keys();
  private newest: string | undefined = undefined;
  private sizes = 0;

  constructor(
    private readonly maxEntries: number,
    private readonly maxSize: number,
  ) {}

  get count(): number {
    return this.entries.size;
  }

  get(key: string): LocalEntry | undefined {
    const entry = this.entries.get(key);
    if (entry !== undefined && key !== this.newest) {
      this.entries.delete(key);
      this.entries.set(key, entry);
      this.newest = key;
    }
    return entry;
  }

  /** Takes an entry in, and lets go of others for it; one that is too large for any place is not kept, and neither is the one before it. */
  set(key: string, entry: LocalEntry): void {
    this.delete(key);
    if (entry.size > this.maxSize) return;
    this.entries.set(key, entry);
    this.newest = key;
    this.sizes += entry.size;
    while (this.entries.size > 0 && (this.entries.size > this.maxEntries || this.sizes > this.maxSize)) this.delete(this.oldest());
  }

  /**
   * Whoever it passes is forgotten, so those before it are gone. A new one each time would walk over the places of all that were forgotten
   * since V8 last tidied up the Map: hundreds.
   */
  private oldest(): string {
    let next = this.walk.next();
    if (next.done === true) {
      this.walk = this.entries.keys();
      next = this.walk.next();
    }
    return next.value ?? '';
  }

  delete(key: string): void {
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    this.entries.delete(key);
    this.sizes -= entry.size;
    if (this.newest === key) this.newest = undefined;
  }

  clear(): void {
    this.entries.clear();
    this.walk = this.entries.keys();
    this.newest = undefined;
    this.sizes = 0;
  }
}

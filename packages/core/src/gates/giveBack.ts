import type { Entry, Lease } from './Gate.js';

/** Gives a lease back under which nothing ran. */
export function giveBack(lease: Lease, nowMs: number, attempt: number, entry: Entry): void {
  lease.unused?.(nowMs);
  lease.leave('none', nowMs, 0, attempt, entry);
  lease.freed?.();
}

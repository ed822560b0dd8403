import { decorrelatedJitter } from '../../backoff/decorrelatedJitter.js';
import { type Preset, preset } from './Preset.js';

/** A database, or whatever else has a pool of connections and answers in milliseconds. */
export const database: Preset = /* @__PURE__ */ preset({
  /** Three attempts and the waits between them; the wait for a place counts, too. */
  timeoutMs: 7_000,
  /** A query that takes so long holds a connection which others wait for. Give the same time to the server (`statement_timeout`), which goes on with it otherwise. */
  attemptTimeoutMs: 2_000,
  retry: {
    /** A deadlock or a lost connection is over at the next attempt, or takes longer than a call may. */
    maxAttempts: 3,
    /** Nobody knows whether it was written: it is not written twice. */
    maxUnknownAttempts: 1,
    /** Locks are held for milliseconds; by chance, so that those who met do not meet again. */
    backoff: /* @__PURE__ */ decorrelatedJitter({ baseMs: 25, maxMs: 250 }),
  },
  circuitBreaker: {
    /** Failover to a replica takes 10 s to 30 s: after 5 s most probes would be in vain, and each costs a connection. */
    recoveryMs: 10_000,
  },
  bulkhead: {
    /** As many connections as the pools of pg, mysql2 and others have by default. Give it the size of yours. */
    maxConcurrent: 10,
    /** Ten for each place: at 20 ms a query they wait 200 ms, and what is beyond that is told at once. */
    maxQueued: 100,
  },
});

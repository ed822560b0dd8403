import { decorrelatedJitter } from '../../backoff/decorrelatedJitter.js';
import { type Preset, preset } from './Preset.js';

/** A service over HTTP that somebody waits for. */
export const http: Preset = /* @__PURE__ */ preset({
  /** Three attempts and the waits between them. Who waits at a page is gone by then, and gateways give up after 30 s or 60 s. */
  timeoutMs: 10_000,
  /** What takes so long hangs more often than it comes back; a second attempt, perhaps by another replica, is worth more. */
  attemptTimeoutMs: 2_500,
  retry: {
    /** What two retries do not mend is no blip. */
    maxAttempts: 3,
    /** Long enough for a replica to leave the load balancer, and at most 1.2 s of waiting in all. */
    backoff: /* @__PURE__ */ decorrelatedJitter({ baseMs: 100, maxMs: 1_000 }),
  },
  /** The defaults: half of at least 20 attempts in 30 s, or 20 in a row. A service has that many calls soon. */
  circuitBreaker: {},
});

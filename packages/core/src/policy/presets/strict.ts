import { decorrelatedJitter } from '../../backoff/decorrelatedJitter.js';
import { strictClassifier } from '../../classify/strictClassifier.js';
import { type Preset, preset } from './Preset.js';

/** Where nothing is to be guessed, as with payments: what is not known to be worth a retry has none. What may not be sent twice says `idempotent: false` besides. */
export const strict: Preset = /* @__PURE__ */ preset({
  /** Two attempts and the wait between them. */
  timeoutMs: 5_000,
  /** Who pays waits for no more than a few seconds, and then asks what became of it. */
  attemptTimeoutMs: 2_000,
  retry: {
    /** One retry, for a connection that was stale. */
    maxAttempts: 2,
    /** What nobody knows has none. */
    maxUnknownAttempts: 1,
    /** So that it does not meet the trouble that it comes from. */
    backoff: /* @__PURE__ */ decorrelatedJitter({ baseMs: 200, maxMs: 600 }),
  },
  /** A name such as `ServiceUnavailableError` is no proof: statuses and codes alone say what an error is. */
  classify: strictClassifier,
  /** The defaults: half of at least 20 attempts in 30 s, or 20 in a row. */
  circuitBreaker: {},
});

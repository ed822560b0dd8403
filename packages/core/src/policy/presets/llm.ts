import { decorrelatedJitter } from '../../backoff/decorrelatedJitter.js';
import { retryAfterOr } from '../../backoff/retryAfterOr.js';
import { tokenBackoff } from '../../backoff/tokenBackoff.js';
import { type Preset, preset } from './Preset.js';

/** A model of language behind an API: slow, dear, and metered by tokens. */
export const llm: Preset = /* @__PURE__ */ preset({
  /** Three attempts that take all their time, and the waits between them. */
  timeoutMs: 300_000,
  /** A long answer that is not streamed takes a minute or more; the clients of OpenAI and Anthropic wait for ten. */
  attemptTimeoutMs: 90_000,
  retry: {
    /** Each is paid for, also when nobody gets its answer. */
    maxAttempts: 3,
    maxAttemptsByClass: {
      /** What took all its time once, or broke off, was paid for: one more, and no third. */
      TRANSIENT: 2,
    },
    /** Who is overloaded (529, 503) is so for seconds: at most 12 s of waiting in all. */
    backoff: /* @__PURE__ */ decorrelatedJitter({ baseMs: 1_000, maxMs: 20_000 }),
    backoffByClass: {
      /** As long as the API says. Where it does not: tokens come back by the minute, at a steady rate. */
      RATE_LIMIT: /* @__PURE__ */ retryAfterOr(/* @__PURE__ */ tokenBackoff({ baseMs: 2_000, maxMs: 20_000 })),
    },
  },
  circuitBreaker: {
    trip: {
      type: 'rate',
      /** Calls are few and slow: in 30 s there may be no 20 of them. */
      windowMs: 120_000,
      /** Half of ten that fail are no chance any more. */
      minimumCalls: 10,
      /** Five in a row that take 90 s each are seven minutes of a worker; twenty would be half an hour. */
      consecutiveFailures: 5,
    },
    /** Incidents take minutes, and a probe is an attempt that is paid for. */
    recoveryMs: 15_000,
  },
});

import { decorrelatedJitter } from '../../backoff/decorrelatedJitter.js';
import { type Preset, preset } from './Preset.js';

/** What a worker does for a message or a job: nobody waits, and to give up means to have it again. */
export const queue: Preset = /* @__PURE__ */ preset({
  /** Five attempts and the waits between them. Keep it below the time for which the queue hides a message: of SQS that is 30 s unless you raise it. */
  timeoutMs: 120_000,
  /** Work that nobody waits for may be slow; what is slower than this hangs. */
  attemptTimeoutMs: 15_000,
  retry: {
    /** Over a restart or a deployment of the other side, which takes a minute. */
    maxAttempts: 5,
    /** Time is cheap here, and load on who recovers is not: at most 36 s of waiting in all. */
    backoff: /* @__PURE__ */ decorrelatedJitter({ baseMs: 1_000, maxMs: 12_000 }),
  },
  circuitBreaker: {
    /** Messages keep, so that there is no hurry to be back; a backlog that comes back at once is what brings it down again. */
    recoveryMs: 30_000,
  },
});

import type { Backoff } from '../model/Backoff.js';
import { aBackoff, check, hold, waitMs } from '../model/rules.js';

/** Options of {@link retryAfterOr}. */
export interface RetryAfterOrOptions {
  /**
   * Milliseconds of chance added to what the other side asked for, so that all it turned away do not come back at once; at least 0. Default
   * 250.
   */
  readonly jitterMs?: number | undefined;
}

/**
 * What the other side asked to wait (`retryAfterMs`, from Retry-After) and up to `jitterMs` more; without a wish, what `fallback` says.
 *
 * Without this backoff a wish is the floor of any other one's delay; with it, it is the delay. Source: RFC 9110, section 10.2.3.
 *
 * @throws TypeError for a wrong option; it names the option, the value and the rule.
 */
export function retryAfterOr(fallback: Backoff, options: RetryAfterOrOptions = {}): Backoff {
  hold('retryAfterOr', 'fallback', fallback, aBackoff);
  check('retryAfterOr', options, { jitterMs: waitMs });
  const { jitterMs = 250 } = options;
  return (context) => {
    const { retryAfterMs = Number.NaN } = context.classification;
    return Number.isFinite(retryAfterMs) ? Math.max(0, retryAfterMs) + context.random() * jitterMs : fallback(context);
  };
}

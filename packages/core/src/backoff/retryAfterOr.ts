import { chance } from './chance.js';
import type { Backoff } from '../model/Backoff.js';
import { aBackoff, check, hold, waitMs } from '../model/rules.js';
import { sane } from './delayOf.js';
import { spread, spreadByItself } from './spread.js';

/** Options of {@link retryAfterOr}. */
export interface RetryAfterOrOptions {
  /**
   * Milliseconds of chance added to what the other side asked for, so that all it turned away do not come back at once; at least 0.
   * Default: a fifth of the wait, at least 250 and at most 30_000, and no more than half of what is left after it.
   */
  readonly jitterMs?: number | undefined;
}

/**
 * What the other side asked to wait (`retryAfterMs`, from Retry-After) and up to `jitterMs` more; without a wish, or with one of 0, what
 * `fallback` says.
 *
 * Without this backoff a wish is the floor of any other one's delay; with it, it is the delay. A backoff of your own around it hands on the
 * context it was given, so that its spread is known for one. Source: RFC 9110, section 10.2.3.
 *
 * @throws TypeError for a wrong option; it names the option, the value and the rule.
 */
export function retryAfterOr(fallback: Backoff, options: RetryAfterOrOptions = {}): Backoff {
  hold('retryAfterOr', 'fallback', fallback, aBackoff);
  const { jitterMs } = check('retryAfterOr', options, { jitterMs: waitMs });
  return (context) => {
    const { classification, remainingMs, random } = context;
    const askedMs = sane(classification.retryAfterMs ?? 0);
    if (askedMs === 0) return fallback(context);
    return spreadByItself(context, jitterMs === undefined ? spread(askedMs, remainingMs, random) : askedMs + chance(random) * jitterMs);
  };
}

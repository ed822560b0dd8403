import type { Backoff } from '../model/Backoff.js';
import { hold, waitMs } from '../model/rules.js';

/**
 * These delays in milliseconds, one after each failed attempt; the last one repeats. `sequence([100, 500, 2_000])`.
 *
 * Source: the retry schedules of cron-like systems, such as the fixed list of Stripe's webhooks; for when the times are agreed on and not
 * computed.
 *
 * @throws TypeError for a wrong option; it names the option, the value and the rule.
 */
export function sequence(delaysMs: readonly number[]): Backoff {
  hold('sequence', 'delaysMs', delaysMs, {
    must: 'a list with at least one delay',
    holds: (value) => Array.isArray(value) && value.length > 0,
  });
  const delays = [...delaysMs];
  for (const [index, delayMs] of delays.entries()) hold('sequence', `delaysMs[${index}]`, delayMs, waitMs);
  return ({ attempt }) => delays[Math.min(attempt, delays.length) - 1] ?? 0;
}

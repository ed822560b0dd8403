import type { Backoff } from '../model/Backoff.js';
import { hold, waitMs } from '../model/rules.js';

/**
 * Always `delayMs` milliseconds; 0 retries at once. Source: none needed, it is what a plain `sleep` in a loop does.
 *
 * @throws TypeError for a wrong option; it names the option, the value and the rule.
 */
export function constant(delayMs: number): Backoff {
  hold('constant', 'delayMs', delayMs, waitMs);
  return () => delayMs;
}

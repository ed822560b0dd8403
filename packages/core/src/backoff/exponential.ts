import type { Backoff } from '../model/Backoff.js';
import { boundsOf, type GrowthOptions, grown } from './growth.js';
import { oneOrMore, check, waitMs } from '../model/rules.js';

/** Options of {@link exponential}. */
export interface ExponentialOptions extends GrowthOptions {
  /** What each delay is multiplied by; at least 1. Default 2. */
  readonly factor?: number | undefined;
}

/**
 * `baseMs`, then `factor` times as long after each failed attempt, at most `maxMs`. It has no jitter: callers that failed together retry
 * together, so prefer one of the jitters where there is more than one caller.
 *
 * Source: truncated binary exponential backoff; R. Metcalfe and D. Boggs, "Ethernet: Distributed Packet Switching for Local Computer
 * Networks", 1976.
 *
 * @throws TypeError for a wrong option; it names the option, the value and the rule.
 */
export function exponential(options: ExponentialOptions = {}): Backoff {
  const read = check('exponential', options, { baseMs: waitMs, maxMs: waitMs, factor: oneOrMore });
  const { baseMs, maxMs } = boundsOf('exponential', read, 5_000);
  const { factor = 2 } = read;
  return ({ attempt }) => grown(baseMs, maxMs, factor, attempt);
}

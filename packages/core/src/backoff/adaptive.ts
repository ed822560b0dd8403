import type { Backoff, BackoffContext, RecordingBackoff } from '../model/Backoff.js';
import { decorrelatedJitter } from './decorrelatedJitter.js';
import { aBackoff, oneOrMore, check, hold, share } from '../model/rules.js';

/** Options of {@link adaptive}. */
export interface AdaptiveOptions {
  /** Share of successful attempts up to which nothing changes; above 0 and at most 1. Default 0.9. */
  readonly targetSuccess?: number | undefined;
  /** How many times longer it waits when every attempt fails; at least 1. Default 5. */
  readonly maxMultiplier?: number | undefined;
  /** About how many of the latest attempts count; at least 1. Default 50. */
  readonly samples?: number | undefined;
}

/**
 * Waits longer the worse things are: `fallback`'s delay, times 1 while at least `targetSuccess` of the recorded attempts succeed, rising in
 * a straight line to `maxMultiplier` when all of them fail. The limit is `maxMultiplier` times that of `fallback`.
 *
 * A delay is computed from the context, `random` and the recorded rate; computing it changes nothing, `record` alone does. Policies record
 * by themselves; shared between several it goes by the attempts of all. The rate is an
 * exponentially weighted mean, which needs no clock and forgets an attempt after about `samples` more.
 *
 * Source: `adaptive` of the Python library redress (github.com/aponysus/redress), there over a window of time. The mean: S. W. Roberts,
 * "Control Chart Tests Based on Geometric Moving Averages", 1959.
 *
 * @throws TypeError for a wrong option; it names the option, the value and the rule.
 */
export function adaptive(fallback: Backoff = decorrelatedJitter(), options: AdaptiveOptions = {}): RecordingBackoff {
  hold('adaptive', 'fallback', fallback, aBackoff);
  const rules = { targetSuccess: share, maxMultiplier: oneOrMore, samples: oneOrMore };
  const { targetSuccess = 0.9, maxMultiplier = 5, samples = 50 } = check('adaptive', options, rules);
  const weight = 2 / (samples + 1);
  let failureRate = 0;
  return Object.assign(
    (context: BackoffContext) => {
      const excess = Math.max(0, failureRate - (1 - targetSuccess)) / targetSuccess;
      const delayMs = fallback(context);
      // What is no number, such as a promise, is told by whoever asked, not here.
      return typeof delayMs === 'number' ? delayMs * (1 + excess * (maxMultiplier - 1)) : delayMs;
    },
    {
      record(succeeded: boolean): void {
        failureRate += weight * ((succeeded ? 0 : 1) - failureRate);
      },
    },
  );
}

import type { Circuit } from './circuits.js';
import { increaseBy, lowestBy, sumBy, type Scrape } from './Scrape.js';

/** An upstream as the metrics of its policy show it. */
export interface Upstream {
  readonly name: string;
  /** What became of the attempts of the last moments. */
  readonly health: 'idle' | 'fine' | 'troubled' | 'down' | 'refused';
  /** The same in words: `3 of 20 attempts fail`. */
  readonly traffic: string;
  /** Undefined without a circuit breaker, or before its first call. */
  readonly circuit: Circuit | undefined;
  /** Retries left, and the most that there have been; undefined before the first call. */
  readonly budget: { readonly left: number; readonly full: number } | undefined;
}

/** Events that tell of an attempt that failed, once each. */
const failures = [
  'retry',
  'permanent_fail',
  'deadline_exceeded',
  'max_attempts_exceeded',
  'max_unknown_attempts_exceeded',
  'no_strategy_configured',
  'budget_exhausted',
];
const downAbove = 0.9;

/** The upstreams of these names, from the scrapes of the last moments and of the last minute. */
export function upstreamsOf(
  names: readonly string[],
  {
    lately,
    minute,
    circuits,
  }: { readonly lately: readonly Scrape[]; readonly minute: readonly Scrape[]; readonly circuits: readonly Circuit[] },
): Upstream[] {
  const window = { from: lately[0], to: lately.at(-1) };
  const attempts = increaseBy(window, 'redress_attempts_total', 'redress_policy');
  const failed = increaseBy(window, 'redress_events_total', 'redress_policy', { redress_event: failures });
  // An attempt that failed when its circuit opened tells of it by the refusal of its retry, which has a class.
  const cutShort = increaseBy(window, 'redress_events_total', 'redress_policy', { redress_event: 'circuit_rejected', error_class: isSet });
  const refused = increaseBy(window, 'redress_events_total', 'redress_policy', { redress_event: 'circuit_rejected', error_class: '' });
  const left = lowestBy(lately.slice(-5), 'redress_retry_budget', 'redress_policy');
  const budgets = minute.map((scrape) => sumBy(scrape, 'redress_retry_budget', 'redress_policy'));
  return names.map((name) => {
    const made = attempts.get(name) ?? 0;
    const bad = Math.min(made, (failed.get(name) ?? 0) + (cutShort.get(name) ?? 0));
    const kept = refused.get(name) ?? 0;
    const budget = left.get(name);
    return {
      name,
      ...judge(made, bad, kept),
      circuit: circuits.find((circuit) => circuit.name === name),
      budget: budget === undefined ? undefined : { left: budget, full: Math.max(budget, ...budgets.map((each) => each.get(name) ?? 0)) },
    };
  });
}

function isSet(value: string): boolean {
  return value !== '';
}

function judge(made: number, bad: number, refused: number): Pick<Upstream, 'health' | 'traffic'> {
  if (refused > 0 && made <= 1) {
    return { health: 'refused', traffic: 'calls are refused' };
  }
  if (made === 0) {
    return { health: 'idle', traffic: 'no calls' };
  }
  if (bad === 0) {
    return { health: 'fine', traffic: 'every attempt answered' };
  }
  return { health: bad >= made * downAbove ? 'down' : 'troubled', traffic: `${bad} of ${made} attempts failed` };
}

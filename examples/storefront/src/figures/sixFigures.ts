import { increaseBy, lowestBy, type Scrape, type Window } from './Scrape.js';

/** One of the six questions, and its answer. */
export interface Figure {
  readonly question: string;
  /** What to ask a real Prometheus; `$w` stands for the window. */
  readonly promql: string;
  readonly values: readonly FigureValue[];
}

export interface FigureValue {
  /** What the value is for. */
  readonly label: string;
  /** Undefined when there is nothing to divide by. */
  readonly value: number | undefined;
  readonly text: string;
}

/**
 * The six questions of the telemetry contract, answered from two scrapes. `lately` are scrapes of the last moments, of which the budget's
 * lowest is shown: an empty budget is granted a retry a second and spends it at once, and a scrape a second may see none of its zeros.
 */
export function sixFigures(window: Window, lately: readonly Scrape[] = []): readonly Figure[] {
  return [amplification(window), backoffTime(window), rescueRate(window), openTime(window), refusals(window), budgetLeft(window, lately)];
}

function amplification(window: Window): Figure {
  const all = total(increaseBy(window, 'redress_attempts_total', ''));
  const firsts = total(increaseBy(window, 'redress_attempts_total', '', { retry_attempt: '1' }));
  const value = ratio(all, firsts);
  return {
    question: 'Attempts per call',
    promql: 'sum(increase(redress_attempts_total[$w])) / sum(increase(redress_attempts_total{retry_attempt="1"}[$w]))',
    values: [{ label: 'all calls', value, text: value === undefined ? 'no calls' : `${value.toFixed(2)}×` }],
  };
}

function backoffTime(window: Window): Figure {
  return {
    question: 'Time spent waiting, summed over all calls',
    promql: 'sum by (redress_policy) (increase(redress_backoff_time_total[$w]))',
    values: each(increaseBy(window, 'redress_backoff_time_total', 'redress_policy'), seconds),
  };
}

function rescueRate(window: Window): Figure {
  const rescued = increaseBy(window, 'redress_retry_success_after_retries_total', 'retry_attempt');
  const attempted = increaseBy(window, 'redress_attempts_total', 'retry_attempt', { retry_attempt: (value) => value !== '1' });
  return {
    question: 'Retries that rescued the call',
    promql:
      'sum by (retry_attempt) (increase(redress_retry_success_after_retries_total[$w])) / sum by (retry_attempt) (increase(redress_attempts_total{retry_attempt!="1"}[$w]))',
    values: sorted(attempted).map(([attempt, attempts]) => {
      const value = ratio(rescued.get(attempt) ?? 0, attempts);
      return { label: `attempt ${attempt}`, value, text: value === undefined ? '–' : `${Math.round(value * 100)} % of ${attempts}` };
    }),
  };
}

function openTime(window: Window): Figure {
  return {
    question: 'Time a circuit was open',
    promql: 'sum by (circuit_name) (increase(redress_circuit_time_in_state_total{circuit_state=~"open|forced_open"}[$w]))',
    values: each(
      increaseBy(window, 'redress_circuit_time_in_state_total', 'circuit_name', { circuit_state: ['open', 'forced_open'] }),
      seconds,
    ),
  };
}

const refusers: Readonly<Record<string, string>> = {
  CIRCUIT_OPEN: 'by an open circuit',
  BULKHEAD_FULL: 'by a full bulkhead',
  DRAINING: 'by a service that was shutting down',
  RATE_LIMITED: 'by a rate limit',
  THROTTLED: 'by a throttle',
};

function refusals(window: Window): Figure {
  const rejected = { redress_outcome: 'rejected' };
  return {
    question: 'Calls refused, by reason',
    promql: 'sum by (redress_stop_reason) (increase(redress_retry_duration_count{redress_outcome="rejected"}[$w]))',
    values: sorted(increaseBy(window, 'redress_retry_duration_count', 'redress_stop_reason', rejected)).map(([reason, value]) => ({
      label: refusers[reason] ?? reason,
      value,
      text: String(value),
    })),
  };
}

function budgetLeft(window: Window, lately: readonly Scrape[]): Figure {
  const scrapes = lately.length > 0 ? lately : [window.to];
  return {
    question: 'Retries left in the budget',
    promql: 'min by (redress_policy) (redress_retry_budget)',
    values: each(lowestBy(scrapes, 'redress_retry_budget', 'redress_policy'), retriesLeft),
  };
}

function each(values: ReadonlyMap<string, number>, format: (value: number) => string): FigureValue[] {
  return sorted(values).map(([label, value]) => ({ label, value, text: format(value) }));
}

function sorted(values: ReadonlyMap<string, number>): [string, number][] {
  return [...values].sort(([a], [b]) => a.localeCompare(b));
}

function total(values: ReadonlyMap<string, number>): number {
  return [...values.values()].reduce((sum, value) => sum + value, 0);
}

function ratio(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole;
}

/** Less than one grants nothing: it is not to be rounded up to one. */
function retriesLeft(value: number): string {
  return (Math.floor(value * 10) / 10).toFixed(1);
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}

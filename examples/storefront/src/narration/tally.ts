import { sumBy, type Scrape } from '../figures/Scrape.js';

/** What has happened since the start, in calls. */
export interface Tally {
  readonly rescued: number;
  readonly refused: number;
  readonly budgetEmpty: number;
}

/** Counts calls in a scrape. */
export function tallyOf(scrape: Scrape | undefined): Tally {
  const events = sumBy(scrape, 'redress_events_total', 'redress_event');
  const rescued = [...sumBy(scrape, 'redress_retry_success_after_retries_total', 'redress_policy').values()];
  return {
    rescued: rescued.reduce((sum, value) => sum + value, 0),
    refused: events.get('circuit_rejected') ?? 0,
    budgetEmpty: events.get('budget_exhausted') ?? 0,
  };
}

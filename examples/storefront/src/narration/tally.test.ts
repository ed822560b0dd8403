import { parseExposition } from '../figures/parseExposition.js';
import { tallyOf } from './tally.js';

const body = `
redress_retry_success_after_retries_total{redress_policy="a",retry_attempt="2"} 3
redress_retry_success_after_retries_total{redress_policy="b",retry_attempt="3"} 1
redress_events_total{redress_policy="b",redress_event="circuit_rejected"} 2
redress_events_total{redress_policy="a",redress_event="budget_exhausted"} 1
`;

describe('tallyOf', () => {
  it.each([
    { given: 'no scrape', scrape: undefined, tally: { rescued: 0, refused: 0, budgetEmpty: 0 } },
    { given: 'a scrape', scrape: { atMs: 0, samples: parseExposition(body) }, tally: { rescued: 4, refused: 2, budgetEmpty: 1 } },
  ])('counts calls in $given', ({ scrape, tally }) => {
    expect(tallyOf(scrape)).toEqual(tally);
  });
});

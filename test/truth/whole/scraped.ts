import { outcomeOfCall } from '../Happened.js';
import { QUESTIONS } from '../questions.js';
import { nonZero, tally } from '../tables.js';
import type { Evidence } from './Evidence.js';
import { isStoodInFor } from './Happened.js';

/** What Prometheus answers of a window between two of its scrapes is what happened in it: see ../scraped.ts. */
export function testScrapes(evidence: () => Evidence): void {
  async function answers(question: (range: string) => string, labels: readonly string[]): Promise<Readonly<Record<string, number>>> {
    const { scraped } = evidence();
    if (scraped === undefined) throw new Error('Prometheus did not watch the run');
    const { prometheus, from, to } = scraped;
    const found = await prometheus.query(question(`${to.scrapedAtMs - from.scrapedAtMs}ms`), to.scrapedAtMs);
    // What happened before the window alone has a row of 0.
    return nonZero(
      tally(
        found,
        (one) => labels.map((label) => one.labels[label]),
        ({ value }) => value,
      ),
    );
  }
  const inWindow = ({ round }: { readonly round: number }): boolean => round > (evidence().scraped?.from.round ?? Infinity);

  it('answers how many calls were refused, and by which gate', async () => {
    const refused = evidence().happened.calls.filter((call) => inWindow(call) && outcomeOfCall(call) === 'rejected');
    const expected = tally(refused, ({ stopReason }) => [stopReason]);
    expect(await answers(QUESTIONS.refusals, ['redress_stop_reason'])).toEqual(expected);
    expect(Object.keys(expected).sort()).toEqual(['BULKHEAD_FULL', 'CIRCUIT_OPEN', 'DRAINING', 'RATE_LIMITED', 'THROTTLED']);
  });

  it('answers what fallbacks stood in for', async () => {
    const stoodFor = evidence().happened.calls.filter((call) => inWindow(call) && isStoodInFor(call));
    expect(await answers(QUESTIONS.stoodIn, ['redress_policy', 'redress_stop_reason'])).toEqual(
      tally(stoodFor, ({ policy, insteadOf }) => [policy, insteadOf?.stopReason]),
    );
  });
}

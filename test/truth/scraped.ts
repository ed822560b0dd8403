import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Evidence, Scraped } from './Evidence.js';
import { callsById } from './callsById.js';
import { outcomeOfCall } from './Happened.js';
import type { Labels, RawSeries } from './Prometheus.js';
import { QUESTIONS } from './questions.js';
import { type Table, tally, ticksOfMs, ticksOfSeconds } from './tables.js';

/**
 * What Prometheus has of the run is what happened, at each of its scrapes.
 *
 * `increase` of a window whose ends are two scrapes has nothing to extrapolate: its factor is exactly 1, and its answer the difference of
 * two samples, provided that the series is there at both ends. So the window begins and ends with a scrape in a pause between rounds, and
 * begins only where no counter is new after it; then each answer can be held to what the storefront's ledger has of the rounds between.
 */
export function testScrapes(evidence: () => Evidence): void {
  const callOf = callsById(evidence);

  function scraped(): Scraped {
    const found = evidence().scraped;
    if (found === undefined) throw new Error('Prometheus did not watch the run');
    return found;
  }

  /** Answers to a question about the window, by a label. */
  async function answers(
    question: (range: string) => string,
    label: string,
    read: (value: number) => number = Number,
    fromMs = scraped().from.scrapedAtMs,
  ): Promise<Table> {
    const { prometheus, to } = scraped();
    const found = await prometheus.query(question(`${to.scrapedAtMs - fromMs}ms`), to.scrapedAtMs);
    return Object.fromEntries(found.map(({ labels, value }) => [labels[label] ?? '', read(value)]));
  }

  const inWindow = ({ round }: { readonly round: number }): boolean => round > scraped().from.round;
  const callsInWindow = () => evidence().happened.calls.filter(inWindow);
  const attemptsInWindow = () => evidence().happened.attempts.filter(({ call }) => inWindow(callOf(call)));

  it('has every counter as the exporter last showed it', async () => {
    const { prometheus, to } = scraped();
    const names = /^redress_.+_(total|count|sum|bucket)$/;
    // Time goes on when nothing else does.
    const counters = evidence().samples.filter(({ name }) => names.test(name) && name !== 'redress_circuit_time_in_state_total');
    const stored = await prometheus.query(
      '{__name__=~"redress_.+_(total|count|sum|bucket)", __name__!="redress_circuit_time_in_state_total"}',
      to.scrapedAtMs,
    );
    expect(Object.fromEntries(stored.map(({ labels, value }) => [keyOf(labels), value]))).toEqual(
      Object.fromEntries(counters.map(({ name, labels, value }) => [keyOf({ __name__: name, ...labels }), value])),
    );
    expect(counters.length).toBeGreaterThan(100);
  });

  it('has exactly one state of each circuit at 1 in every scrape while it lives, and none after', async () => {
    const { circuits } = evidence().happened;
    const clock = await clockByScrape();
    const states = byScrape(await scraped().prometheus.samples('redress_circuit_state'));
    expect(states.size).toBe(clock.size);
    expect(states.size).toBeGreaterThan(10);
    for (const [atMs, samples] of states) {
      for (const { value } of samples) expect([0, 1]).toContain(value);
      const expected = Object.entries(circuits).map(([name, { diedAt = Infinity }]) => [name, clock.at(atMs) < ticksOfMs(diedAt) ? 1 : 0]);
      expect(
        tally(
          samples,
          ({ labels }) => [labels['circuit_name']],
          ({ value }) => value,
        ),
      ).toEqual(Object.fromEntries(expected));
    }
    const seen = [...states.values()].flat().filter(({ value }) => value === 1);
    const lives = new Set(seen.map(({ labels }) => `${labels['circuit_name']} ${labels['circuit_state']}`));
    expect(lives).toContain('pop-up closed');
  });

  it('has times in state that add up to the age of each circuit in every scrape, to the tick', async () => {
    const { circuits } = evidence().happened;
    const clock = await clockByScrape();
    const times = byScrape(await scraped().prometheus.samples('redress_circuit_time_in_state_total'));
    expect(times.size).toBe(clock.size);
    for (const [atMs, samples] of times) {
      const ages = Object.entries(circuits).map(([name, { bornAt, diedAt = Infinity }]) => [
        name,
        Math.min(clock.at(atMs), ticksOfMs(diedAt)) - ticksOfMs(bornAt),
      ]);
      expect(
        tally(
          samples,
          ({ labels }) => [labels['circuit_name']],
          ({ value }) => ticksOfSeconds(value),
        ),
      ).toEqual(Object.fromEntries(ages));
    }
  });

  it('has as time forced open what the operator took, to the tick', async () => {
    const { prometheus, to } = scraped();
    const forced = await prometheus.query('redress_circuit_time_in_state_total{circuit_state="forced_open"} > 0', to.scrapedAtMs);
    expect(
      tally(
        forced,
        ({ labels }) => [labels['circuit_name']],
        ({ value }) => ticksOfSeconds(value),
      ),
    ).toEqual(
      tally(
        evidence().happened.forced,
        ({ circuit }) => [circuit],
        ({ from, to }) => ticksOfMs(to - from),
      ),
    );
  });

  it('answers how many attempts a call takes', async () => {
    const attempts = attemptsInWindow();
    const firsts = attempts.filter(({ number }) => number === 1);
    expect(await answers(QUESTIONS.amplification, '')).toEqual({ '': attempts.length / firsts.length });
    expect(attempts.length).toBeGreaterThan(firsts.length);
  });

  it('answers how much time was lost to backoff', async () => {
    const waited = evidence().happened.waits.map((wait) => ({ ...wait, of: callOf(wait.call) }));
    const lost = tally(
      waited,
      ({ of }) => [of.policy],
      ({ of, startedAt, endedAt }) => (inWindow(of) ? ticksOfMs(endedAt - startedAt) : 0),
    );
    expect(await answers(QUESTIONS.backoff, 'redress_policy', ticksOfSeconds)).toEqual(lost);
  });

  it('answers how often the second, third and fourth attempt rescue a call', async () => {
    // An attempt that was made before the window alone has a row, and its answer is 0 / 0.
    const attempts = tally(
      evidence().happened.attempts,
      ({ number }) => [number],
      ({ call }) => (inWindow(callOf(call)) ? 1 : 0),
    );
    const rescued = tally(
      evidence().happened.calls.filter(({ stopReason, attempts }) => stopReason === undefined && attempts > 1),
      ({ attempts }) => [attempts],
      (call) => (inWindow(call) ? 1 : 0),
    );
    const later = Object.entries(attempts).filter(([number]) => number !== '1');
    const rates = later.map(([number, count]) => [number, (rescued[number] ?? 0) / count]);
    expect(await answers(QUESTIONS.rescues, 'retry_attempt')).toEqual(Object.fromEntries(rates));
    expect(rescued['2']).toBeGreaterThan(0);
  });

  it('answers how long circuits were open', async () => {
    const { prometheus, from, to } = scraped();
    const open = await prometheus.samples('redress_circuit_time_in_state_total{circuit_state=~"open|forced_open"}');
    const valueAt = ({ samples }: RawSeries, at: number) => ticksOfSeconds(samples.find(({ atMs }) => atMs === at)?.value ?? Number.NaN);
    const times = tally(
      open,
      ({ labels }) => [labels['circuit_name']],
      (series) => valueAt(series, to.scrapedAtMs) - valueAt(series, from.scrapedAtMs),
    );
    expect(await answers(QUESTIONS.openTime, 'circuit_name', ticksOfSeconds)).toEqual(times);
    const forced = tally(
      evidence().happened.forced.filter(inWindow),
      ({ circuit }) => [circuit],
      ({ from, to }) => ticksOfMs(to - from),
    );
    expect(times['relay']).toBeGreaterThan(forced['relay'] ?? 0);
    expect(times['payments-circuit']).toBeGreaterThan(0);
  });

  it('answers how many calls were refused, and by what', async () => {
    const refused = callsInWindow().filter((call) => outcomeOfCall(call) === 'rejected');
    expect(await answers(QUESTIONS.refusals, 'redress_stop_reason')).toEqual({ CIRCUIT_OPEN: refused.length });
    expect(refused.length).toBeGreaterThan(0);
  });

  it('answers how many events there were, the first of each kind too', async () => {
    const { prometheus, to } = scraped();
    const events = await prometheus.samples('redress_events_total');
    const times = events.flatMap(({ samples }) => samples.map(({ atMs }) => atMs));
    // From the first scrape that saw any event, when most of their kinds were still to come.
    const fromMs = Math.min(...times);
    const valueAt = ({ samples }: RawSeries, at: number) => samples.find(({ atMs }) => atMs === at)?.value ?? 0;
    const happened = tally(
      events,
      ({ labels }) => [labels['redress_event']],
      (series) => valueAt(series, to.scrapedAtMs) - valueAt(series, fromMs),
    );
    expect(await answers(QUESTIONS.firstOfItsKind, 'redress_event', Number, fromMs)).toEqual(happened);
    const plain = (range: string) => `sum by (redress_event) (increase(redress_events_total[${range}]))`;
    expect(await answers(plain, 'redress_event', Number, fromMs)).not.toEqual(happened);
  });

  it('answers how much work was thrown away', async () => {
    const { prometheus, from, to } = scraped();
    const rows = await prometheus.samples('redress_wasted_time_total');
    const valueAt = ({ samples }: RawSeries, at: number) => samples.find(({ atMs }) => atMs === at)?.value ?? 0;
    const lost = tally(
      rows,
      ({ labels }) => [labels['redress_policy'], labels['redress_waste']],
      (series) => ticksOfSeconds(valueAt(series, to.scrapedAtMs) - valueAt(series, from.scrapedAtMs)),
    );
    const found = await prometheus.query(QUESTIONS.wasted(`${to.scrapedAtMs - from.scrapedAtMs}ms`), to.scrapedAtMs);
    // A row that is new in the range is asked for as the first of its kind.
    const old = new Set(rows.filter((series) => valueAt(series, from.scrapedAtMs) > 0).map(({ labels }) => labels['redress_policy']));
    const gallery = found.filter(({ labels }) => labels['redress_policy'] === 'gallery' && old.has('gallery'));
    expect(gallery.length).toBe(2);
    for (const { labels, value } of gallery) expect(ticksOfSeconds(value)).toBe(lost[`gallery ${labels['redress_waste']}`]);
    const attempts = attemptsInWindow().filter(({ call }) => callOf(call).policy === 'gallery');
    expect(attempts.length).toBeGreaterThan(0);
  });

  it('is asked for the first of its kind so that a failed scrape does not make old events new', () => {
    const home = mkdtempSync(join(tmpdir(), 'redress-promtool-'));
    const file = join(home, 'test.yml');
    // A row from the start, unseen for one scrape just when the range begins; and one that shows up in the range.
    const rows = [
      { series: 'redress_events_total{redress_event="retry"}', values: '100+0x4 stale 100+0x10' },
      { series: 'redress_events_total{redress_event="circuit_opened"}', values: '_x7 1+0x10' },
    ];
    const exp_samples = [
      { labels: '{redress_event="retry"}', value: 0 },
      { labels: '{redress_event="circuit_opened"}', value: 1 },
    ];
    const asked = [{ expr: QUESTIONS.firstOfItsKind('5m'), eval_time: '10m', exp_samples }];
    // JSON is YAML.
    writeFileSync(file, JSON.stringify({ rule_files: [], tests: [{ interval: '1m', input_series: rows, promql_expr_test: asked }] }));
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' });
    rmSync(home, { recursive: true });
    expect({ status, said: stderr }).toEqual({ status: 0, said: '' });
    expect(stdout).toContain('SUCCESS');
  });

  it('answers how much of each budget is left', async () => {
    const { prometheus, to } = scraped();
    const budgets = await prometheus.samples('redress_retry_budget');
    const left = budgets.map(({ labels, samples }) => [
      labels['redress_policy'],
      samples.find(({ atMs }) => atMs === to.scrapedAtMs)?.value,
    ]);
    const answer = await answers(QUESTIONS.budget, 'redress_policy');
    expect(answer).toEqual(Object.fromEntries(left));
    // The three share one.
    expect(answer['orders']).toBe(answer['inventory']);
    expect(answer['checkout']).toBe(answer['inventory']);
    expect(Object.keys(answer).sort()).toEqual(['checkout', 'inventory', 'orders', 'pop-up', 'pricing']);
  });

  it('is shown metrics that promtool finds nothing against', () => {
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: evidence().exposition, encoding: 'utf8' });
    expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: '' });
  });

  /** What time it was for the policies, in ticks, at each scrape. */
  async function clockByScrape(): Promise<{ readonly size: number; readonly at: (scrapedAtMs: number) => number }> {
    const [clock] = await scraped().prometheus.samples('truth_clock');
    const ticks = new Map(clock?.samples.map(({ atMs, value }) => [atMs, ticksOfSeconds(value)]));
    return { size: ticks.size, at: (atMs) => ticks.get(atMs) ?? Number.NaN };
  }
}

/** A series as text, without what Prometheus adds. */
function keyOf({ job: _job, instance: _instance, ...labels }: Labels): string {
  return JSON.stringify(Object.entries(labels).sort());
}

/** Samples of several series that one scrape found, by the time of the scrape. */
function byScrape(series: readonly RawSeries[]): ReadonlyMap<number, readonly { readonly labels: Labels; readonly value: number }[]> {
  const scrapes = new Map<number, { readonly labels: Labels; readonly value: number }[]>();
  for (const { labels, samples } of series) {
    for (const { atMs, value } of samples) {
      const found = scrapes.get(atMs);
      if (found === undefined) scrapes.set(atMs, [{ labels, value }]);
      else found.push({ labels, value });
    }
  }
  return scrapes;
}

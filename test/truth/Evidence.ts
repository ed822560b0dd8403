import type { Sample } from '../../examples/storefront/src/figures/parseExposition.js';
import { parseExposition } from '../../examples/storefront/src/figures/parseExposition.js';
import { eventually } from './eventually.js';
import type { Happened } from './Happened.js';
import { Prometheus } from './Prometheus.js';
import { Storefront } from './Storefront.js';
import { TraceReceiver, type WireLog, type WireSeries, type WireSpan } from './TraceReceiver.js';

/** A moment at which nothing ran, and the first scrape after it. */
export interface Pause {
  /** The round that had just ended. */
  readonly round: number;
  readonly scrapedAtMs: number;
}

/** What Prometheus has; it runs on until it is stopped. */
export interface Scraped {
  readonly prometheus: Prometheus;
  /** The last pause after which no counter appeared that was not there before. */
  readonly from: Pause;
  /** The last pause of all. */
  readonly to: Pause;
}

/** What is left of one run: what happened, and what was emitted about it. */
export interface Evidence {
  readonly happened: Happened;
  readonly spans: readonly WireSpan[];
  readonly logs: readonly WireLog[];
  /** Metrics as they came over OTLP when nothing ran any more. */
  readonly series: readonly WireSeries[];
  /** The exporter's answer after the first call of each operation, all of which succeeded. */
  readonly opening: readonly Sample[];
  /** The exporter's answer when nothing ran any more, as text and read. */
  readonly exposition: string;
  readonly samples: readonly Sample[];
  /** All that was told through `diag`, the end included. */
  readonly warnings: unknown;
  /** Undefined where Prometheus is not wanted. */
  readonly scraped: Scraped | undefined;
}

const CALLS_PER_ROUND = 850;
const ROUNDS = 6;
/** A rare kind of refusal may show up late; then there are more rounds, for Prometheus cannot tell the increase of what it sees first. */
const MOST_ROUNDS = 14;

/** What the questions of the telemetry contract are about. */
const COUNTERS =
  '{__name__=~"redress_(attempts|backoff_time|retry_success_after_retries|circuit_time_in_state)_total"} or redress_retry_duration_count{redress_outcome="rejected"} or redress_wasted_time_total{redress_policy="gallery"}';

/** Runs the storefront from its start to its end. */
export async function collectEvidence(): Promise<Evidence> {
  const receiver = new TraceReceiver();
  let storefront: Storefront | undefined;
  let prometheus: Prometheus | undefined;
  try {
    storefront = await Storefront.start(await receiver.start());
    await storefront.open();
    const opening = parseExposition(await storefront.scrape());
    prometheus = Prometheus.isWanted() ? await Prometheus.start(storefront.metricsPort) : undefined;
    const scraped = prometheus === undefined ? await playUnwatched(storefront) : await play(storefront, prometheus);
    const happened = await storefront.happened();
    const exposition = await storefront.scrape();
    const warnings = await storefront.end();
    const { spans, logs, series } = receiver;
    return { happened, spans, logs, series, opening, exposition, samples: parseExposition(exposition), warnings, scraped };
  } catch (error) {
    await prometheus?.stop();
    throw error;
  } finally {
    storefront?.kill();
    await receiver.stop();
  }
}

async function playUnwatched(storefront: Storefront): Promise<undefined> {
  for (let round = 1; round <= ROUNDS; round++) await storefront.round(CALLS_PER_ROUND);
  await storefront.dispose();
  return undefined;
}

async function play(storefront: Storefront, prometheus: Prometheus): Promise<Scraped> {
  const pauses: Pause[] = [];
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    let clockMs = await storefront.round(CALLS_PER_ROUND);
    if (round === 1) {
      await scrapedAfter(prometheus, clockMs);
      clockMs = await storefront.dispose();
    }
    const to = { round, scrapedAtMs: await scrapedAfter(prometheus, clockMs) };
    const from = await earliestWithAll(prometheus, pauses, to);
    if (round >= ROUNDS && from !== undefined) return { prometheus, from, to };
    pauses.push(to);
  }
  throw new Error(`every one of ${MOST_ROUNDS} rounds brought counters that were not there before`);
}

/** The time of the first scrape after a moment on the program's clock. */
export async function scrapedAfter(prometheus: Prometheus, clockMs: number): Promise<number> {
  return eventually('a scrape', 20_000, async () => {
    const [clock] = await prometheus.samples('truth_clock');
    return clock?.samples.find(({ value }) => value * 1_000 >= clockMs)?.atMs;
  });
}

async function earliestWithAll(prometheus: Prometheus, pauses: readonly Pause[], to: Pause): Promise<Pause | undefined> {
  const wanted = await countersAt(prometheus, to);
  for (const pause of pauses) {
    if ((await countersAt(prometheus, pause)) === wanted) return pause;
  }
  return undefined;
}

/** The counters there are, as text; at another pause the same text means the same counters. */
export async function countersAt(prometheus: Prometheus, { scrapedAtMs }: Pause, counted = COUNTERS): Promise<string> {
  const counters = await prometheus.query(counted, scrapedAtMs);
  return counters
    .map(({ labels }) => JSON.stringify(Object.entries(labels).sort()))
    .sort()
    .join();
}

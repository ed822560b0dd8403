import { join } from 'node:path';
import type { Sample } from '../../../examples/storefront/src/figures/parseExposition.js';
import { parseExposition } from '../../../examples/storefront/src/figures/parseExposition.js';
import { at, ChildProgram } from '../ChildProgram.js';
import { countersAt, type Pause, scrapedAfter, type Scraped } from '../Evidence.js';
import { Prometheus } from '../Prometheus.js';
import { TraceReceiver, type WireLog, type WireSeries, type WireSpan } from '../TraceReceiver.js';
import { withCallsBeside } from './callsBeside.js';
import type { WholeHappened } from './Happened.js';

/** What is left of one run: what happened, and what was emitted about it. */
export interface Evidence {
  readonly happened: WholeHappened;
  readonly spans: readonly WireSpan[];
  readonly logs: readonly WireLog[];
  /** Metrics as they came over OTLP when nothing ran any more. */
  readonly series: readonly WireSeries[];
  /** What the exporter showed when nothing ran any more. */
  readonly samples: readonly Sample[];
  /** All that was told through `diag`, the end included. */
  readonly warnings: unknown;
  /** Undefined where Prometheus is not wanted. */
  readonly scraped: Scraped | undefined;
}

const CALLS_PER_ROUND = 1_600;
const ROUNDS = 2;
/** A rare kind of refusal may show up late; Prometheus cannot tell the increase of what it sees first. */
const MOST_ROUNDS = 6;
/** What is asked for. */
const COUNTERS = 'redress_retry_duration_count{redress_outcome="rejected"} or redress_events_total{redress_event="fallback_used"}';

/** Runs the program from its start to its end. */
export async function collectEvidence(): Promise<Evidence> {
  const receiver = new TraceReceiver();
  let program: ChildProgram | undefined;
  let prometheus: Prometheus | undefined;
  try {
    program = await ChildProgram.start(join(__dirname, 'fixtures/whole.mjs'), await receiver.start());
    prometheus = Prometheus.isWanted() ? await Prometheus.start(program.metricsPort) : undefined;
    const scraped = prometheus === undefined ? await playUnwatched(program) : await play(program, prometheus);
    const happened = (await program.ask('ledger')) as WholeHappened;
    const samples = parseExposition(await program.scrape());
    const warnings = await program.end();
    const { spans, logs, series } = receiver;
    return { ...withCallsBeside(happened, spans), logs, series, samples, warnings, scraped };
  } catch (error) {
    await prometheus?.stop();
    throw error;
  } finally {
    program?.kill();
    await receiver.stop();
  }
}

async function playUnwatched(program: ChildProgram): Promise<undefined> {
  for (let round = 1; round <= ROUNDS; round++) await program.ask('round', { calls: CALLS_PER_ROUND });
  return undefined;
}

async function play(program: ChildProgram, prometheus: Prometheus): Promise<Scraped> {
  let from: Pause | undefined;
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    const clockMs = Number(at(await program.ask('round', { calls: CALLS_PER_ROUND }), 'clockMs'));
    const to = { round, scrapedAtMs: await scrapedAfter(prometheus, clockMs) };
    const isComplete =
      from !== undefined && (await countersAt(prometheus, from, COUNTERS)) === (await countersAt(prometheus, to, COUNTERS));
    if (from !== undefined && isComplete) return { prometheus, from, to };
    from = to;
  }
  throw new Error(`every one of ${MOST_ROUNDS} rounds brought counters that were not there before`);
}

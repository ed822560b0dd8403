/**
 * A successful call with an SDK in the process, beside a function written by hand that emits the same.
 * `--spans`: sampled spans through a BatchSpanProcessor beside the metrics. `--signal`: the function reads the signal it is given.
 */
import { context, metrics, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { report } from '../report.js';
import { alternate, ratio, shown } from '../rounds.js';
import { handwritten } from '../subjects/handwritten.js';
import { loop, succeed, succeedReading } from '../subjects/loop.js';
import { redress, redressOptions } from '../subjects/redress.js';

const spans = process.argv.includes('--spans');
const signal = process.argv.includes('--signal');

const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
metrics.setGlobalMeterProvider(
  new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })] }),
);
if (spans) {
  // Exports to nowhere, at once: what is timed is the making of a span, not its sending.
  const nowhere = { export: (_spans, done) => done({ code: 0 }), shutdown: async () => undefined, forceFlush: async () => undefined };
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new BatchSpanProcessor({ exporter: nowhere })] }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
}
const { metered, traced } = handwritten('inventory', 'inventory');
const byHand = spans ? traced : metered;
const figures = await alternate(
  signal
    ? {
        hand: loop(() => byHand(succeedReading, new AbortController())),
        redress: loop(() => redress.call(succeedReading)),
      }
    : { hand: loop(() => byHand(succeed)), redress: loop(() => redress.call(succeed)) },
);

const emitted = spans ? 'metrics and a sampled span through a BatchSpanProcessor' : 'metrics only';
report({
  title: `A successful call, ${emitted}, attempt.signal ${signal ? 'read' : 'unread'}`,
  unit: 'ns per call',
  rows: [
    { name: 'written by hand', ...shown(figures.hand), options: 'the same attributes, event, counts and record; no resilience' },
    { name: 'redress', ...shown(figures.redress), options: redressOptions },
  ],
  bars: [{ what: 'redress / written by hand', ...ratio(figures.redress, figures.hand), atMost: 1.15 }],
});

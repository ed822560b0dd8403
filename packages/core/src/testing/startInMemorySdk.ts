import type { HrTime } from '@opentelemetry/api';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { MetricData } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { Attributes } from '../model/Attributes.js';
import type { LogEvent } from '../telemetry/otel/LogSink.js';
import type { EmittedLog, EmittedSeries, EmittedSpan } from './Emitted.js';
import type { InMemorySdk } from './InMemorySdk.js';

/** A call's events are all kept, where the SDK by default drops what comes after the 128th. */
const MOST_EVENTS = 100_000;
const KINDS = ['internal', 'server', 'client', 'producer', 'consumer'] as const;
const STATUSES = ['unset', 'ok', 'error'] as const;
const INSTRUMENTATION = '@redress/core/testing';

/** Loads the SDK's packages and starts them; a package that is missing is named in the error. */
export async function startInMemorySdk(): Promise<InMemorySdk> {
  const [trace, metrics, logs] = await Promise.all([
    needed('@opentelemetry/sdk-trace', import('@opentelemetry/sdk-trace')),
    needed('@opentelemetry/sdk-metrics', import('@opentelemetry/sdk-metrics')),
    needed('@opentelemetry/sdk-logs', import('@opentelemetry/sdk-logs')),
  ]);

  const spanExporter = new trace.InMemorySpanExporter();
  const tracerProvider = new trace.TracerProvider({
    spanProcessors: [new trace.SimpleSpanProcessor({ exporter: spanExporter })],
    spanLimits: { eventCountLimit: MOST_EVENTS },
  });

  class InMemoryReader extends metrics.MetricReader {
    protected override async onForceFlush(): Promise<void> {}
    protected override async onShutdown(): Promise<void> {}
  }
  const reader = new InMemoryReader();
  const meterProvider = new metrics.MeterProvider({ readers: [reader] });

  const logExporter = new logs.InMemoryLogRecordExporter();
  const loggerProvider = new logs.LoggerProvider({ processors: [new logs.SimpleLogRecordProcessor({ exporter: logExporter })] });
  const logger = loggerProvider.getLogger(INSTRUMENTATION);

  return {
    tracerProvider,
    meterProvider,
    logSink: { emit: (event: LogEvent) => logger.emit({ ...event, attributes: writable(event.attributes) }) },
    spans: () => spanExporter.getFinishedSpans().map(emittedSpan),
    series: async () => {
      const { resourceMetrics, errors } = await reader.collect();
      if (errors.length > 0) throw new AggregateError(errors, 'collecting metrics failed');
      return resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics.flatMap(emittedSeries));
    },
    logs: () => logExporter.getFinishedLogRecords().map(emittedLog),
    forget: () => {
      spanExporter.reset();
      logExporter.reset();
    },
    shutdown: async () => {
      await Promise.all([tracerProvider.shutdown(), meterProvider.shutdown(), loggerProvider.shutdown()]);
    },
  };
}

/** The package, or an error that says what to install. */
export async function needed<T>(name: string, loading: Promise<T>): Promise<T> {
  try {
    return await loading;
  } catch (cause) {
    throw new Error(`inMemoryTelemetry needs ${name}: npm install --save-dev ${name}`, { cause });
  }
}

type LogAttributes = Record<string, string | number | boolean | (string | number | boolean)[] | undefined>;

/** The Logs API types its attributes as ones that it may write to. */
function writable(attributes: Attributes): LogAttributes {
  const copy: LogAttributes = {};
  for (const [name, value] of Object.entries(attributes)) copy[name] = typeof value === 'object' ? [...value] : value;
  return copy;
}

function ms([seconds, nanoseconds]: HrTime): number {
  return seconds * 1_000 + nanoseconds / 1_000_000;
}

function emittedSpan(span: ReadableSpan): EmittedSpan {
  const { traceId, spanId } = span.spanContext();
  return {
    name: span.name,
    kind: KINDS[span.kind] ?? 'internal',
    traceId,
    spanId,
    parentSpanId: span.parentSpanContext?.spanId,
    startMs: ms(span.startTime),
    endMs: ms(span.endTime),
    status: STATUSES[span.status.code] ?? 'unset',
    statusMessage: span.status.message,
    attributes: span.attributes,
    events: span.events.map(({ name, attributes, time }) => ({ name, attributes: attributes ?? {}, timeMs: ms(time) })),
    links: span.links.map(({ context, attributes }) => ({
      traceId: context.traceId,
      spanId: context.spanId,
      attributes: attributes ?? {},
    })),
    scope: span.instrumentationScope.name,
  };
}

function emittedSeries(metric: MetricData): EmittedSeries[] {
  const { name, unit, description } = metric.descriptor;
  // The enum of data point types is an export of a package that is only loaded when asked for: their shapes say as much.
  if ('isMonotonic' in metric) {
    const kind = metric.isMonotonic ? 'counter' : 'up_down_counter';
    return metric.dataPoints.map(({ attributes, value }) => ({ kind, name, unit, description, attributes, value }));
  }
  return metric.dataPoints.map(({ attributes, value }): EmittedSeries => {
    const series = { name, unit, description, attributes };
    if (typeof value === 'number') return { ...series, kind: 'gauge', value };
    const { boundaries, counts } = 'buckets' in value ? value.buckets : { boundaries: [], counts: [] };
    return { ...series, kind: 'histogram', count: value.count, sum: value.sum ?? 0, bounds: boundaries, buckets: counts };
  });
}

function emittedLog(record: ReadableLogRecord): EmittedLog {
  return {
    eventName: record.eventName,
    timeMs: ms(record.hrTime),
    severityNumber: record.severityNumber,
    severityText: record.severityText,
    body: record.body,
    attributes: record.attributes,
    traceId: record.spanContext?.traceId,
    spanId: record.spanContext?.spanId,
  };
}

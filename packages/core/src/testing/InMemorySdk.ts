import type { MeterProvider, TracerProvider } from '@opentelemetry/api';
import type { LogSink } from '../telemetry/otel/LogSink.js';
import type { EmittedLog, EmittedSeries, EmittedSpan } from './Emitted.js';

/** OpenTelemetry's SDK with everything kept in memory, in words that hold for both of its lines. */
export interface InMemorySdk {
  readonly tracerProvider: TracerProvider;
  readonly meterProvider: MeterProvider;
  readonly logSink: LogSink;
  /** Spans that ended, in that order. */
  spans(): readonly EmittedSpan[];
  /** Collects now. Throws an AggregateError with what a callback threw. */
  series(): Promise<readonly EmittedSeries[]>;
  /** Log records, in the order they were emitted. */
  logs(): readonly EmittedLog[];
  /** Forgets spans and log records; metrics go on. */
  forget(): void;
  shutdown(): Promise<void>;
}

import type { Attributes } from '@opentelemetry/api';

/** An event of a span. */
export interface EmittedEvent {
  readonly name: string;
  readonly attributes: Attributes;
  /** Milliseconds since 1970. */
  readonly timeMs: number;
}

/** The other end of a link. */
export interface EmittedLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Attributes;
}

/** A span that ended, in a shape that both lines of the OpenTelemetry SDK give. */
export interface EmittedSpan {
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  /** Milliseconds since 1970. */
  readonly startMs: number;
  /** Milliseconds since 1970. */
  readonly endMs: number;
  readonly status: 'unset' | 'ok' | 'error';
  readonly statusMessage: string | undefined;
  readonly attributes: Attributes;
  readonly events: readonly EmittedEvent[];
  readonly links: readonly EmittedLink[];
  /** Name of the tracer. */
  readonly scope: string;
}

interface Series {
  /** Name of the metric. */
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly attributes: Attributes;
}

/** One set of attributes of a counter, up-down counter or gauge. */
export interface EmittedNumber extends Series {
  readonly kind: 'counter' | 'up_down_counter' | 'gauge';
  readonly value: number;
}

/** One set of attributes of a histogram. */
export interface EmittedHistogram extends Series {
  readonly kind: 'histogram';
  /** Samples. */
  readonly count: number;
  /** Sum of the samples, in the metric's unit. */
  readonly sum: number;
  /** Upper bounds of the buckets but the last, which has none. */
  readonly bounds: readonly number[];
  /** Samples in each bucket. */
  readonly buckets: readonly number[];
}

/** One point of a metric. */
export type EmittedSeries = EmittedNumber | EmittedHistogram;

/** A log record. */
export interface EmittedLog {
  /** `redress.` and the event's name. */
  readonly eventName: string | undefined;
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  readonly severityNumber: number | undefined;
  readonly severityText: string | undefined;
  readonly body: unknown;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
}

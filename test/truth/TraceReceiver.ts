import { MockOtlpServer } from '@elastic/mockotlpserver';

/** `SpanKind` on the wire. */
export const KIND = { internal: 1, client: 3 } as const;
/** `StatusCode` on the wire. */
export const STATUS = { unset: 0, error: 2 } as const;

/** A span as it came over the wire. Times are nanoseconds since 1970. */
export interface WireSpan {
  readonly service: unknown;
  readonly scope: string;
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly start: bigint;
  readonly end: bigint;
  readonly attributes: WireAttributes;
  readonly events: readonly { readonly name: string; readonly time: bigint; readonly attributes: WireAttributes }[];
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status: number;
  readonly statusMessage: string;
  /** Attributes, events and links that the SDK says it dropped. */
  readonly dropped: number;
}

/** A log record as it came over the wire. */
export interface WireLog {
  readonly eventName: string;
  readonly severity: string;
  readonly time: bigint;
  readonly spanId: string | undefined;
  readonly attributes: WireAttributes;
}

/** One series of a metric as it came over the wire; of a histogram its count and sum. */
export interface WireSeries {
  readonly name: string;
  readonly unit: string;
  readonly attributes: WireAttributes;
  /** Not a number where it came as none. */
  readonly value: number;
  readonly sum: number | undefined;
}

export type WireAttributes = Readonly<Record<string, unknown>>;

/** A real OTLP/HTTP receiver that keeps every span, every log record, and the last export of metrics. */
export class TraceReceiver {
  readonly spans: WireSpan[] = [];
  readonly logs: WireLog[] = [];
  series: readonly WireSeries[] = [];
  private readonly server = new MockOtlpServer({
    logLevel: 'fatal',
    services: ['http'],
    httpHostname: '127.0.0.1',
    httpPort: 0,
    onTrace: (request) => this.spans.push(...list(request, 'resourceSpans').flatMap(spansOf)),
    onLogs: (request) => this.logs.push(...list(request, 'resourceLogs').flatMap(logsOf)),
    onMetrics: (request) => {
      this.series = list(request, 'resourceMetrics').flatMap(seriesOf);
    },
  });

  /** Starts it; resolves with its address. */
  async start(): Promise<string> {
    await this.server.start();
    return new URL('/', this.server.httpUrl).href;
  }

  async stop(): Promise<void> {
    await this.server.close();
  }
}

function spansOf(resource: unknown): WireSpan[] {
  const service = attributesOf(field(resource, 'resource'))['service.name'];
  return list(resource, 'scopeSpans').flatMap((scope) => {
    const scopeName = text(field(scope, 'scope'), 'name');
    return list(scope, 'spans').map((span) => ({ service, scope: scopeName, ...spanOf(span) }));
  });
}

function spanOf(span: unknown): Omit<WireSpan, 'service' | 'scope'> {
  const status = field(span, 'status');
  const dropped = ['droppedAttributesCount', 'droppedEventsCount', 'droppedLinksCount'].map((name) => Number(field(span, name) ?? 0));
  return {
    name: text(span, 'name'),
    kind: Number(field(span, 'kind')),
    traceId: id(span, 'traceId'),
    spanId: id(span, 'spanId'),
    parentSpanId: id(span, 'parentSpanId') || undefined,
    start: time(span, 'startTimeUnixNano'),
    end: time(span, 'endTimeUnixNano'),
    attributes: attributesOf(span),
    events: list(span, 'events').map((event) => ({
      name: text(event, 'name'),
      time: time(event, 'timeUnixNano'),
      attributes: attributesOf(event),
    })),
    links: list(span, 'links').map((link) => ({ traceId: id(link, 'traceId'), spanId: id(link, 'spanId') })),
    status: Number(field(status, 'code') ?? STATUS.unset),
    statusMessage: text(status, 'message'),
    dropped: dropped.reduce((sum, each) => sum + each, 0),
  };
}

function logsOf(resource: unknown): WireLog[] {
  return list(resource, 'scopeLogs').flatMap((scope) =>
    list(scope, 'logRecords').map((record) => ({
      eventName: text(record, 'eventName'),
      severity: text(record, 'severityText'),
      time: time(record, 'timeUnixNano'),
      spanId: id(record, 'spanId') || undefined,
      attributes: attributesOf(record),
    })),
  );
}

function seriesOf(resource: unknown): WireSeries[] {
  return list(resource, 'scopeMetrics').flatMap((scope) =>
    list(scope, 'metrics').flatMap((metric) => {
      const data = field(metric, 'sum') ?? field(metric, 'gauge') ?? field(metric, 'histogram');
      return list(data, 'dataPoints').map((point) => ({
        name: text(metric, 'name'),
        unit: text(metric, 'unit'),
        attributes: attributesOf(point),
        value: numberOf(field(point, 'asDouble') ?? field(point, 'asInt') ?? field(point, 'count')),
        sum: field(metric, 'histogram') === undefined ? undefined : numberOf(field(point, 'sum')),
      }));
    }),
  );
}

/** 64 bits are text in JSON; what is no number is null there. */
function numberOf(value: unknown): number {
  return value === undefined || value === null ? Number.NaN : Number(String(value));
}

function attributesOf(holder: unknown): WireAttributes {
  return Object.fromEntries(list(holder, 'attributes').map((pair) => [text(pair, 'key'), valueOf(field(pair, 'value'))]));
}

function valueOf(value: unknown): unknown {
  const array = field(value, 'arrayValue');
  if (array !== undefined) return list(array, 'values').map(valueOf);
  const number = field(value, 'intValue') ?? field(value, 'doubleValue');
  return number === undefined ? (field(value, 'stringValue') ?? field(value, 'boolValue')) : Number(number);
}

/** Bytes in protobuf, hexadecimal text in JSON; empty when absent. */
function id(holder: unknown, key: string): string {
  const value = field(holder, key);
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value ?? '');
}

/** 64 bits: text in JSON, an object that writes itself as such in protobuf. */
function time(holder: unknown, key: string): bigint {
  return BigInt(String(field(holder, key)));
}

function text(holder: unknown, key: string): string {
  return String(field(holder, key) ?? '');
}

function list(holder: unknown, key: string): readonly unknown[] {
  const value = field(holder, key);
  return Array.isArray(value) ? value : [];
}

/** A field that was sent; one that was not has its default on the prototype. */
function field(holder: unknown, key: string): unknown {
  return typeof holder === 'object' && holder !== null && Object.hasOwn(holder, key) ? Reflect.get(holder, key) : undefined;
}

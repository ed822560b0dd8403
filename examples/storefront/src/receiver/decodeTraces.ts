import type { Span, SpanAttribute, SpanAttributes } from './Span.js';

/**
 * Spans of an OTLP/HTTP JSON request (ExportTraceServiceRequest): ids in hexadecimal, 64-bit integers as text, enums as numbers.
 * Unknown fields are skipped, as the specification asks. Throws a TypeError for what is not such a request.
 * https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
export function decodeTraces(payload: unknown): Span[] {
  if (!isFields(payload) || !Array.isArray(payload['resourceSpans'])) {
    throw new TypeError('not an OTLP trace request: resourceSpans is missing');
  }
  return fieldsIn(payload['resourceSpans']).flatMap((resourceSpans) => {
    const resource = attributes(isFields(resourceSpans['resource']) ? resourceSpans['resource']['attributes'] : undefined);
    const service = String(resource['service.name'] ?? 'unknown_service');
    return fieldsIn(resourceSpans['scopeSpans']).flatMap((scope) => fieldsIn(scope['spans']).map((span) => decodeSpan(span, service)));
  });
}

type Fields = Readonly<Record<string, unknown>>;

const kinds = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const statusError = 2;

function decodeSpan(span: Fields, service: string): Span {
  const status = isFields(span['status']) ? span['status'] : {};
  return {
    traceId: id(span['traceId'], 'traceId'),
    spanId: id(span['spanId'], 'spanId'),
    parentSpanId: span['parentSpanId'] ? id(span['parentSpanId'], 'parentSpanId') : undefined,
    name: String(span['name'] ?? ''),
    kind: kinds[Number(span['kind'] ?? 0)] ?? 'internal',
    service,
    startMs: milliseconds(span['startTimeUnixNano']),
    endMs: milliseconds(span['endTimeUnixNano']),
    failed: Number(status['code'] ?? 0) === statusError,
    statusMessage: String(status['message'] ?? ''),
    attributes: attributes(span['attributes']),
    events: fieldsIn(span['events']).map((event) => ({
      name: String(event['name'] ?? ''),
      atMs: milliseconds(event['timeUnixNano']),
      attributes: attributes(event['attributes']),
    })),
    links: fieldsIn(span['links']).map((link) => ({
      traceId: id(link['traceId'], 'link traceId'),
      spanId: id(link['spanId'], 'link spanId'),
    })),
  };
}

function id(value: unknown, field: string): string {
  if (typeof value !== 'string' || !/^[0-9a-f]{16,32}$/i.test(value)) {
    throw new TypeError(`not an OTLP trace request: ${field} is ${JSON.stringify(value)}`);
  }
  return value.toLowerCase();
}

/** Nanoseconds since 1970 exceed what a double holds exactly; microseconds do not. */
function milliseconds(nanoseconds: unknown): number {
  if (typeof nanoseconds !== 'string' && typeof nanoseconds !== 'number') {
    throw new TypeError('not an OTLP trace request: a time is missing');
  }
  return Number(BigInt(nanoseconds) / 1_000n) / 1_000;
}

function attributes(list: unknown): SpanAttributes {
  return Object.fromEntries(
    fieldsIn(list).flatMap(({ key, value }) => {
      const decoded = attributeValue(value);
      return decoded === undefined ? [] : [[String(key), decoded] as const];
    }),
  );
}

function attributeValue(value: unknown): SpanAttribute | undefined {
  if (!isFields(value)) {
    return undefined;
  }
  const { stringValue, boolValue, intValue, doubleValue, arrayValue } = value;
  if (typeof stringValue === 'string') {
    return stringValue;
  }
  if (typeof boolValue === 'boolean') {
    return boolValue;
  }
  if (intValue !== undefined || doubleValue !== undefined) {
    return Number(intValue ?? doubleValue);
  }
  return isFields(arrayValue) ? fieldsIn(arrayValue['values']).flatMap((each) => attributeValue(each) ?? []) : undefined;
}

function fieldsIn(list: unknown): readonly Fields[] {
  return Array.isArray(list) ? list.filter(isFields) : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

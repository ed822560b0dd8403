import { limits } from './limits.js';
import type { Span, SpanAttribute, SpanAttributes } from './Span.js';

/** Some spans of a request, and how many beside them were none, with the reason of the first. */
export interface DecodedSlice {
  readonly spans: readonly Span[];
  readonly refused: number;
  readonly reason: string | undefined;
}

/**
 * Spans of an OTLP/HTTP JSON request (ExportTraceServiceRequest), a slice at a time: ids in hexadecimal, 64-bit integers as text, enums as
 * numbers. Unknown fields are skipped, as the specification asks; what is longer than {@link limits} allow is cut, and a span that is none
 * is refused alone. Throws a TypeError for what is not such a request.
 * https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
export function* decodeTraces(payload: unknown): Generator<DecodedSlice, void> {
  if (!isFields(payload) || !Array.isArray(payload['resourceSpans'])) {
    throw new TypeError('not an OTLP trace request: resourceSpans is missing');
  }
  let spans: Span[] = [];
  let refused = 0;
  let reason: string | undefined;
  let looks = 0;
  for (const { span, service } of spansIn(payload['resourceSpans'])) {
    try {
      if (span !== undefined) {
        spans.push(decodeSpan(span, service));
      }
    } catch (error) {
      refused++;
      reason ??= error instanceof Error ? error.message : String(error);
    }
    if (++looks >= limits.slice) {
      yield { spans, refused, reason };
      [spans, refused, reason, looks] = [[], 0, undefined, 0];
    }
  }
  yield { spans, refused, reason };
}

/** The spans, and for each resource and scope an undefined one: a request may be made of nothing else, and is to be sliced all the same. */
function* spansIn(resources: readonly unknown[]): Generator<{ readonly span: Fields | undefined; readonly service: string }, void> {
  for (const resourceSpans of resources.filter(isFields)) {
    const resource = attributes(isFields(resourceSpans['resource']) ? resourceSpans['resource']['attributes'] : undefined);
    const service = String(resource['service.name'] ?? 'unknown_service');
    yield { span: undefined, service };
    for (const scope of fieldsIn(resourceSpans['scopeSpans'])) {
      yield { span: undefined, service };
      for (const span of fieldsIn(scope['spans'])) {
        yield { span, service };
      }
    }
  }
}

type Fields = Readonly<Record<string, unknown>>;

const kinds = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const statusError = 2;

function decodeSpan(span: Fields, service: string): Span {
  const status = isFields(span['status']) ? span['status'] : {};
  const startMs = milliseconds(span['startTimeUnixNano']);
  return {
    traceId: id(span['traceId'], 'traceId', 32),
    spanId: id(span['spanId'], 'spanId', 16),
    parentSpanId: span['parentSpanId'] ? id(span['parentSpanId'], 'parentSpanId', 16) : undefined,
    name: cut(span['name'], limits.nameLength),
    kind: kinds[Number(span['kind'] ?? 0)] ?? 'internal',
    service,
    startMs,
    // A clock that was set back makes a span end before it began.
    endMs: Math.max(startMs, milliseconds(span['endTimeUnixNano'])),
    failed: Number(status['code'] ?? 0) === statusError,
    statusMessage: cut(status['message'], limits.valueLength),
    attributes: attributes(span['attributes']),
    events: fieldsIn(span['events'], limits.events).map((event) => ({
      name: cut(event['name'], limits.nameLength),
      atMs: milliseconds(event['timeUnixNano']),
      attributes: attributes(event['attributes']),
    })),
    links: fieldsIn(span['links'], limits.links).map((link) => ({
      traceId: id(link['traceId'], 'link traceId', 32),
      spanId: id(link['spanId'], 'link spanId', 16),
    })),
  };
}

function id(value: unknown, field: string, digits: 16 | 32): string {
  if (typeof value !== 'string' || value.length !== digits || !/^[0-9a-f]+$/i.test(value)) {
    throw new TypeError(`not an OTLP trace request: ${field} is ${shown(value)}`);
  }
  return value.toLowerCase();
}

/**
 * A time is an unsigned 64-bit integer, and so never infinite. Nanoseconds since 1970 exceed what a double holds exactly; microseconds do not.
 */
function milliseconds(nanoseconds: unknown): number {
  const digits = typeof nanoseconds === 'number' && Number.isInteger(nanoseconds) ? BigInt(nanoseconds).toString() : nanoseconds;
  if (typeof digits !== 'string' || !/^\d{1,20}$/.test(digits) || BigInt(digits) > maxTime) {
    throw new TypeError(`not an OTLP trace request: a time is ${shown(nanoseconds)}`);
  }
  return Number(BigInt(digits) / 1_000n) / 1_000;
}

const maxTime = 2n ** 64n - 1n;

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(cut(value, 80)) : typeof value === 'object' ? 'an object' : String(value);
}

function attributes(list: unknown): SpanAttributes {
  return Object.fromEntries(
    fieldsIn(list, limits.attributes).flatMap(({ key, value }) => {
      const decoded = attributeValue(value, 0);
      return decoded === undefined ? [] : [[cut(key, limits.nameLength), decoded] as const];
    }),
  );
}

function attributeValue(value: unknown, depth: number): SpanAttribute | undefined {
  if (!isFields(value)) {
    return undefined;
  }
  const { stringValue, boolValue, intValue, doubleValue, arrayValue } = value;
  if (typeof stringValue === 'string') {
    return cut(stringValue, limits.valueLength);
  }
  if (typeof boolValue === 'boolean') {
    return boolValue;
  }
  if (intValue !== undefined || doubleValue !== undefined) {
    const read = Number(cut(intValue ?? doubleValue, limits.nameLength));
    // Infinity and NaN are values of an attribute, but not of JSON, in which the page is told of them.
    return Number.isFinite(read) ? read : String(read);
  }
  if (!isFields(arrayValue) || depth >= limits.listDepth) {
    return undefined;
  }
  return fieldsIn(arrayValue['values'], limits.elements).flatMap((each) => attributeValue(each, depth + 1) ?? []);
}

/** Text of at most so many characters. A copy: a slice would keep all of the long text in memory. */
function cut(value: unknown, length: number): string {
  const text = typeof value === 'string' ? value : typeof value === 'object' ? '' : String(value ?? '');
  return text.length <= length ? text : `${Buffer.from(text.slice(0, length - 1)).toString()}…`;
}

function fieldsIn(list: unknown, most = Number.POSITIVE_INFINITY): readonly Fields[] {
  return Array.isArray(list) ? (list.length > most ? list.slice(0, most) : list).filter(isFields) : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

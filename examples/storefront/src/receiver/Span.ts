/** Values of an attribute, as they come over OTLP. */
export type SpanAttribute = string | number | boolean | readonly SpanAttribute[];

export type SpanAttributes = Readonly<Record<string, SpanAttribute>>;

export interface SpanEvent {
  readonly name: string;
  readonly atMs: number;
  readonly attributes: SpanAttributes;
}

export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
}

/** A finished span. Times are milliseconds since 1970, to the microsecond. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  /** Undefined for a root. */
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly service: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly failed: boolean;
  readonly statusMessage: string;
  readonly attributes: SpanAttributes;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
}

/** An attribute as text; undefined when it is absent. */
export function text(attributes: SpanAttributes, name: string): string | undefined {
  const value = attributes[name];
  return value === undefined ? undefined : String(value);
}

/** An attribute as a number; undefined when it is absent or not a number. */
export function number(attributes: SpanAttributes, name: string): number | undefined {
  const value = attributes[name];
  return typeof value === 'number' ? value : undefined;
}

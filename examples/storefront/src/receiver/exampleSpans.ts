import type { Span, SpanAttributes, SpanEvent } from './Span.js';

/** A span for tests: a root of one trace from 0 to 100 ms, unless told otherwise. */
export function exampleSpan(span: Partial<Span> = {}): Span {
  return {
    traceId: 'a'.repeat(32),
    spanId: '1'.repeat(16),
    parentSpanId: undefined,
    name: 'GET /products/:id',
    kind: 'server',
    service: 'storefront',
    startMs: 0,
    endMs: 100,
    failed: false,
    statusMessage: '',
    attributes: {},
    events: [],
    links: [],
    ...span,
  };
}

/** A call under the policy `inventory`, operation `get-stock`. */
export function exampleCall(outcome: string, attempts: number, span: Partial<Span> = {}, attributes: SpanAttributes = {}): Span {
  const own = { 'redress.policy': 'inventory', operation: 'get-stock', 'redress.outcome': outcome, 'redress.attempt_count': attempts };
  return exampleSpan({
    spanId: '2'.repeat(16),
    parentSpanId: '1'.repeat(16),
    name: 'get-stock',
    kind: 'internal',
    failed: outcome === 'failure',
    ...span,
    attributes: { ...own, ...attributes },
  });
}

export function exampleEvent(name: string, atMs: number, attributes: SpanAttributes = {}): SpanEvent {
  return { name, atMs, attributes };
}

import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Handles a request inside a SERVER span, as the HTTP instrumentation of a real service would; the span ends with the response. */
export function withServerSpan(
  route: string,
  request: IncomingMessage,
  response: ServerResponse,
  handle: () => Promise<void>,
): Promise<void> {
  const attributes = { 'http.request.method': request.method ?? '', 'http.route': route, 'url.path': request.url ?? '' };
  const parent = propagation.extract(context.active(), request.headers);
  const tracer = trace.getTracer('storefront');
  return tracer.startActiveSpan(`${request.method} ${route}`, { kind: SpanKind.SERVER, attributes }, parent, async (span) => {
    response.once('close', () => {
      span.setAttribute('http.response.status_code', response.statusCode);
      if (response.statusCode >= 500) {
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    });
    await handle();
  });
}

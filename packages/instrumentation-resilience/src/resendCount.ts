import { SpanKind, type Attributes, type Context } from '@opentelemetry/api';
import { ATTR_HTTP_REQUEST_METHOD, ATTR_HTTP_REQUEST_RESEND_COUNT as RESEND_COUNT } from '@opentelemetry/semantic-conventions';
import { attemptNumberOf } from '@redress/core/telemetry';

/** OpenTelemetry's HTTP conventions: how often the request was sent before; absent for a first one. */
export { RESEND_COUNT };

/** HTTP spans have one of these when they start: the stable convention's, or the one before it, which the package drops one day. */
const METHODS = [ATTR_HTTP_REQUEST_METHOD, 'http.method'] as const;

/**
 * Resend count for a span that starts in `context`: undefined unless it is an HTTP client span of attempt 2 or later.
 * A count that the HTTP client's own instrumentation has set stays, since that one knows of its redirects.
 */
export function resendCount(kind: SpanKind | undefined, attributes: Attributes | undefined, context: Context): number | undefined {
  if (kind !== SpanKind.CLIENT || attributes === undefined || attributes[RESEND_COUNT] !== undefined) return undefined;
  if (METHODS.every((method) => attributes[method] === undefined)) return undefined;
  const attempt = attemptNumberOf(context);
  return attempt === undefined ? undefined : attempt - 1;
}

import { SpanKind, type Attributes } from '@opentelemetry/api';
import { ATTR_HTTP_REQUEST_METHOD, ATTR_HTTP_REQUEST_RESEND_COUNT as RESEND_COUNT } from '@opentelemetry/semantic-conventions';
import { RETRY_ATTEMPT } from './attemptOf.js';

/** OpenTelemetry's HTTP conventions: how often the request was sent before; absent for a first one. */
export { RESEND_COUNT };

/** HTTP spans have one of these when they start: the stable convention's, or the one before it, which the package drops one day. */
const METHODS = [ATTR_HTTP_REQUEST_METHOD, 'http.method'] as const;

/**
 * What a client span that starts in an attempt is told of it: `retry.attempt`, and if it is an HTTP client's of a second or later attempt
 * `http.request.resend_count`. A count that the HTTP client's own instrumentation has set stays, since that one knows of its redirects.
 * Undefined for any other span.
 */
export function attemptAttributes(
  kind: SpanKind | undefined,
  attributes: Attributes | undefined,
  attempt: number | undefined,
): Readonly<Record<string, number>> | undefined {
  if (kind !== SpanKind.CLIENT || attempt === undefined) return undefined;
  const numbered = { [RETRY_ATTEMPT]: attempt };
  const isHttp = attributes !== undefined && METHODS.some((method) => attributes[method] !== undefined);
  return isHttp && attempt > 1 && attributes[RESEND_COUNT] === undefined ? { ...numbered, [RESEND_COUNT]: attempt - 1 } : numbered;
}

import type { Classification } from '../model/Classification.js';
import { classifyError } from './classifyError.js';

/**
 * What an error is, by all that is known of it. The first answer counts:
 *
 * 1. What an error says of itself: the errors of redress and its subclasses (PermanentError, RateLimitError, …); a timeout (our own, and
 *    any error named `TimeoutError`); an HTTP status of 400 to 599 on `status`, `statusCode`, `response.status`, `response.statusCode` or
 *    `$metadata.httpStatusCode`; a code of Node, undici, axios, llhttp or OpenSSL on `code`. The error itself is asked first, then its
 *    `cause` and the `errors` of an AggregateError, level by level to any depth.
 * 2. Errors of the language (TypeError, ReferenceError, RangeError, AssertionError …) are PERMANENT: retrying a bug helps nobody. A
 *    TypeError that fetch throws for a failed connection is TRANSIENT. SyntaxError is left open: it is often a proxy's HTML page in
 *    `.json()`.
 * 3. The name: `ThrottlingException` is RATE_LIMIT, `ConnectionError` TRANSIENT, `ForbiddenError` PERMISSION, `ValidationError` PERMANENT
 *    and so on.
 * 4. UNKNOWN: whatever is left, an AbortError included (whether a retry helps is known only to whoever aborted), and anything that is no
 *    object.
 *
 * A 429 or 503 carries `retryAfterMs` from its Retry-After header. Never throws.
 */
export function defaultClassifier(error: unknown): Classification {
  return classifyError(error, true);
}

import { limitsOf } from './limitsOf.js';

/**
 * Milliseconds that an error or a response asks to wait: by Retry-After and its like, which may stand on itself or on its response, or by an
 * SDK's own `retryAfter`. Undefined without any, and for a malformed one.
 */
export function retryAfterMsOf(failure: unknown, nowEpochMs?: number): number | undefined {
  return limitsOf(failure, nowEpochMs).retryAfterMs;
}

/**
 * What kind of failure an error or a result is: the one thing retry, breaker and telemetry decide by.
 *
 * - `AUTH` (401), `PERMISSION` (403), `PERMANENT` (other 4xx, programmer errors): never retried.
 * - `CONCURRENCY` (409), `RATE_LIMIT` (429), `SERVER_ERROR` (5xx), `TRANSIENT` (network, timeouts, 408, 425): retried.
 * - `UNKNOWN`: retried, but at most `maxUnknownAttempts` times in all.
 */
export const ErrorClass = {
  AUTH: 'AUTH',
  PERMISSION: 'PERMISSION',
  PERMANENT: 'PERMANENT',
  CONCURRENCY: 'CONCURRENCY',
  RATE_LIMIT: 'RATE_LIMIT',
  SERVER_ERROR: 'SERVER_ERROR',
  TRANSIENT: 'TRANSIENT',
  UNKNOWN: 'UNKNOWN',
} as const;

/** One of the eight error classes. */
export type ErrorClass = (typeof ErrorClass)[keyof typeof ErrorClass];

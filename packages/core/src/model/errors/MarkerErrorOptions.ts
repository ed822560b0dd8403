/** What any error that marks its class may carry. */
export interface MarkerErrorOptions {
  /** What went wrong underneath. */
  readonly cause?: unknown;
  /** HTTP status, when there was one: `error.type` in telemetry. It does not change the class. */
  readonly status?: number | undefined;
}

/** What a marker of a retried class may carry. */
export interface RetryableErrorOptions extends MarkerErrorOptions {
  /** Milliseconds the other side asked to wait: the floor of the backoff. */
  readonly retryAfterMs?: number | undefined;
}

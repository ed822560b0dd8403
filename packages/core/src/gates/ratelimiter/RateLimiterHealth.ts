/** How a rate limiter stands. */
export interface RateLimiterHealth {
  /** What its errors call it. */
  readonly name: string;
  /** Whole permits that are there now; 0 while a 429 holds all callers back. */
  readonly available: number;
  /** Permits in each `windowMs`. */
  readonly limit: number;
  /** Milliseconds in which `limit` permits come back. */
  readonly windowMs: number;
  /** Those who wait for permits. */
  readonly waiting: number;
  /** Milliseconds for which a 429 holds all callers back; 0 while none does. */
  readonly heldMs: number;
}

/** Part of a policy's health, where it has a rate limiter. */
export interface RateLimiterOfHealth {
  /** Its rate limiter; absent when it was made without one. */
  readonly rateLimiter?: RateLimiterHealth;
}

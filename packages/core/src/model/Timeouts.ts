/** The two timeouts of a policy, in milliseconds. */
export interface Timeouts {
  /** Of the whole call, every wait included. */
  readonly timeoutMs: number;
  /** Of one attempt. */
  readonly attemptTimeoutMs: number;
}

/** When a policy says nothing. */
export const DEFAULT_TIMEOUTS: Timeouts = { timeoutMs: 30_000, attemptTimeoutMs: 10_000 };

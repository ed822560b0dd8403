/** What the wrapped function is given, once per attempt. */
export interface Attempt {
  /** 1 for the first attempt. */
  readonly number: number;
  /** Fires when the attempt's or the call's time is up or the caller aborts; never after the attempt settled. Made when first read. */
  readonly signal: AbortSignal;
  /** The call's operation; the policy's name when none was given. */
  readonly operation: string;
  /** Milliseconds left for this attempt: the smaller of its own timeout and what is left of the call's. */
  readonly remainingMs: number;
}

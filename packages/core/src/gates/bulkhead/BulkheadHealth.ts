/** How a bulkhead stands. */
export interface BulkheadHealth {
  /** What its errors call it. */
  readonly name: string;
  /** Calls that hold a place now, those of all policies that share it. */
  readonly inFlight: number;
  /** Calls that wait for a place. */
  readonly queued: number;
  /** Calls that may run at once. */
  readonly maxConcurrent: number;
  /** Calls that may wait. */
  readonly maxQueued: number;
}

/** Part of a policy's health, where it has a bulkhead. */
export interface BulkheadOfHealth {
  /** Its bulkhead; absent when it was made without one. */
  readonly bulkhead?: BulkheadHealth;
}

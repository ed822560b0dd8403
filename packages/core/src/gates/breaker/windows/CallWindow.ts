/** The last calls, counted: how many, how many failed, how many were slow. */
export interface CallWindow {
  readonly calls: number;
  readonly failures: number;
  readonly slow: number;
  /** Counts a call. */
  record(nowMs: number, failed: 0 | 1, slow: 0 | 1): void;
  /** Drops what is too old. */
  forget(nowMs: number): void;
  clear(nowMs: number): void;
}

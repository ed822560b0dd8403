/** Milliseconds after the last one for which failures count as trouble where no time takes them out of what is counted. */
export const LASTING_MS = 30_000;

/** The last calls, counted: how many, how many failed, how many were slow. */
export interface CallWindow {
  readonly calls: number;
  readonly failures: number;
  readonly slow: number;
  /** Counts a call. */
  record(nowMs: number, failed: 0 | 1, slow: 0 | 1): void;
  /** Drops what is too old. */
  forget(nowMs: number): void;
  /** Whether a call in it failed or was slow, and not too long ago. */
  hasTrouble(nowMs: number): boolean;
  clear(nowMs: number): void;
}

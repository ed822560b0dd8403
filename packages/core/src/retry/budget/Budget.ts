/** How many retries may be made; knows nothing of why one is asked for. */
export interface Budget {
  /** A call began. */
  deposit(nowMs: number): void;
  /** Takes a retry, if one is left. */
  tryWithdraw(nowMs: number): boolean;
  /** A retry that was taken is not made after all. */
  refund(nowMs: number): void;
  /** Whole retries left. */
  balance(nowMs: number): number;
}

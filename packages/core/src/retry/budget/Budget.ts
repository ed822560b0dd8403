/** How many retries may be made, of one policy or shared by several; knows nothing of why one is asked for. Its time begins with its first use. */
export interface Budget {
  /** A call began (not an attempt: retries earn no retries). */
  deposit(nowMs: number): void;
  /** Takes one retry; false, and nothing taken, when less than one is left. */
  tryWithdraw(nowMs: number): boolean;
  /** Gives back a retry that was taken and is not made. */
  refund(nowMs: number): void;
  /** The most retries there can be to take. */
  readonly limit: number;
  /** Whether no retry was taken so lately that it counts: one made anew would do as well. */
  isAtRest(nowMs: number): boolean;
  /** Whole retries left. */
  balance(nowMs: number): number;
}

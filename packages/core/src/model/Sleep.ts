import type { BackoffContext } from './Backoff.js';
import type { ErrorClass } from './ErrorClass.js';

/** What is known when a retry is about to wait. */
export interface SleepContext {
  /** The policy's name. */
  readonly policy: string;
  /** The call's operation; the policy's name when none was given. */
  readonly operation: string;
  /** The attempt that failed. */
  readonly attempt: number;
  /** Class of its failure. */
  readonly errorClass: ErrorClass;
  /** Whether it was thrown or judged. */
  readonly failedBy: BackoffContext['failedBy'];
  /** The thrown value, or the result that was judged a failure. */
  readonly cause: unknown;
  /** Milliseconds left of the call's timeout. */
  readonly remainingMs: number;
}

/** `sleep`: wait here and retry. `defer`: end the call as SCHEDULED. `abort`: end it as ABORTED. */
export type SleepDecision = 'sleep' | 'defer' | 'abort';

/**
 * Decides what becomes of a retry that is due in `delayMs` milliseconds, be it that so much is not left: only `sleep` needs room.
 *
 * It may answer at once, by a promise, or by either. The three are written apart because TypeScript keeps the literal of
 * `async () => 'defer'` only so. One that throws is told through `diag`, and the retry sleeps;
 * any answer but the three ends the call with a TypeError.
 */
export type SleepHandler =
  | ((context: SleepContext, delayMs: number) => SleepDecision)
  | ((context: SleepContext, delayMs: number) => PromiseLike<SleepDecision>)
  | ((context: SleepContext, delayMs: number) => SleepDecision | PromiseLike<SleepDecision>);

/** Called before each wait with the real delay in milliseconds; what it throws is told through `diag` and ignored. */
export type BeforeSleep = (context: SleepContext, delayMs: number) => void | PromiseLike<void>;

import type { AttemptFailure } from '../classify/AttemptFailure.js';
import type { AbortSource, CallEnd } from '../model/CallEnd.js';
import type { CallOptions } from './CallOptions.js';
import type { Refusal } from '../model/Refusal.js';
import type { FailureReason } from '../model/StopReason.js';
import type { CallRecorder } from '../telemetry/port/CallRecorder.js';
import type { CallHistory } from './CallHistory.js';
import type { Plan } from './Plan.js';

/** How a call of ours ended. */
export type End = CallEnd<AttemptFailure, Refusal>;

/**
 * A call as its phases see it: what they read, and the steps they may set going. One class implements it; it stands apart so that each
 * phase is a file that the call leans on and that leans on nothing of the call's.
 */
export interface CallSteps {
  readonly plan: Plan;
  readonly options: CallOptions | undefined;
  readonly operation: string;
  readonly startedAt: number;
  readonly deadlineAt: number;
  /** Number of the last attempt made. */
  readonly attempts: number;
  readonly settled: boolean;
  readonly recorder: CallRecorder | undefined;
  /** What a call that succeeds at once never needs. */
  readonly history: CallHistory | undefined;
  now(): number;
  ownHistory(): CallHistory;
  /** The deadline ends the present wait, whatever it waits for. */
  watchDeadline(nowMs: number): void;
  /** The wait is over. */
  stopWatching(): void;
  /** Whether something goes on after an attempt failed: another one beside it, or one that begins at once. Asked of calls that are hedged. */
  goesOn(failure: AttemptFailure, attempt: number, nowMs: number): boolean;
  /** Waits, then makes the next attempt. */
  sleep(delayMs: number, nowMs: number): void;
  /** Fails with what failed last. */
  stop(stopReason: FailureReason, nowMs: number): void;
  /** A gate refused. */
  refuse(refusal: Refusal): void;
  /** Ended from outside. */
  abort(error: unknown, source: AbortSource): void;
  /** Something threw where nobody would hear of it. */
  broke(error: unknown): void;
  /** Every end but success goes through here. */
  finish(end: End, nowMs: number): void;
}

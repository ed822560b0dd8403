import type { AttemptFailure } from '../classify/AttemptFailure.js';
import type { Answer, AroundCall } from '../around/Around.js';
import type { End } from '../around/End.js';
import type { AbortSource } from '../model/CallEnd.js';
import type { CallSettings } from './CallSettings.js';
import type { Refusal } from '../model/Refusal.js';
import type { FailureReason } from '../model/StopReason.js';
import type { CallHistory } from './CallHistory.js';
import type { Plan } from './Plan.js';

/**
 * A call as its phases see it: what they read, and the steps they may set going. One class implements it; it stands apart so that each
 * phase is a file that the call leans on and that leans on nothing of the call's.
 */
export interface CallSteps extends AroundCall {
  readonly plan: Plan;
  readonly options: CallSettings | undefined;
  readonly startedAt: number;
  readonly deadlineAt: number;
  /** What a call that succeeds at once never needs. */
  readonly history: CallHistory | undefined;
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
  /** Nothing around it has the answer: its gates are asked. */
  admit(nowMs: number): void;
  /** Something around it has the answer, and the function was not called. */
  answer(answer: Answer, nowMs: number): void;
  /** Something answered in the place of the function; `tells`: nothing was told of that yet. */
  tellAnswered(answer: Answer, elapsedMs: number, tells: boolean): void;
  /** Every end but success goes through here. */
  finish(end: End, nowMs: number): void;
}

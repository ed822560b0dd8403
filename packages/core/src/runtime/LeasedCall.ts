import type { FailureFacts } from '../model/FailureFacts.js';
import type { Entry, Lease, Verdict } from '../gates/Gate.js';
import { neutral } from '../gates/neutral.js';
import type { CallRecorder } from '../telemetry/port/CallRecorder.js';
import type { CallSettings } from './CallSettings.js';
import { FirstAttempt } from './FirstAttempt.js';
import type { Plan } from './Plan.js';
import type { RunningAttempt } from './RunningAttempt.js';

/** What a call holds of its gates, and the functions that hold them with it: a lease goes back once, and is free when nothing runs. */
export abstract class LeasedCall extends FirstAttempt implements Entry {
  settled = false;
  /** Functions called and not yet ended. */
  protected running = 0;
  /** The oldest that runs; hedged ones beside it stand in the history. */
  protected attempt: RunningAttempt | undefined = undefined;
  protected callLease: Lease | undefined = undefined;

  // Written out, as in FirstAttempt.
  constructor(plan: Plan, options: CallSettings | undefined) {
    super(plan, options);
  }

  get isInner(): boolean {
    return this.options?.parent !== undefined;
  }

  /** A function has ended; true when its attempt was over before, or when a strange thenable says so twice. */
  protected endedLate(attempt: RunningAttempt): boolean {
    if (attempt.ended) return true;
    attempt.ended = true;
    this.running--;
    if (attempt.over) this.outlived(attempt);
    // What ends there may end this call, too.
    if (attempt.innerCalls !== undefined) attempt.innerCalls.end();
    return attempt.over;
  }

  private outlived(attempt: RunningAttempt): void {
    const ranOn = this.history?.ranOn(attempt);
    if (ranOn !== undefined) this.made?.ranOn(ranOn.errorClass, this.now() - ranOn.sinceMs);
    attempt.lease?.freed?.();
    if (!this.settled) return;
    this.plan.telemetry.abandoned(-1);
    if (this.running === 0) this.callLease?.freed?.();
  }

  /** The attempt is over: its lease goes back. A refusal further inside says nothing about this gate's dependency. */
  protected leave(attempt: RunningAttempt, verdict: Exclude<Verdict, 'success'>, now: number): void {
    this.retire(attempt);
    const durationMs = now - attempt.startedAt;
    if (verdict === 'none') this.made?.attemptEnded(attempt.number, durationMs, undefined);
    else if (this.recorder !== undefined) this.tellFailed(this.recorder, attempt, verdict, now);
    const end = neutral(verdict);
    if (end !== 'none') this.plan.record?.(false);
    attempt.lease?.leave(end, now, durationMs, attempt.number, this);
    if (attempt.ended) attempt.lease?.freed?.();
  }

  /** It runs for the call no more. If its time was watched, that of the next oldest is now. */
  private retire(attempt: RunningAttempt): void {
    attempt.over = true;
    const others = this.history?.others;
    if (attempt !== this.attempt) {
      others?.splice(others.indexOf(attempt), 1);
      return;
    }
    this.attempt = others?.shift();
    this.stopWatching();
    if (this.attempt !== undefined) this.watchAttempt(this.attempt.startedAt);
  }

  private tellFailed(recorder: CallRecorder, attempt: RunningAttempt, failure: FailureFacts, now: number): void {
    recorder.attemptEnded(attempt.number, now - attempt.startedAt, failure);
    if (!attempt.ended) this.ownHistory().runsOn(attempt, failure.errorClass, now);
  }

  /** The call ended when its attempt was told of, so the function is not called. */
  protected neverRan(attempt: RunningAttempt): void {
    attempt.ended = true;
    attempt.lease?.freed?.();
  }

  /** Gives back the lease of what stands around the whole call. */
  protected leaveCall(verdict: Verdict, now: number): void {
    this.callLease?.leave(verdict, now, now - this.startedAt, this.attempts, this);
    if (this.running === 0) this.callLease?.freed?.();
  }
}

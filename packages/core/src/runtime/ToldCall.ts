import type { Answer } from '../around/Around.js';
import type { AttemptFailure } from '../classify/AttemptFailure.js';
import { failureOf } from '../classify/failureOf.js';
import type { AbortSource } from '../model/CallEnd.js';
import type { EmittedAttributes } from '../model/EmittedAttributes.js';
import type { EventName } from '../model/EventName.js';
import { ErrorClass } from '../model/ErrorClass.js';
import { DeadlineExceededError } from '../model/errors/DeadlineExceededError.js';
import type { Refusal } from '../model/Refusal.js';
import type { FailureReason } from '../model/StopReason.js';
import type { CallRecorder, SuccessCounter } from '../telemetry/port/CallRecorder.js';
import { TimelineRecorder } from '../telemetry/TimelineRecorder.js';
import { CallClock } from './CallClock.js';
import type { CallSettings } from './CallSettings.js';
import { CallHistory } from './CallHistory.js';
import type { End } from '../around/End.js';
import type { Plan } from './Plan.js';

/** A call as it is told and remembered: by its recorder, and by its history once it is more than one success. */
export abstract class ToldCall extends CallClock {
  /** Number of the last attempt made. */
  attempts = 0;
  history: CallHistory | undefined = undefined;
  /** What a success is told to, while that is all there is to tell. */
  protected counter: SuccessCounter | undefined = undefined;
  /** The recorder, when there is one already. */
  protected made: CallRecorder | undefined = undefined;

  constructor(
    plan: Plan,
    readonly options: CallSettings | undefined,
  ) {
    super(plan);
    const { telemetry } = plan;
    telemetry.active++;
    if (telemetry.idle) return;
    this.counter = telemetry.counter(this.operation);
    if (this.counter === undefined) this.made = telemetry.begin(this.operation, options?.attributes);
  }

  get policy(): string {
    return this.plan.name;
  }

  get key(): string | undefined {
    return this.plan.telemetry.key;
  }

  get asked(): CallSettings | undefined {
    return this.options;
  }

  get isAgain(): boolean {
    return this.options?.isAgain === true;
  }

  get operation(): string {
    return this.options?.operation ?? this.plan.name;
  }

  /** Undefined when nobody listens. Made when there is more to tell than a success. */
  get recorder(): CallRecorder | undefined {
    if (this.counter !== undefined) {
      this.counter = undefined;
      this.made = this.plan.telemetry.begin(this.operation, this.options?.attributes);
    }
    return this.made;
  }

  ownHistory(): CallHistory {
    this.history ??= new CallHistory();
    return this.history;
  }

  /** Keeps what happens when, beside what else is told. */
  protected keepTimeline(): void {
    const timeline = new TimelineRecorder(this.recorder, () => this.now() - this.startedAt);
    this.made = timeline;
    this.ownHistory().timeline = timeline;
  }

  protected tellAttempt(number: number): void {
    if (this.counter === undefined) this.made?.attempt(number);
    else this.counter.attempt(number);
  }

  protected tellSuccess(elapsedMs: number, winner: number): void {
    if (this.counter !== undefined) this.counter.endSuccess(this.attempts, elapsedMs);
    else if (this.made !== undefined) this.made.endSuccess(this.attempts, elapsedMs, this.history?.hedged ? winner : undefined);
  }

  /** Something answered in the place of the function; `tells`: nothing was told of that yet. */
  tellAnswered({ event, facts, by }: Answer, elapsedMs: number, tells: boolean): void {
    if (tells && event !== undefined) this.tell(event, facts);
    if (this.counter !== undefined) this.counter.endAnswered(elapsedMs);
    else this.made?.endAnswered(this.attempts, elapsedMs, by);
  }

  /** Tells what happened outside of an attempt; counted alone while that is all that is wanted. */
  tell(event: EventName, facts?: Readonly<EmittedAttributes>): void {
    if (this.counter !== undefined) this.counter.event(event, facts);
    else this.made?.event(event, this.attempts, facts);
  }

  /** The present wait after a failure is over, whole or cut short. */
  protected endSleep(nowMs: number): void {
    const { history } = this;
    if (history?.sleepingSince === undefined) return;
    const elapsedMs = nowMs - history.sleepingSince;
    history.sleepingSince = undefined;
    if (history.lastFailure !== undefined) this.recorder?.waited(history.lastFailure.errorClass, elapsedMs);
  }

  /** The call's time is up: that is what failed, by what had failed before. */
  protected outOfTime(): AttemptFailure {
    const last = this.history?.lastFailure;
    // Rounded, or a message would tell of 30000.000000000004 ms.
    const timeoutMs = Math.round(this.timeoutMs * 1_000) / 1_000;
    // A bad result is no error; the outcome has it as `lastResult`.
    const cause = last?.failedBy === 'exception' ? last.error : undefined;
    return failureOf(new DeadlineExceededError({ timeoutMs, cause }), ErrorClass.TRANSIENT);
  }

  stop(stopReason: FailureReason, nowMs: number): void {
    const history = this.ownHistory();
    const unattempted = history.lastFailure === undefined;
    history.lastFailure ??= this.outOfTime();
    this.finish({ kind: 'failure', attempts: this.attempts, stopReason, failure: history.lastFailure, unattempted }, nowMs);
  }

  refuse(refusal: Refusal): void {
    const { attempts, history } = this;
    this.finish({ kind: 'rejected', attempts, stopReason: refusal.stopReason, refusal, failure: history?.lastFailure }, this.now());
  }

  /** One of its signals fired, in the context of whoever aborted. */
  onAbort(reason: unknown, source: AbortSource): void {
    try {
      this.enter(this.abort, reason, source);
    } catch (error) {
      this.broke(error);
    }
  }

  /** Ended from outside. */
  abstract abort(error: unknown, source: AbortSource): void;

  /** Every end but success. */
  abstract finish(end: End, nowMs: number): void;
}

import type { AttemptFailure } from '../classify/AttemptFailure.js';
import type { ErrorClass } from '../model/ErrorClass.js';
import type { TimelineRecorder } from '../telemetry/TimelineRecorder.js';
import type { CallTimer } from '../timers/CallTimer.js';
import type { InnerCalls } from './InnerCalls.js';
import type { RunningAttempt } from './RunningAttempt.js';

/** An attempt that failed before the last one. */
export interface EarlierAttempt {
  readonly attempt: number;
  readonly failure: AttemptFailure;
}

/** An attempt that failed while its function went on. */
interface RunningOn {
  readonly attempt: object;
  readonly errorClass: ErrorClass;
  readonly sinceMs: number;
}

/** Failures before the last that are kept: the first ones, which began it. */
export const MOST_EARLIER = 10;

/** What a call remembers once it is more than one success: its failures, its waits, its timeline. */
export class CallHistory {
  lastFailure: AttemptFailure | undefined = undefined;
  /** The attempt that it was of. */
  private lastFailed = 0;
  /** Most calls that wait have failed but once. */
  private before: EarlierAttempt[] | undefined = undefined;
  /** The last result that was judged a failure; boxed, for it may be undefined itself. */
  lastResult: { readonly value: unknown } | undefined = undefined;
  /** Failed attempts of the class that failed first; most calls see no other. */
  private firstClass: ErrorClass | undefined = undefined;
  private firstCount = 0;
  private otherCounts: Partial<Record<ErrorClass, number>> | undefined = undefined;
  /** Milliseconds of the last wait. */
  previousDelayMs: number | undefined = undefined;
  /** When the present wait began; undefined outside of one. */
  sleepingSince: number | undefined = undefined;
  /** Kept when the call asked for it. */
  timeline: TimelineRecorder | undefined = undefined;
  /** Calls made inside of the first attempt. */
  innerCalls: InnerCalls | undefined = undefined;
  /** Attempts that run beside the oldest, in the order in which they began. */
  others: RunningAttempt[] | undefined = undefined;
  /** How many were made so. */
  hedged = 0;
  /** Waits for the moment of the next. */
  hedgeTimer: CallTimer | undefined = undefined;
  /** What the call waits for before an attempt, such as a place in a gate's queue: given up with the call. */
  waitsFor: { cancel(): void } | undefined = undefined;

  /** It has failed, and something that takes its time answers for it: that settles its promise. */
  isAnsweredFor = false;

  /** Attempts that failed while their functions go on, when somebody wants to know how long. */
  private runningOn: RunningOn[] | undefined = undefined;

  /** Takes a failure in; gives how many of its class there were, this one included. */
  add(failure: AttemptFailure, attempt: number): number {
    const { lastFailure, lastFailed } = this;
    if (lastFailure !== undefined) this.keep({ attempt: lastFailed, failure: lastFailure });
    this.lastFailure = failure;
    this.lastFailed = attempt;
    if (failure.failedBy === 'result') this.lastResult = { value: failure.error };
    return this.count(failure.errorClass);
  }

  /** The failures before the last, the first ones first. */
  get earlier(): readonly EarlierAttempt[] {
    return this.before ?? [];
  }

  /** An attempt runs beside the oldest. */
  stand(attempt: RunningAttempt): void {
    this.others ??= [];
    this.others.push(attempt);
  }

  /** The attempt failed, and its function goes on. */
  runsOn(attempt: object, errorClass: ErrorClass, sinceMs: number): void {
    this.runningOn ??= [];
    this.runningOn.push({ attempt, errorClass, sinceMs });
  }

  /** Its function has ended; undefined when that was not waited for. */
  ranOn(attempt: object): RunningOn | undefined {
    const index = this.runningOn?.findIndex((one) => one.attempt === attempt) ?? -1;
    return index < 0 ? undefined : this.runningOn?.splice(index, 1)[0];
  }

  private keep(attempt: EarlierAttempt): void {
    this.before ??= [];
    if (this.before.length < MOST_EARLIER) this.before.push(attempt);
  }

  private count(errorClass: ErrorClass): number {
    this.firstClass ??= errorClass;
    if (errorClass === this.firstClass) return ++this.firstCount;
    this.otherCounts ??= {};
    const count = (this.otherCounts[errorClass] ?? 0) + 1;
    this.otherCounts[errorClass] = count;
    return count;
  }
}

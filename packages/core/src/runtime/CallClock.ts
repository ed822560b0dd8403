import { type CallerContext, callerContext } from '../timers/CallerContext.js';
import { CallTimer, type Waiter } from '../timers/CallTimer.js';
import { nextTurn } from '../timers/nextTurn.js';
import type { Fresh } from '../timers/FreshItems.js';
import type { TimerQueue } from '../timers/TimerQueue.js';
import { timersOf } from '../timers/timersOf.js';
import type { Plan } from './Plan.js';

/** What a call's timer stands for: it is in one wait at a time, and the earliest end is all it need watch. */
export type Due = 'attempt' | 'deadline' | 'sleep';

/** So many calls start their timers at once after one that outlived its turn. */
const EAGER_CALLS = 63;

/**
 * The time of a call, and the context in which it goes on. A call that settles in the turn in which it began costs no timer; one that
 * waits has one, and is woken in the async context of its caller, whatever timer or signal wakes it.
 */
export abstract class CallClock implements Fresh, Waiter {
  readonly timers: TimerQueue;
  readonly startedAt: number;
  /** Milliseconds from the start to the deadline. */
  protected timeoutMs: number;
  isFresh = false;
  nextFresh: Fresh | undefined = undefined;
  private due: Due | undefined = undefined;
  /** Made when a time has to be waited for beyond the turn in which the wait began. */
  private timer: CallTimer | undefined = undefined;
  private context: CallerContext | undefined = undefined;

  constructor(readonly plan: Plan) {
    const timers = timersOf(plan.clock);
    this.timers = timers;
    this.startedAt = timers.now();
    this.timeoutMs = plan.timeoutMs;
  }

  /** When the attempt that runs began. */
  protected abstract get attemptStartedAt(): number;

  /** The time that the call waited for has come. */
  protected abstract timeIsUp(due: Due): void;

  /** Something threw that must not. */
  abstract broke(error: unknown): void;

  now(): number {
    return this.timers.now();
  }

  get deadlineAt(): number {
    return this.startedAt + this.timeoutMs;
  }

  get isOver(): boolean {
    return this.due === undefined;
  }

  /** The turn in which the attempt began is over, and the attempt is not: its time is waited for. */
  startFresh(): void {
    if (this.due === undefined) return;
    // Calls of this policy outlive their turn: the next ones start their timers at once, which is cheaper then.
    this.plan.pace.eager = EAGER_CALLS;
    this.startTimer();
  }

  onTime(): void {
    this.enter(this.wake);
  }

  /** Watches the time of an attempt that begins now: its own, or the call's where that is over before. */
  protected watchAttempt(nowMs: number): void {
    const { pace, attemptTimeoutMs } = this.plan;
    this.due = attemptTimeoutMs < this.deadlineAt - nowMs ? 'attempt' : 'deadline';
    if (pace.eager > 0) {
      pace.eager--;
      this.startTimer();
    } else if (!this.isFresh) this.timers.startLater(this);
  }

  watchDeadline(): void {
    this.holdContext();
    this.due = 'deadline';
    this.startTimer();
  }

  /** Waits; for no time until the next turn of the event loop, whoever moves the clock, so that nothing else of the process starves. */
  protected watchSleep(delayMs: number, nowMs: number): void {
    this.holdContext();
    this.stopWatching();
    this.due = 'sleep';
    const timer = this.ownTimer();
    this.timers.startOnce(timer, nowMs, delayMs, this.plan.keepAlive);
    if (delayMs === 0) timer.endWithTurn(nextTurn(() => this.turnIsOver(timer), this.plan.keepAlive));
  }

  stopWatching(): void {
    this.due = undefined;
    if (this.timer !== undefined) this.stopTimer(this.timer);
  }

  /** The call goes on later: what wakes it then is somebody else's. */
  protected holdContext(): void {
    this.context ??= callerContext();
  }

  /** Whether the caller has the promise, and the call goes on by itself; where the runtime has no contexts nobody knows. */
  protected get isLater(): boolean {
    return this.context !== undefined;
  }

  /** Goes on in the caller's context. */
  protected enter<Args extends unknown[]>(fn: (this: this, ...args: Args) => void, ...args: Args): void {
    if (this.context === undefined) fn.apply(this, args);
    else this.context.runInAsyncScope(fn, this, ...args);
  }

  /** Nothing wakes it any more. */
  protected letContextGo(): void {
    if (this.context === undefined) return;
    this.context.emitDestroy();
    this.context = undefined;
  }

  private wake(): void {
    try {
      if (this.due !== undefined) this.timeIsUp(this.due);
    } catch (error) {
      this.broke(error);
    }
  }

  private stopTimer(timer: CallTimer): void {
    timer.forgetTurn();
    this.timers.stop(timer);
  }

  private turnIsOver(timer: CallTimer): void {
    this.stopTimer(timer);
    this.onTime();
  }

  private startTimer(): void {
    const { due, timers, startedAt, timeoutMs } = this;
    const { attemptTimeoutMs, keepAlive, timeoutMs: usualMs } = this.plan;
    if (due === 'attempt') timers.start(this.ownTimer(), this.attemptStartedAt, attemptTimeoutMs, keepAlive);
    else if (due !== 'deadline') return;
    // A call's own time is often one of a kind; the policy's whole timeouts are few.
    else if (timeoutMs === usualMs) timers.start(this.ownTimer(), startedAt, timeoutMs, keepAlive);
    else timers.startOnce(this.ownTimer(), startedAt, timeoutMs, keepAlive);
  }

  private ownTimer(): CallTimer {
    this.timer ??= new CallTimer(this);
    return this.timer;
  }
}

import type { BreakerLease, BreakerRefusal } from '../gates/breaker/CircuitBreakerEngine.js';
import type { Attempt } from '../model/Attempt.js';
import type { CallOptions } from '../model/CallOptions.js';
import { ErrorClass } from '../model/ErrorClass.js';
import { AbortRetryError } from '../model/errors/AbortRetryError.js';
import { AttemptTimeoutError } from '../model/errors/AttemptTimeoutError.js';
import { CircuitOpenError } from '../model/errors/CircuitOpenError.js';
import { DeadlineExceededError } from '../model/errors/DeadlineExceededError.js';
import { EventName } from '../model/EventName.js';
import type { CallRecorder } from '../telemetry/port/CallRecorder.js';
import { type Abortable, unwatch, watch } from './AbortWatch.js';
import { afterFailure } from './afterFailure.js';
import { AttemptFailure } from './AttemptFailure.js';
import type { Ending, FailureReason } from './Ending.js';
import { CallTrail } from './CallHistory.js';
import type { LeaseEnd } from '../gates/breaker/BreakerGate.js';
import { isThenable } from './isThenable.js';
import { judgeError, judgeResult } from './judge.js';
import type { PolicyRuntime } from './Plan.js';
import { RunningAttempt } from './RunningAttempt.js';
import { settle, settleSuccess } from './settle.js';
import { Timed } from '../timers/Timed.js';
import type { TimerQueue } from '../timers/TimerQueue.js';
import { timersOf } from '../timers/timersOf.js';

/** The resolve of a promise of whatever the function gives: who made the promise knows the type, the runtime does not. */
export type Resolve = { resolve(value: unknown): void }['resolve'];

/** What the call's timer stands for: it is in one wait at a time, and the earliest end is all it need watch. */
type Due = 'attempt' | 'deadline' | 'sleep';

/**
 * One call from its start to its one end: admitted, attempted, judged, retried, settled.
 *
 * It is its own timer (a {@link Timed}), so that a call which succeeds at once costs two objects and a
 * promise. Every way out goes through {@link finish} or, for a success, through {@link succeed}: both close the call, once.
 */
export class Call extends Timed implements Abortable {
  readonly timers: TimerQueue;
  readonly startedAt: number;
  readonly recorder: CallRecorder | undefined;
  /** Number of the last attempt made. */
  attempts: number;
  /** What a call that succeeds at once never needs. */
  trail: CallTrail | undefined = undefined;

  deadlineAt: number;
  private due: Due = 'deadline';
  settled = false;
  /** Functions called and not yet ended. */
  private running = 0;
  private attempt: RunningAttempt | undefined = undefined;

  constructor(
    readonly plan: PolicyRuntime,
    private readonly fn: (attempt: Attempt) => unknown,
    readonly options: CallOptions | undefined,
    /** `settle` wants the outcome itself; `call` a value or a rejection. */
    readonly wantsOutcome: boolean,
    readonly resolve: Resolve,
    readonly reject: (error: unknown) => void,
  ) {
    super();
    this.timers = timersOf(plan.clock);
    const now = this.timers.now();
    this.startedAt = now;
    this.deadlineAt = now + plan.timeoutMs;
    this.attempts = 0;
    this.recorder = plan.telemetry.begin(this.operation, options?.attributes);
  }

  get operation(): string {
    return this.options?.operation ?? this.plan.name;
  }

  /** Admission, then the first attempt, in the caller's own turn. */
  begin(): void {
    const { plan, options, startedAt } = this;
    if (options !== undefined && this.prepare(options)) return;
    // A parent may have no time left: that says nothing about the dependency, so its breaker is not asked.
    if (startedAt >= this.deadlineAt) return this.stop('DEADLINE_EXCEEDED', startedAt);
    if (plan.breakerScope === 'call' && !this.enterCall(startedAt)) return;
    plan.budget?.deposit(startedAt);
    this.next(startedAt);
  }

  /** Asks a breaker that stands around the whole call; false when it refused, which ended the call. */
  private enterCall(now: number): boolean {
    const entry = this.plan.breaker?.enter(now, this.recorder, this.attempts);
    if (entry?.kind === 'refusal') {
      this.refuse(entry);
      return false;
    }
    this.ownTrail().lease = entry;
    return true;
  }

  /** Takes the call's own options in; true when a signal that has fired ended the call. */
  private prepare(options: CallOptions): boolean {
    const { parent, resume, timeline, timeoutMs = this.plan.timeoutMs } = options;
    this.deadlineAt = this.startedAt + (parent === undefined ? timeoutMs : Math.min(timeoutMs, parent.remainingMs));
    if (resume !== undefined) {
      this.attempts = resume.attempt;
      this.ownTrail().previousDelayMs = resume.previousDelayMs;
    }
    if (timeline === true) this.ownTrail().timeline = [];
    return this.listen(options.signal) || this.listen(parent?.signal);
  }

  ownTrail(): CallTrail {
    this.trail ??= new CallTrail();
    return this.trail;
  }

  /** A time that the call waited for has come. */
  override onTime(): void {
    switch (this.due) {
      case 'attempt':
        if (this.attempt !== undefined) this.attemptTimedOut(this.attempt, this.timers.now());
        return;
      case 'deadline':
        return this.deadline();
      case 'sleep':
        return this.wake();
    }
  }

  /** When an attempt's time ends, on the call's clock. */
  attemptEndsAt(attempt: RunningAttempt): number {
    return Math.min(attempt.startedAt + this.plan.attemptTimeoutMs, this.deadlineAt);
  }

  private wake(): void {
    const now = this.timers.now();
    this.endSleep(now);
    this.next(now);
  }

  private attemptTimedOut(attempt: RunningAttempt, now: number): void {
    const error = new AttemptTimeoutError({ timeoutMs: this.plan.attemptTimeoutMs, attempt: attempt.number });
    const failure = new AttemptFailure({ errorClass: ErrorClass.TRANSIENT }, 'exception', error, false);
    this.recorder?.attemptTimeout(attempt.number, failure);
    this.trail?.timeline?.push({ atMs: now - this.startedAt, event: EventName.ATTEMPT_TIMEOUT, attempt: attempt.number });
    this.leave(attempt, failure.errorClass, now, failure);
    afterFailure(this, failure, now);
    // Last, for a listener of the signal is the user's code.
    attempt.cut(error);
  }

  private next(now: number): void {
    if (this.settled) return;
    const { plan, recorder } = this;
    if (now >= this.deadlineAt) return this.stop('DEADLINE_EXCEEDED', now);
    const number = this.attempts + 1;
    let lease: BreakerLease | undefined;
    if (plan.breaker !== undefined && plan.breakerScope === 'attempt') {
      const entry = plan.breaker.enter(now, recorder, number);
      if (entry.kind === 'refusal') return this.refuse(entry);
      lease = entry;
    }
    this.attempts = number;
    const attempt = new RunningAttempt(this, number, now, lease);
    this.attempt = attempt;
    const leftMs = this.deadlineAt - now;
    if (plan.attemptTimeoutMs < leftMs) this.watch('attempt', now, plan.attemptTimeoutMs);
    else this.watch('deadline', now, leftMs);
    this.trail?.timeline?.push({ atMs: now - this.startedAt, event: 'attempt', attempt: number });
    this.running++;
    let result: unknown;
    try {
      if (recorder === undefined) {
        const { fn } = this;
        result = fn(attempt);
      } else {
        recorder.attempt(number);
        result = recorder.run(this.fn, attempt);
      }
      if (isThenable(result)) {
        // Bound: V8 looks for the code of a fresh closure at its first call, which here is its only one (10 ns of 230).
        Promise.resolve(result).then(this.fulfilled.bind(this, attempt), this.threw.bind(this, attempt));
        return;
      }
    } catch (error) {
      this.threw(attempt, error);
      return;
    }
    this.fulfilled(attempt, result);
  }

  watch(due: Due, now: number, delayMs: number): void {
    const { keepAlive, timeoutMs } = this.plan;
    this.due = due;
    // What is left of the time is a new duration with each call; whole timeouts are few.
    if (due === 'attempt' || delayMs === timeoutMs) this.timers.start(this, now, delayMs, keepAlive);
    else this.timers.startOnce(this, now, delayMs, keepAlive);
  }

  private fulfilled(attempt: RunningAttempt, value: unknown): void {
    if (this.endedLate(attempt)) return;
    const now = this.timers.now();
    if (this.overdue(attempt, now)) return;
    const failure = judgeResult(value, this.options?.classifyResult ?? this.plan.classifyResult);
    // The judge is the user's code, and may have aborted the call.
    if (this.settled) return;
    if (failure !== undefined) {
      this.leave(attempt, failure.errorClass, now, failure);
      afterFailure(this, failure, now);
      return;
    }
    this.leave(attempt, 'success', now, undefined);
    this.succeed(value, now);
  }

  private threw(attempt: RunningAttempt, error: unknown): void {
    if (this.endedLate(attempt)) return;
    const now = this.timers.now();
    if (this.overdue(attempt, now)) return;
    if (error instanceof AbortRetryError) {
      this.leave(attempt, 'none', now, undefined);
      return this.abort(error);
    }
    const failure = judgeError(error, this.plan.classify);
    if (this.settled) return;
    // A refusal by a breaker inside the function says nothing about this one's dependency.
    this.leave(attempt, error instanceof CircuitOpenError ? 'none' : failure.errorClass, now, failure);
    afterFailure(this, failure, now);
  }

  /** A function has ended; true when its attempt was over before, or when a strange thenable says so twice. */
  private endedLate(attempt: RunningAttempt): boolean {
    if (attempt.ended) return true;
    attempt.ended = true;
    this.running--;
    if (attempt.over && this.settled) this.plan.telemetry.abandoned(-1);
    return attempt.over;
  }

  /** Ends by the clock what a blocked event loop let run past its time. Exactly at the limit is over. */
  private overdue(attempt: RunningAttempt, now: number): boolean {
    if (now >= this.deadlineAt) {
      this.deadline();
      return true;
    }
    if (now - attempt.startedAt < this.plan.attemptTimeoutMs) return false;
    this.attemptTimedOut(attempt, now);
    return true;
  }

  private leave(attempt: RunningAttempt, end: LeaseEnd, now: number, failure: AttemptFailure | undefined): void {
    this.attempt = undefined;
    attempt.over = true;
    this.timers.stop(this);
    const { recorder } = this;
    const durationMs = now - attempt.startedAt;
    recorder?.attemptEnded(attempt.number, durationMs, failure);
    if (this.plan.record !== undefined && end !== 'none') this.plan.record(end === 'success');
    if (attempt.lease !== undefined) this.plan.breaker?.leave(attempt.lease, end, now, durationMs, recorder, attempt.number);
  }

  /** Waits, then makes the next attempt. */
  sleep(delayMs: number, now: number): void {
    this.ownTrail().sleepingSince = now;
    this.timers.stop(this);
    this.due = 'sleep';
    // No wait needs no timer, and none that a fake clock would have to be told of.
    if (delayMs === 0) queueMicrotask(() => this.wake());
    else this.timers.startOnce(this, now, delayMs, this.plan.keepAlive);
  }

  private endSleep(now: number): void {
    const { trail } = this;
    if (trail?.sleepingSince === undefined) return;
    const elapsedMs = now - trail.sleepingSince;
    trail.sleepingSince = undefined;
    if (trail.lastFailure !== undefined) this.recorder?.waited(trail.lastFailure.errorClass, elapsedMs);
  }

  /** Listens to a signal; true when it had fired already, and so ended the call. */
  private listen(signal: AbortSignal | undefined): boolean {
    if (signal === undefined || this.settled) return this.settled;
    if (signal.aborted) this.abort(signal.reason);
    else watch(signal, this);
    return this.settled;
  }

  /** Ends the call for its caller. What still runs is given up, and is neither success nor failure. */
  abort(error: unknown): void {
    if (this.settled) return;
    const inFlight = this.attempt === undefined || this.attempt.ended ? 0 : 1;
    this.finish({ kind: 'aborted', error, completed: this.attempts - inFlight }, this.timers.now());
  }

  /** The call's time is up: during an attempt, which then failed too, or between two. */
  private deadline(): void {
    if (this.settled) return;
    const now = this.timers.now();
    if (this.attempt === undefined) return this.stop('DEADLINE_EXCEEDED', now);
    const error = this.deadlineError();
    this.ownTrail().lastFailure = new AttemptFailure({ errorClass: ErrorClass.TRANSIENT }, 'exception', error, false);
    this.stop('DEADLINE_EXCEEDED', now);
  }

  private deadlineError(): DeadlineExceededError {
    const lastFailure = this.trail?.lastFailure;
    // Rounded, or a message would tell of 30000.000000000004 ms.
    const timeoutMs = Math.round((this.deadlineAt - this.startedAt) * 1_000) / 1_000;
    // A bad result is no error; the outcome has it as `lastResult`.
    return new DeadlineExceededError({ timeoutMs, cause: lastFailure?.failedBy === 'exception' ? lastFailure.error : undefined });
  }

  stop(stopReason: FailureReason, now: number): void {
    const trail = this.ownTrail();
    trail.lastFailure ??= new AttemptFailure({ errorClass: ErrorClass.TRANSIENT }, 'exception', this.deadlineError(), false);
    this.finish({ kind: 'failure', stopReason, failure: trail.lastFailure }, now);
  }

  /** The circuit refuses the call, or opened while it was retrying. */
  refuse(refusal: BreakerRefusal): void {
    const circuit = this.plan.breaker?.name ?? this.plan.name;
    this.finish({ kind: 'rejected', refusal, circuit, failure: this.trail?.lastFailure }, this.timers.now());
  }

  private succeed(value: unknown, now: number): void {
    if (this.settled) return; // by the recovery time of a circuit that a slow success opened
    this.close('success', now);
    settleSuccess(this, value, now - this.startedAt);
  }

  /** Ends the call otherwise. */
  finish(ending: Ending, now: number): void {
    if (this.settled) return;
    const { attempt } = this;
    // Before anything is told, for what is told may be the user's code.
    this.settled = true;
    this.timers.stop(this);
    this.endSleep(now);
    if (attempt !== undefined) {
      const failure = ending.kind === 'failure' ? ending.failure : undefined;
      this.leave(attempt, failure?.errorClass ?? 'none', now, failure);
    }
    this.close(leaseEndOf(ending), now);
    settle(this, ending, now - this.startedAt);
    // Last, for a listener of the signal is the user's code.
    attempt?.cut(ending.kind === 'failure' ? ending.failure.error : ending.kind === 'aborted' ? ending.error : undefined);
  }

  /** Every way out: nothing of the call is left but functions that still run, and those are counted. */
  private close(end: LeaseEnd, now: number): void {
    this.settled = true;
    if (this.options !== undefined) this.unlisten(this.options);
    if (this.trail?.lease !== undefined) this.leaveCall(this.trail.lease, end, now);
    for (let left = this.running; left > 0; left--) this.plan.telemetry.abandoned(1);
  }

  private unlisten({ signal, parent }: CallOptions): void {
    if (signal !== undefined) unwatch(signal, this);
    if (parent !== undefined) unwatch(parent.signal, this);
  }

  /** Gives back the lease of a breaker that stands around the whole call. */
  private leaveCall(lease: BreakerLease, end: LeaseEnd, now: number): void {
    this.plan.breaker?.leave(lease, end, now, now - this.startedAt, this.recorder, this.attempts);
  }
}

/** What a whole call was to a breaker of scope `call`. */
function leaseEndOf(ending: Ending): LeaseEnd {
  if (ending.kind === 'failure') return ending.failure.error instanceof CircuitOpenError ? 'none' : ending.failure.errorClass;
  return 'none';
}

import type { Answer } from '../around/Around.js';
import type { End } from '../around/End.js';
import type { AttemptFailure } from '../classify/AttemptFailure.js';
import { failureOf } from '../classify/failureOf.js';
import type { Lease, Verdict } from '../gates/Gate.js';
import { giveBack } from '../gates/giveBack.js';
import { neutral } from '../gates/neutral.js';
import type { Attempt } from '../model/Attempt.js';
import type { AbortSource } from '../model/CallEnd.js';
import { CallSettings } from './CallSettings.js';
import { ErrorClass } from '../model/ErrorClass.js';
import { AbortRetryError } from '../model/errors/AbortRetryError.js';
import { AttemptTimeoutError } from '../model/errors/AttemptTimeoutError.js';
import { type Abortable, unwatchSignals } from './AbortWatch.js';
import type { Due } from './CallClock.js';
import type { CallSteps } from './CallSteps.js';
import { isThenable } from '../model/isThenable.js';
import { judgeError, judgeResult } from './judge.js';
import { AdmittedCall } from './AdmittedCall.js';
import { answersFor, aroundOf, tellAround } from './phases/around.js';
import { tellAnswer } from './phases/answered.js';
import { endBroken } from './phases/broke.js';
import { standInLine } from './phases/queue.js';
import { afterFailure } from './phases/retry.js';
import { type Caller, settle, successOf } from './phases/settle.js';
import type { Plan } from './Plan.js';
import { LaterAttempt, type RunningAttempt } from './RunningAttempt.js';

/** Said of a function that was not called: its call ended while its span began. */
const NOT_RUN = Symbol('not run');

function runUnlessOver(attempt: RunningAttempt): unknown {
  return attempt.over ? NOT_RUN : attempt.callFn();
}

function nobody(): void {}

function beaten(): DOMException {
  return new DOMException('Another attempt of this call succeeded', 'AbortError');
}

/**
 * One call from its start to its one end: admitted, attempted, judged, retried, settled.
 *
 * It is its own first attempt, so that a call which succeeds at once costs one object and a promise. Every way out goes through
 * {@link finish} or, for a success, through {@link succeed}: both close the call, once.
 */
export class Call extends AdmittedCall implements CallSteps, Abortable, Caller {
  refusedWith: Error | undefined = undefined;
  constructor(
    plan: Plan,
    readonly fn: (attempt: Attempt) => unknown,
    options: CallSettings | undefined,
    readonly wantsOutcome: boolean,
    readonly resolve: Caller['resolve'],
    readonly reject: Caller['reject'],
  ) {
    super(plan, options);
  }

  protected override get attemptStartedAt(): number {
    return this.attempt?.startedAt ?? this.startedAt;
  }

  protected override timeIsUp(due: Due): void {
    const now = this.now();
    if (due === 'deadline') this.deadline();
    else if (due === 'sleep') {
      this.endSleep(now);
      this.next(now);
    } else if (this.attempt !== undefined) this.attemptTimedOut(this.attempt, now);
  }

  private attemptTimedOut(attempt: RunningAttempt, now: number): void {
    const error = new AttemptTimeoutError({ timeoutMs: this.plan.attemptTimeoutMs, attempt: attempt.number });
    const failure = failureOf(error, ErrorClass.TRANSIENT);
    this.recorder?.attemptTimeout(attempt.number, failure);
    if (this.settled) return; // by what was told
    this.leave(attempt, failure, now);
    this.plan.hedge?.took(now - attempt.startedAt);
    afterFailure(this, failure, attempt.number, now);
    // Last, for a listener of the signal is the user's code.
    attempt.cut(error);
  }

  private next(now: number): void {
    if (this.settled) return;
    if (now >= this.deadlineAt) this.stop('DEADLINE_EXCEEDED', now);
    else this.enterAttempt(now);
  }

  protected override enterAttempt(now: number): void {
    const { attemptGate } = this.plan;
    const number = this.attempts + 1;
    if (attemptGate === undefined) return this.run(number, undefined, now);
    const answer = attemptGate.enter(now, number, this);
    if (answer.kind === 'lease') this.run(number, answer, now);
    else if (answer.kind === 'refusal') this.refuse(answer);
    else standInLine(this, answer, number, (lease, nowMs) => this.run(number, lease, nowMs));
  }

  protected override run(number: number, lease: Lease | undefined, now: number): void {
    if (this.settled) return lease && giveBack(lease, now, number, this); // by what was told at the gate
    this.attempts = number;
    let attempt: RunningAttempt = this;
    if (number === this.number && now === this.startedAt) this.lease = lease;
    else attempt = new LaterAttempt(this, number, now, lease);
    if (this.attempt === undefined) {
      this.attempt = attempt;
      this.watchAttempt(now);
    } else this.ownHistory().stand(attempt);
    this.tellAttempt(number);
    if (this.settled) return this.neverRan(attempt); // by what was told
    this.running++;
    let result: unknown;
    try {
      const { fn, made } = this;
      result = made === undefined ? fn(attempt) : made.run(number, runUnlessOver, attempt);
      if (result === NOT_RUN) return void this.endedLate(attempt); // ended by a span that began
      if (isThenable(result)) {
        this.holdContext();
        // Bound: V8 looks for the code of a fresh closure at its first call, which here is its only one (10 ns of 230).
        Promise.resolve(result).then(attempt.onValue.bind(attempt), attempt.onError.bind(attempt));
        if (this.plan.hedge !== undefined) this.watchHedge(now);
        return;
      }
    } catch (error) {
      this.threw(attempt, error);
      return;
    }
    this.fulfilled(attempt, result);
  }

  fulfilled(attempt: RunningAttempt, value: unknown): void {
    if (this.endedLate(attempt)) return;
    const now = this.now();
    if (this.overdue(attempt, now)) return;
    const classifyResult = this.options?.classifyResult ?? this.plan.classifyResult;
    if (classifyResult !== undefined || typeof value === 'object') this.judge(attempt, value, now, judgeResult(value, classifyResult));
    else this.succeed(attempt, value, now);
  }

  private judge(attempt: RunningAttempt, value: unknown, now: number, failure: AttemptFailure | undefined): void {
    if (this.settled) return; // by the judge, which is the user's code
    if (failure === undefined) return this.succeed(attempt, value, now);
    this.leave(attempt, failure, now);
    afterFailure(this, failure, attempt.number, now);
  }

  threw(attempt: RunningAttempt, error: unknown): void {
    if (this.endedLate(attempt)) return;
    const now = this.now();
    if (this.overdue(attempt, now)) return;
    if (error instanceof AbortRetryError) {
      this.leave(attempt, 'none', now);
      return this.abort(error, 'function');
    }
    const failure = judgeError(error, this.plan.classify);
    if (this.settled) return;
    this.leave(attempt, failure ?? 'none', now);
    if (failure === undefined) return this.abort(error, 'function');
    afterFailure(this, failure, attempt.number, now);
  }

  /** Ends by the clock what a blocked event loop let run past its time. Exactly at the limit is over. */
  private overdue(attempt: RunningAttempt, now: number): boolean {
    if (now < this.deadlineAt && now - attempt.startedAt < this.plan.attemptTimeoutMs) return false;
    if (now >= this.deadlineAt) this.deadline();
    else this.attemptTimedOut(attempt, now);
    return true;
  }

  sleep(delayMs: number, now: number): void {
    this.ownHistory().sleepingSince = now;
    this.watchSleep(delayMs, now);
  }

  /** Ends the call for its caller. What still runs is given up, and is neither success nor failure. */
  abort(error: unknown, source: AbortSource): void {
    if (this.settled) return;
    const { attempts } = this;
    const completed = attempts - this.runningAttempts;
    this.finish({ kind: 'aborted', attempts, stopReason: 'ABORTED', completed, error, source }, this.now());
  }

  /** The call's time is up: during an attempt, which then failed too, or between two. */
  private deadline(): void {
    if (this.settled) return;
    if (this.attempt !== undefined) this.ownHistory().lastFailure = this.outOfTime();
    this.stop('DEADLINE_EXCEEDED', this.now());
  }

  /** What `leave`, `close` and a settling do, in one function: most calls come here, and only here. */
  private succeed(attempt: RunningAttempt, value: unknown, now: number): void {
    const { plan } = this;
    const { lease } = attempt;
    const elapsedMs = now - this.startedAt;
    const losers = plan.hedge === undefined ? undefined : this.beats(attempt, now);
    this.attempt = undefined;
    attempt.over = true;
    this.stopWatching();
    if (this.made !== undefined) this.made.attemptEnded(attempt.number, now - attempt.startedAt, undefined);
    if (plan.record !== undefined) plan.record(true);
    if (lease !== undefined) {
      lease.leave('success', now, now - attempt.startedAt, attempt.number, this);
      lease.freed?.();
    }
    if (plan.around !== undefined) tellAround(this, value);
    if (this.settled) return; // by what was told, or the recovery time of a circuit that a slow success opened
    this.close('success', now);
    this.tellSuccess(elapsedMs, attempt.number);
    this.resolve(this.wantsOutcome ? successOf(value, this.attempts, elapsedMs, this.history) : value);
    if (losers !== undefined) for (const loser of losers) loser.cut(beaten());
  }

  finish(end: End, now: number): void {
    if (this.settled) return;
    const { history } = this;
    // Before anything is told, for what is told may be the user's code.
    this.settled = true;
    this.stopWatching();
    this.endSleep(now);
    history?.waitsFor?.cancel();
    const verdict = end.kind === 'failure' ? end.failure : 'none';
    this.stopHedging();
    const left = this.attempt === undefined ? undefined : this.giveUp(verdict, end.stopReason === 'DEADLINE_EXCEEDED', now);
    const { isLater, plan } = this;
    const mayBeAnswered = aroundOf(this) !== undefined;
    // Under way until it is known that nothing answers for it: a drain would take it for over.
    if (mayBeAnswered) plan.telemetry.active++;
    this.close(neutral(verdict), now);
    const elapsedMs = now - this.startedAt;
    const isAnswered = mayBeAnswered && answersFor(this, end, now);
    if (mayBeAnswered) plan.telemetry.active--;
    if (!isAnswered) {
      this.recorder?.end(end, elapsedMs);
      settle(this, end, elapsedMs, history, isLater);
    }
    // Last, for a listener of the signal is the user's code.
    const reason = end.kind === 'failure' ? end.failure.error : end.kind === 'aborted' ? end.error : undefined;
    if (left !== undefined) for (const attempt of left) attempt.cut(reason);
  }

  answer(answer: Answer, nowMs: number): void {
    this.stopWatching();
    this.close('none', nowMs);
    tellAnswer(this, answer, nowMs - this.startedAt, undefined);
  }

  again(): void {
    const { plan, fn, options } = this;
    // In a turn of its own, and in the caller's context.
    void Promise.resolve().then(() => new Call(plan, fn, CallSettings.again(options), true, nobody, nobody).launch());
  }

  broke(error: unknown): void {
    endBroken(this, error);
  }

  /** Every way out: nothing of the call is left but functions that still run, and those are counted. */
  private close(verdict: Verdict, now: number): void {
    this.settled = true;
    this.plan.telemetry.active--;
    this.letContextGo();
    if (this.options !== undefined) unwatchSignals(this.options, this);
    if (this.callLease !== undefined) this.leaveCall(verdict, now);
    for (let left = this.running; left > 0; left--) this.plan.telemetry.abandoned(1);
  }
}

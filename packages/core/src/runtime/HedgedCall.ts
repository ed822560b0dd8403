import type { AttemptFailure } from '../classify/AttemptFailure.js';
import type { Lease, Verdict } from '../gates/Gate.js';
import { giveBack } from '../gates/giveBack.js';
import { isRetried } from '../retry/decideRetry.js';
import { CallTimer } from '../timers/CallTimer.js';
import type { CallSettings } from './CallSettings.js';
import { LeasedCall } from './LeasedCall.js';
import type { Plan } from './Plan.js';
import type { RunningAttempt } from './RunningAttempt.js';

/** Leave to make another attempt; boxed, for without a gate there is no lease. */
interface Leave {
  readonly lease: Lease | undefined;
}

/**
 * A call that may have several attempts at a time. Its timer watches the oldest, whose time is up first. The first to succeed wins and
 * the others are called off; one that fails leaves it to the others, or lets another begin at once.
 *
 * Source: J. Dean, L. A. Barroso, "The Tail at Scale", hedged requests; what a failure does is gRPC's hedging policy (gRFC A6).
 */
export abstract class HedgedCall extends LeasedCall {
  // Written out, as in FirstAttempt.
  constructor(plan: Plan, options: CallSettings | undefined) {
    super(plan, options);
  }

  /** Makes an attempt. */
  protected abstract run(number: number, lease: Lease | undefined, nowMs: number): void;

  /** An attempt runs: another may begin beside it later. */
  protected watchHedge(nowMs: number): void {
    const { hedge, keepAlive } = this.plan;
    const delayMs = hedge?.delayMs;
    if (delayMs === undefined || delayMs >= this.deadlineAt - nowMs || !this.mayHedge) return;
    const history = this.ownHistory();
    history.hedgeTimer ??= new CallTimer({ onTime: () => this.enter(this.hedgeIsDue) });
    if (hedge?.isFixed === true) this.timers.start(history.hedgeTimer, nowMs, delayMs, keepAlive);
    else this.timers.startOnce(history.hedgeTimer, nowMs, delayMs, keepAlive);
  }

  protected stopHedging(): void {
    const timer = this.history?.hedgeTimer;
    if (timer !== undefined) this.timers.stop(timer);
  }

  /** Whether something of the call goes on after the failure of an attempt: another that runs beside it, or begins at once. */
  goesOn(failure: AttemptFailure, attempt: number, nowMs: number): boolean {
    const { errorClass, classification } = failure;
    // What no attempt would change ends them all.
    if (!isRetried(errorClass, classification)) return false;
    // Who asks for a wait gets it.
    const leave = classification.retryAfterMs === undefined ? this.leaveToHedge(nowMs) : undefined;
    if (leave === undefined && this.attempt === undefined) return false;
    this.recorder?.attemptFailed(attempt, failure);
    if (leave !== undefined) this.hedge(leave, nowMs);
    return true;
  }

  /** An attempt succeeded: gives those that ran beside it, whose gates have their leases back, to be called off when the caller has the value. */
  protected beats(winner: RunningAttempt, nowMs: number): readonly RunningAttempt[] {
    const { hedge } = this.plan;
    this.stopHedging();
    hedge?.took(nowMs - winner.startedAt);
    const losers = this.runningNow.filter((attempt) => attempt !== winner);
    this.history?.others?.splice(0);
    for (const loser of losers) {
      const durationMs = nowMs - loser.startedAt;
      loser.over = true;
      hedge?.took(durationMs);
      this.recorder?.attemptLost(loser.number, durationMs);
      loser.lease?.leave('none', nowMs, durationMs, loser.number, this);
    }
    return losers;
  }

  /** The call ends otherwise: every attempt that runs is given up. Only its deadline is a failure of them all. */
  protected giveUp(verdict: Exclude<Verdict, 'success'>, isDeadline: boolean, nowMs: number): readonly RunningAttempt[] {
    const running = this.runningNow;
    const isHedged = this.history !== undefined && this.history.hedged > 0;
    for (const [index, attempt] of running.entries()) {
      this.leave(attempt, isHedged && !isDeadline ? 'none' : verdict, nowMs);
      // The end of the call tells the last.
      if (isHedged && isDeadline && verdict !== 'none' && index < running.length - 1) this.recorder?.attemptFailed(attempt.number, verdict);
    }
    return running;
  }

  /** How many attempts run. */
  protected get runningAttempts(): number {
    return this.runningNow.filter((attempt) => !attempt.ended).length;
  }

  private get runningNow(): readonly RunningAttempt[] {
    return this.attempt === undefined ? [] : [this.attempt, ...(this.history?.others ?? [])];
  }

  private get mayHedge(): boolean {
    const { plan, options, history } = this;
    if (plan.hedge === undefined || options?.idempotent === false || options?.hedge === false) return false;
    return (history?.hedged ?? 0) < plan.hedge.maxHedged;
  }

  private hedgeIsDue(): void {
    try {
      // Between two attempts there is nothing to stand beside.
      if (this.settled || this.attempt === undefined) return;
      const nowMs = this.now();
      const leave = this.leaveToHedge(nowMs);
      if (leave !== undefined) this.hedge(leave, nowMs);
    } catch (error) {
      this.broke(error);
    }
  }

  /** Asks the budget, then the gates: a hedge is no reason to wait in a queue, and none to be refused. */
  private leaveToHedge(nowMs: number): Leave | undefined {
    const { budget, attemptGate } = this.plan;
    if (this.settled || nowMs >= this.deadlineAt || !this.mayHedge) return undefined;
    if (budget !== undefined && !budget.tryWithdraw(nowMs)) return undefined;
    if (attemptGate === undefined) return { lease: undefined };
    const answer = attemptGate.enter(nowMs, this.attempts + 1, this);
    if (answer.kind === 'lease') return { lease: answer };
    if (answer.kind === 'queued') answer.cancel();
    budget?.refund(nowMs);
    return undefined;
  }

  private hedge({ lease }: Leave, nowMs: number): void {
    const number = this.attempts + 1;
    this.ownHistory().hedged++;
    if (!this.settled) this.recorder?.event('hedge', number);
    if (!this.settled) return this.run(number, lease, nowMs);
    // By what was told.
    this.plan.budget?.refund(nowMs);
    if (lease !== undefined) giveBack(lease, nowMs, number, this);
  }
}

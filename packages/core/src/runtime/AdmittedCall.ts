import type { Answer } from '../around/Around.js';
import type { Lease } from '../gates/Gate.js';
import { giveBack } from '../gates/giveBack.js';
import type { CallSettings } from './CallSettings.js';
import type { CallSteps } from './CallSteps.js';
import { type Abortable, watchSignals } from './AbortWatch.js';
import { HedgedCall } from './HedgedCall.js';
import { innerCallsOf } from './InnerCalls.js';
import { aroundOf, askAround } from './phases/around.js';
import { standInLine } from './phases/queue.js';
import type { Plan } from './Plan.js';

/** A call until its first attempt: its options, what stands around it, its gates. */
export abstract class AdmittedCall extends HedgedCall implements Abortable, CallSteps {
  // Written out, as in FirstAttempt.
  constructor(plan: Plan, options: CallSettings | undefined) {
    super(plan, options);
  }

  abstract sleep(delayMs: number, nowMs: number): void;
  abstract answer(answer: Answer, nowMs: number): void;
  abstract again(): void;

  /** Asks the gates of attempts, then makes one. */
  protected abstract enterAttempt(nowMs: number): void;

  /** Begins; whatever that throws ends it. */
  launch(): void {
    try {
      this.begin();
    } catch (error) {
      this.broke(error);
    }
  }

  /** Admission, then the first attempt, in the caller's own turn. */
  private begin(): void {
    const { options, startedAt } = this;
    if (options !== undefined && this.prepare(options)) return;
    const around = aroundOf(this);
    if (around === undefined) this.admit(startedAt);
    else askAround(this, around, startedAt);
  }

  admit(nowMs: number): void {
    // A parent may have no time left: that says nothing about the dependency, so its gates are not asked.
    const { callGate } = this.plan;
    if (callGate === undefined || nowMs >= this.deadlineAt) return this.start(nowMs);
    const answer = callGate.enter(nowMs, this.attempts, this);
    if (answer.kind === 'refusal') this.refuse(answer);
    else if (answer.kind === 'lease') this.admitted(answer, nowMs);
    else standInLine(this, answer, this.attempts, (lease, thenMs) => this.admitted(lease, thenMs));
  }

  private admitted(lease: Lease, now: number): void {
    if (this.settled) return giveBack(lease, now, this.attempts, this); // by what was told at the gate
    this.callLease = lease;
    this.start(now);
  }

  private start(now: number): void {
    if (now >= this.deadlineAt) return this.stop('DEADLINE_EXCEEDED', now);
    if (this.plan.budget !== undefined) this.plan.budget.deposit(now);
    this.enterAttempt(now);
  }

  /** Takes the call's own options in; true when a signal that has fired ended the call. */
  private prepare(options: CallSettings): boolean {
    const { parent, resume, timeline, timeoutMs = this.plan.timeoutMs } = options;
    this.timeoutMs = parent === undefined ? timeoutMs : Math.min(timeoutMs, parent.remainingMs);
    if (resume !== undefined) {
      this.attempts = resume.attempt;
      this.number = resume.attempt + 1;
      this.ownHistory().previousDelayMs = resume.previousDelayMs;
    }
    if (timeline === true) this.keepTimeline();
    if (watchSignals(options, this)) return true;
    // Without any time left it is the deadline that ends it.
    if (this.timeoutMs > 0) innerCallsOf(parent)?.add(this);
    return this.settled;
  }
}

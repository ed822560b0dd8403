import type { Answer, FailedAnswer, Later, SharedEnd } from '../around/Around.js';
import type { End } from '../around/End.js';
import type { AttemptFailure } from '../classify/AttemptFailure.js';
import { failureOf } from '../classify/failureOf.js';
import { giveCause } from '../classify/giveCause.js';
import type { AbortSource } from '../model/CallEnd.js';
import { ErrorClass } from '../model/ErrorClass.js';
import { AbortRetryError } from '../model/errors/AbortRetryError.js';
import { DeadlineExceededError } from '../model/errors/DeadlineExceededError.js';
import type { UnsuccessfulOutcome } from '../model/Outcome.js';
import { type Abortable, unwatchSignals, watchSignals } from './AbortWatch.js';
import { CallClock } from './CallClock.js';
import type { CallSteps } from './CallSteps.js';
import { innerCallsOf } from './InnerCalls.js';
import { judgeError } from './judge.js';
import { tellAnswer } from './phases/answered.js';
import { failuresOf } from './phases/earlier.js';
import { type Caller, outcomeFor, settle, settleWith } from './phases/settle.js';

/** How the call ended that is answered for. */
interface Inside {
  readonly end: End;
  /** Its outcome, made when it is asked for. */
  readonly outcome: () => UnsuccessfulOutcome;
}

/**
 * What answers for a call that has failed, while that takes its time: the call is still under way, its caller may still abort it, and
 * nothing of its attempts counts any more.
 */
export class StandIn extends CallClock implements Abortable {
  settled = false;
  /** What becomes of what answers, which may go on when the call is over. */
  private answering: 'not yet' | 'now' | 'abandoned' | 'no more' = 'not yet';

  constructor(
    private readonly call: CallSteps & Caller,
    private readonly inside: Inside,
    private readonly later: Later,
  ) {
    super(call.plan);
    this.timeoutMs = later.timeoutMs ?? call.plan.timeoutMs;
    call.plan.telemetry.active++;
  }

  protected override get attemptStartedAt(): number {
    return this.startedAt;
  }

  /** In the caller's turn or in his context. */
  begin(): void {
    try {
      this.watch();
      if (!this.settled) this.ask();
    } catch (error) {
      this.broke(error);
    }
  }

  private watch(): void {
    const { options } = this.call;
    // An aborted signal would have ended the call itself; but what was told may be the user's code.
    if (options !== undefined && watchSignals(options, this)) return;
    innerCallsOf(options?.parent)?.add(this);
    if (!this.settled) this.watchDeadline();
  }

  private ask(): void {
    const { call, later } = this;
    const answered = (answer: Answer | SharedEnd | FailedAnswer | undefined): void => {
      if (this.answering === 'abandoned') call.plan.telemetry.abandoned(-1);
      this.answering = 'no more';
      this.take(answer);
    };
    this.answering = 'now';
    const begun = call.recorder === undefined ? later.begin() : call.recorder.within(() => later.begin());
    begun.then(answered).then(undefined, (error: unknown) => this.broke(error));
  }

  abort(error: unknown, source: AbortSource): void {
    if (this.settled) return;
    this.close();
    const { attempts } = this.call;
    this.end({ kind: 'aborted', attempts, stopReason: 'ABORTED', completed: attempts, error, source });
    this.later.cancel(error);
  }

  onAbort(reason: unknown, source: AbortSource): void {
    try {
      this.enter(this.abort, reason, source);
    } catch (error) {
      this.broke(error);
    }
  }

  broke(error: unknown): void {
    if (!this.settled) this.failed(error);
  }

  protected override timeIsUp(): void {
    const error = new DeadlineExceededError({ timeoutMs: this.timeoutMs, of: 'fallback', cause: this.inside.outcome().error });
    this.close();
    this.fail(failureOf(error, ErrorClass.TRANSIENT));
    this.later.cancel(error);
  }

  private take(answer: Answer | SharedEnd | FailedAnswer | undefined): void {
    if (this.settled) return;
    if (this.now() >= this.deadlineAt) return this.timeIsUp();
    if (answer?.kind === 'failed') return this.failed(answer.error);
    this.close();
    if (answer?.kind === 'answer') tellAnswer(this.call, answer, this.elapsedMs, this.inside.outcome);
    else this.end(answer?.end ?? this.inside.end);
  }

  /** What stood in failed itself: that is what the caller sees. */
  private failed(error: unknown): void {
    this.close();
    const { attempts, plan } = this.call;
    const failure = error instanceof AbortRetryError ? undefined : judgeError(error, plan.classify);
    if (failure !== undefined) this.fail(failure);
    else this.end({ kind: 'aborted', attempts, stopReason: 'ABORTED', completed: attempts, error, source: 'function' });
  }

  /** It leads to what it stood in for. */
  private fail(failure: AttemptFailure): void {
    const { call, elapsedMs } = this;
    const { attempts, history, recorder } = call;
    const insteadOf = this.inside.outcome();
    giveCause(failure.error, insteadOf.error);
    const end: End = { kind: 'failure', attempts, stopReason: 'FALLBACK_FAILED', failure };
    recorder?.end(end, elapsedMs);
    const earlier = failuresOf(this.inside.end, history);
    const outcome = { ...outcomeFor(end, elapsedMs, history), insteadOf, ...(earlier && { earlierFailures: earlier }) };
    settleWith(call, outcome as UnsuccessfulOutcome, true);
  }

  private end(end: End): void {
    const { call, elapsedMs } = this;
    call.recorder?.end(end, elapsedMs);
    settle(call, end, elapsedMs, call.history, true);
  }

  private get elapsedMs(): number {
    return this.now() - this.call.startedAt;
  }

  private close(): void {
    const { options, plan } = this.call;
    this.settled = true;
    this.stopWatching();
    plan.telemetry.active--;
    this.letContextGo();
    if (options !== undefined) unwatchSignals(options, this);
    // A function that answers for a call and goes on is one that outlives its call.
    if (this.later.runs !== true || this.answering !== 'now') return;
    this.answering = 'abandoned';
    plan.telemetry.abandoned(1);
  }
}

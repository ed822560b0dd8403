import type { Answer, FailedAnswer, Later, SharedEnd } from '../around/Around.js';
import type { End } from '../around/End.js';
import type { AbortSource } from '../model/CallEnd.js';
import { DeadlineExceededError } from '../model/errors/DeadlineExceededError.js';
import { type Abortable, unwatchSignals, watchSignals } from './AbortWatch.js';
import { CallClock } from './CallClock.js';
import type { CallSteps } from './CallSteps.js';
import { innerCallsOf } from './InnerCalls.js';
import { judgeError } from './judge.js';
import { tellAnswer } from './phases/answered.js';
import { type Caller, settle } from './phases/settle.js';

/**
 * What answers for a call that has failed, while that takes its time: the call is still under way, its caller may still abort it, and
 * nothing of its attempts counts any more.
 */
export class StandIn extends CallClock implements Abortable {
  settled = false;

  constructor(
    private readonly call: CallSteps & Caller,
    private readonly inside: End,
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
    const { call, later } = this;
    const { options } = call;
    // An aborted signal would have ended the call itself; but what was told may be the user's code.
    if (options !== undefined && watchSignals(options, this)) return;
    innerCallsOf(options?.parent)?.add(this);
    if (this.settled) return;
    this.watchDeadline();
    const answered = (answer: Answer | SharedEnd | FailedAnswer | undefined): void => this.take(answer);
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
    const error = new DeadlineExceededError({ timeoutMs: this.timeoutMs, cause: causeOf(this.inside) });
    this.failed(error);
    this.later.cancel(error);
  }

  private take(answer: Answer | SharedEnd | FailedAnswer | undefined): void {
    if (this.settled) return;
    if (this.now() >= this.deadlineAt) return this.timeIsUp();
    if (answer?.kind === 'failed') return this.failed(answer.error);
    this.close();
    if (answer?.kind === 'answer') tellAnswer(this.call, answer, this.elapsedMs, this.inside);
    else this.end(answer?.end ?? this.inside);
  }

  /** What stood in failed itself: that is what the caller sees. */
  private failed(error: unknown): void {
    this.close();
    const { attempts, plan } = this.call;
    const failure = judgeError(error, plan.classify);
    if (failure === undefined)
      this.end({ kind: 'aborted', attempts, stopReason: 'ABORTED', completed: attempts, error, source: 'function' });
    else this.end({ kind: 'failure', attempts, stopReason: 'FALLBACK_FAILED', failure });
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
  }
}

function causeOf(end: End): unknown {
  return end.kind === 'aborted' ? end.error : end.failure?.failedBy === 'exception' ? end.failure.error : undefined;
}

import type { CallEnd } from '../model/CallEnd.js';
import type { EmittedAttributes } from '../model/EmittedAttributes.js';
import type { ErrorClass } from '../model/ErrorClass.js';
import type { EventName } from '../model/EventName.js';
import type { FailureFacts } from '../model/FailureFacts.js';
import type { TimelineEntry } from '../model/Outcome.js';
import { STOP_EVENT } from '../model/StopReason.js';
import type { CallRecorder } from './port/CallRecorder.js';

/** Keeps what a call tells, for an outcome that was asked for its timeline, and tells it on to whoever else listens. */
export class TimelineRecorder implements CallRecorder {
  readonly entries: TimelineEntry[] = [];
  /** The attempt whose failure nothing told yet. Of several at a time that need not be the last that was made. */
  private untold: number | undefined = undefined;

  constructor(
    private readonly next: CallRecorder | undefined,
    /** Milliseconds since the call began. */
    private readonly elapsedMs: () => number,
  ) {}

  attempt(number: number): void {
    this.add('attempt', number);
    this.next?.attempt(number);
  }

  run<A, T>(attempt: number, fn: (argument: A) => T, argument: A): T {
    return this.next === undefined ? fn(argument) : this.next.run(attempt, fn, argument);
  }

  within<T>(fn: () => T): T {
    return this.next === undefined ? fn() : this.next.within(fn);
  }

  attemptEnded(attempt: number, durationMs: number, failure: FailureFacts | undefined): void {
    if (failure !== undefined) this.untold = attempt;
    this.next?.attemptEnded(attempt, durationMs, failure);
  }

  attemptFailed(attempt: number, failure: FailureFacts): void {
    this.untold = undefined;
    this.add('attempt_failed', attempt, { errorClass: failure.errorClass });
    this.next?.attemptFailed(attempt, failure);
  }

  attemptLost(attempt: number, durationMs: number): void {
    this.next?.attemptLost(attempt, durationMs);
  }

  ranOn(errorClass: ErrorClass, elapsedMs: number): void {
    this.next?.ranOn(errorClass, elapsedMs);
  }

  retry(attempt: number, failure: FailureFacts, delayMs: number): void {
    this.add('retry', this.untold ?? attempt, { errorClass: failure.errorClass, delayMs });
    this.untold = undefined;
    this.next?.retry(attempt, failure, delayMs);
  }

  waited(errorClass: ErrorClass, elapsedMs: number): void {
    this.next?.waited(errorClass, elapsedMs);
  }

  attemptTimeout(attempt: number, failure: FailureFacts): void {
    this.add('attempt_timeout', attempt);
    this.next?.attemptTimeout(attempt, failure);
  }

  event(name: EventName, attempt: number, facts?: Readonly<EmittedAttributes>): void {
    this.add(name, attempt);
    this.next?.event(name, attempt, facts);
  }

  link(...what: Parameters<CallRecorder['link']>): void {
    this.next?.link(...what);
  }

  cause(): unknown {
    return this.next?.cause();
  }

  endSuccess(attempt: number, elapsedMs: number, winner?: number): void {
    this.entries.push({ atMs: elapsedMs, event: 'success', attempt: winner ?? attempt });
    this.next?.endSuccess(attempt, elapsedMs, winner);
  }

  insteadOf(end: CallEnd, event: EventName, facts?: Readonly<EmittedAttributes>): void {
    this.addEnd(event, end, this.elapsedMs());
    this.untold = undefined;
    this.next?.insteadOf(end, event, facts);
  }

  endAnswered(attempts: number, elapsedMs: number, by: string): void {
    this.entries.push({ atMs: elapsedMs, event: 'success', attempt: attempts });
    this.next?.endAnswered(attempts, elapsedMs, by);
  }

  end(end: CallEnd, elapsedMs: number): void {
    this.addEnd(STOP_EVENT[end.stopReason], end, elapsedMs);
    this.next?.end(end, elapsedMs);
  }

  private addEnd(event: EventName, end: CallEnd, atMs: number): void {
    const { attempts, stopReason } = end;
    const errorClass = end.kind === 'aborted' ? undefined : end.failure?.errorClass;
    const delayMs = end.kind === 'scheduled' ? end.delayMs : undefined;
    const attempt = end.kind === 'aborted' ? attempts : (this.untold ?? attempts);
    this.entries.push({ atMs, event, attempt, errorClass, delayMs, stopReason });
  }

  private add(event: TimelineEntry['event'], attempt: number, more?: Partial<TimelineEntry>): void {
    this.entries.push({ atMs: this.elapsedMs(), event, attempt, ...more });
  }
}

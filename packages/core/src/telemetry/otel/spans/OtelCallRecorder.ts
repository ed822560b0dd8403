import type { Span } from '@opentelemetry/api';
import type { CallEnd } from '../../../model/CallEnd.js';
import type { EmittedAttributes } from '../../../model/EmittedAttributes.js';
import type { ErrorClass } from '../../../model/ErrorClass.js';
import type { EventName } from '../../../model/EventName.js';
import type { FailureFacts } from '../../../model/FailureFacts.js';
import type { OutcomeKind } from '../../../model/Outcome.js';
import { STOP_EVENT, type StopReason } from '../../../model/StopReason.js';
import type { CallRecorder } from '../../port/CallRecorder.js';
import {
  ATTR_ERROR_CLASS,
  ATTR_ERROR_TYPE,
  ATTR_OPERATION,
  ATTR_REDRESS_ATTEMPT_COUNT,
  ATTR_REDRESS_OUTCOME,
  ATTR_REDRESS_POLICY,
  ATTR_REDRESS_STOP_REASON,
} from '../../port/semconv.js';
import { factsOfEnd, factsOfFailure, factsOfRetry, seconds } from '../events.js';
import { withAttempt } from './attemptInContext.js';
import { AttemptSpans } from './AttemptSpans.js';
import { CallSpan } from './CallSpan.js';
import { exceptionAttributes } from './exceptionEvent.js';
import { type ContextUser, runIn } from './runIn.js';

const FIRST_SUCCESS_END = successEnd(1);

/** Records a call through OpenTelemetry: on its span, in the counters of its operation, in the log. */
export class OtelCallRecorder extends CallSpan implements CallRecorder, ContextUser {
  private ended = false;
  private attemptSpans: AttemptSpans | undefined;

  attempt(number: number): void {
    this.of.attempt(number);
    const { config, tracer } = this.of.destinations;
    if (!config.attemptSpans || tracer === undefined || this.context === undefined || this.ended) return;
    this.attemptSpans ??= new AttemptSpans(this.of);
    this.attemptSpans.start(tracer, this.context, number);
  }

  run<A, T>(attempt: number, fn: (argument: A) => T, argument: A): T {
    // Without a span of ours a client span can still be a resent one.
    const target =
      this.attemptSpans?.contextOf(attempt) ?? this.context ?? (this.of.destinations.traced ? this.of.activeContext() : undefined);
    return target === undefined ? fn(argument) : runIn(withAttempt(target, attempt), fn, argument, this);
  }

  attemptEnded(attempt: number, durationMs: number, failure: FailureFacts | undefined): void {
    const { counters, destinations } = this.of;
    this.attemptSpans?.end(attempt, failure);
    if (!destinations.config.attemptDuration || counters === undefined) return;
    destinations.metrics?.recordAttempt(seconds(durationMs), counters.attemptDurationAttributes(failure?.errorClass), this.context);
  }

  retry(attempt: number, failure: FailureFacts, delayMs: number): void {
    if (this.ended) return;
    this.showProblem();
    this.of.counters?.retry(failure.errorClass, attempt + 1);
    this.of.tell('retry', attempt, factsOfRetry(failure, delayMs), this);
  }

  waited(errorClass: ErrorClass, elapsedMs: number): void {
    this.of.counters?.waited(errorClass, seconds(elapsedMs));
  }

  attemptTimeout(attempt: number, failure: FailureFacts): void {
    this.of.tell('attempt_timeout', attempt, factsOfFailure(failure), this);
  }

  event(name: EventName, attempt: number, facts?: Readonly<EmittedAttributes>): void {
    this.of.tell(name, attempt, facts, this);
  }

  endSuccess(attempt: number, elapsedMs: number): void {
    if (this.ended) return;
    this.ended = true;
    const { counters, destinations, firstSuccess } = this.of;
    if (counters !== undefined) {
      counters.success(attempt);
      destinations.metrics?.recordCall(seconds(elapsedMs), counters.successAttributes, this.context);
    }
    if (this.takesEvents || destinations.emitsLog('success'))
      this.of.emit('success', attempt === 1 ? firstSuccess : this.of.eventAttributes(attempt), this);
    const hook = this.hookOf('success', attempt, elapsedMs, undefined, undefined);
    this.close(attempt === 1 ? FIRST_SUCCESS_END : successEnd(attempt), undefined, hook);
  }

  end(end: CallEnd, elapsedMs: number): void {
    if (this.ended) return;
    this.ended = true;
    const { kind, attempts, stopReason } = end;
    const isProblem = kind === 'failure' || kind === 'rejected';
    if (isProblem) this.showProblem();
    const failed = kind === 'failure' ? end.failure : undefined;
    const attributes: EmittedAttributes = { [ATTR_REDRESS_OUTCOME]: kind, [ATTR_REDRESS_STOP_REASON]: stopReason };
    if (failed !== undefined) attributes[ATTR_ERROR_TYPE] = failed.errorType;
    const { counters, destinations } = this.of;
    if (counters !== undefined) destinations.metrics?.recordCall(seconds(elapsedMs), counters.durationAttributes(attributes), this.context);
    this.of.tell(STOP_EVENT[stopReason], kind === 'aborted' ? end.completed : attempts, this.factsOf(end), this);
    attributes[ATTR_REDRESS_ATTEMPT_COUNT] = attempts;
    if (failed !== undefined) {
      attributes[ATTR_ERROR_CLASS] = failed.errorClass;
      if (failed.failedBy === 'exception' && this.records && destinations.config.exceptionEvents)
        this.putException(exceptionAttributes(failed.error));
    }
    const hook = this.hookOf(kind, attempts, elapsedMs, stopReason, failed?.errorClass);
    this.close(attributes, isProblem ? stopReason : undefined, hook);
  }

  /** A refusal of a gate that another library made may throw; then its reason is all that is told. */
  private factsOf(end: CallEnd): Readonly<EmittedAttributes> {
    try {
      return factsOfEnd(end);
    } catch (error) {
      this.told('reading the facts of a refusal', error);
      return { [ATTR_REDRESS_STOP_REASON]: end.stopReason };
    }
  }

  contextManagerThrew(error: unknown): void {
    this.told('the context manager', error);
  }

  private close(attributes: Readonly<EmittedAttributes>, problem: string | undefined, hook: ((span: Span) => void) | undefined): void {
    this.attemptSpans?.endAll();
    this.endSpan(attributes, problem, hook);
  }

  private hookOf(
    outcome: OutcomeKind,
    attempts: number,
    elapsedMs: number,
    stopReason: StopReason | undefined,
    errorClass: ErrorClass | undefined,
  ): ((span: Span) => void) | undefined {
    const { callHook } = this.of.destinations.config;
    if (callHook === undefined || !this.records) return undefined;
    const policy = String(this.of.identity[ATTR_REDRESS_POLICY]);
    const operation = String(this.of.identity[ATTR_OPERATION]);
    return (span) => callHook(span, { policy, operation, outcome, attempts, durationS: seconds(elapsedMs), stopReason, errorClass });
  }
}

function successEnd(attempts: number): Readonly<EmittedAttributes> {
  return Object.freeze({ [ATTR_REDRESS_ATTEMPT_COUNT]: attempts, [ATTR_REDRESS_OUTCOME]: 'success' });
}

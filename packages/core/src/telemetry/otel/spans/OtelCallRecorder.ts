import type { Attempt } from '../../../model/Attempt.js';
import type { ErrorClass } from '../../../model/ErrorClass.js';
import type { EventName } from '../../../model/EventName.js';
import type { OutcomeKind } from '../../../model/Outcome.js';
import type { StopReason } from '../../../model/StopReason.js';
import type { Span } from '@opentelemetry/api';
import { withAttempt } from './attemptInContext.js';
import { AttemptSpans } from './AttemptSpans.js';
import type { CallEnd, CallRecorder, CircuitFacts, FailureFacts, TransitionFacts } from '../../port/CallRecorder.js';
import { CallSpan } from './CallSpan.js';
import { exceptionAttributes } from './exceptionEvent.js';
import type { EventFacts } from '../metrics/OperationCounters.js';
import type { EmittedAttributes } from '../metrics/CounterRows.js';
import { type ContextUser, runIn } from './runIn.js';
import {
  ATTR_CIRCUIT_NAME,
  ATTR_CIRCUIT_STATE,
  ATTR_ERROR_CLASS,
  ATTR_ERROR_TYPE,
  ATTR_REDRESS_ATTEMPT_COUNT,
  ATTR_REDRESS_BACKOFF_DELAY,
  ATTR_REDRESS_CAUSE,
  ATTR_REDRESS_OBSERVE_ONLY,
  ATTR_REDRESS_OUTCOME,
  ATTR_REDRESS_STOP_REASON,
} from '../../semconv.js';
import { STOP_EVENT } from '../../../model/stopEvents.js';

const FIRST_SUCCESS_END = successEnd(1);

/** The one implementation of CallRecorder. */
export class LiveCall extends CallSpan implements CallRecorder, ContextUser {
  private ended = false;
  private attemptSpans: AttemptSpans | undefined;

  get timesAttempts(): boolean {
    return this.series.environment.config.attemptDuration;
  }

  attempt(number: number): void {
    this.series.counters?.attempt(number);
    const { config, tracer } = this.series.environment;
    if (!config.attemptSpans || tracer === undefined || this.context === undefined || this.ended) return;
    this.attemptSpans ??= new AttemptSpans(this.series);
    this.attemptSpans.start(tracer, this.context, number);
  }

  run<T>(fn: (attempt: Attempt) => T, attempt: Attempt): T {
    // Without a span of ours a client span can still be a resent one.
    const target =
      this.attemptSpans?.contextOf(attempt.number) ??
      this.context ??
      (this.series.environment.traced ? this.series.activeContext() : undefined);
    return target === undefined ? fn(attempt) : runIn(withAttempt(target, attempt.number), fn, attempt, this);
  }

  attemptEnded(attempt: number, durationMs: number, failure: FailureFacts | undefined): void {
    const { config, metrics } = this.series.environment;
    this.attemptSpans?.end(attempt, failure);
    if (!config.attemptDuration || metrics === undefined || this.series.counters === undefined) return;
    metrics.recordAttempt(seconds(durationMs), this.series.counters.attemptDurationAttributes(failure?.errorClass), this.context);
  }

  retry(attempt: number, failure: FailureFacts, delayMs: number): void {
    if (this.ended) return;
    this.showProblem();
    this.series.counters?.retry(failure.errorClass, attempt + 1);
    this.series.counters?.tell('retry', ofFailure(failure));
    if (!this.wants('retry')) return;
    const attributes = this.failureAttributes(attempt, failure);
    attributes[ATTR_REDRESS_BACKOFF_DELAY] = seconds(delayMs);
    this.tell('retry', attributes);
  }

  waited(errorClass: ErrorClass, elapsedMs: number): void {
    this.series.counters?.waited(errorClass, seconds(elapsedMs));
  }

  attemptTimeout(attempt: number, failure: FailureFacts): void {
    this.series.counters?.tell('attempt_timeout', ofFailure(failure));
    if (this.wants('attempt_timeout')) this.tell('attempt_timeout', this.failureAttributes(attempt, failure));
  }

  slowCall(attempt: number, _durationMs: number): void {
    this.series.counters?.tell('slow_call', {});
    if (this.wants('slow_call')) this.tell('slow_call', this.series.eventAttributes(attempt));
  }

  circuit(transition: TransitionFacts, circuitName: string, attempt: number): void {
    this.series.transition(transition, circuitName, attempt, this);
  }

  observedRefusal(circuit: CircuitFacts, attempt: number): void {
    this.series.counters?.tell('circuit_rejected', { circuitState: circuit.state, observeOnly: true });
    if (!this.wants('circuit_rejected')) return;
    const attributes = this.circuitAttributes(attempt, circuit);
    attributes[ATTR_REDRESS_OBSERVE_ONLY] = true;
    this.tell('circuit_rejected', attributes);
  }

  endSuccess(attempt: number, elapsedMs: number): void {
    if (this.ended) return;
    this.ended = true;
    const { counters, environment } = this.series;
    if (counters !== undefined) {
      counters.success(attempt);
      environment.metrics?.recordCall(seconds(elapsedMs), counters.successAttributes, this.context);
    }
    if (this.wants('success')) this.tell('success', attempt === 1 ? this.series.firstSuccess : this.series.eventAttributes(attempt));
    const hook = this.hookOf('success', attempt, elapsedMs, undefined, undefined);
    this.close(attempt === 1 ? FIRST_SUCCESS_END : successEnd(attempt), undefined, hook);
  }

  end(end: CallEnd, elapsedMs: number): void {
    if (this.ended) return;
    this.ended = true;
    if (end.kind === 'failure' || end.kind === 'rejected') this.showProblem();
    const stopReason = stopReasonOf(end);
    const failed = end.kind === 'failure' ? end.failure : undefined;
    const { counters, environment } = this.series;
    if (counters !== undefined) {
      counters.tell(STOP_EVENT[stopReason], factsOf(end, stopReason));
      const attributes = counters.durationAttributes(end.kind, stopReason, failed?.errorType);
      environment.metrics?.recordCall(seconds(elapsedMs), attributes, this.context);
    }
    this.tellEnd(end, stopReason);
    const attributes: EmittedAttributes = {
      [ATTR_REDRESS_ATTEMPT_COUNT]: end.attempts,
      [ATTR_REDRESS_OUTCOME]: end.kind,
      [ATTR_REDRESS_STOP_REASON]: stopReason,
    };
    if (failed !== undefined) {
      attributes[ATTR_ERROR_CLASS] = failed.errorClass;
      attributes[ATTR_ERROR_TYPE] = failed.errorType;
      if (failed.failedBy === 'exception' && this.records && environment.config.exceptionEvents)
        this.putException(exceptionAttributes(failed.error));
    }
    const hook = this.hookOf(end.kind, end.attempts, elapsedMs, stopReason, failed?.errorClass);
    this.close(attributes, end.kind === 'failure' || end.kind === 'rejected' ? stopReason : undefined, hook);
  }

  private close(attributes: Readonly<EmittedAttributes>, problem: string | undefined, hook: ((span: Span) => void) | undefined): void {
    this.attemptSpans?.endAll();
    this.endSpan(attributes, problem, hook);
  }

  private tellEnd(end: CallEnd, stopReason: StopReason): void {
    const event = STOP_EVENT[stopReason];
    if (!this.wants(event)) return;
    const attributes =
      end.kind === 'rejected'
        ? this.circuitAttributes(end.attempts, end.circuit)
        : this.series.eventAttributes(end.kind === 'aborted' ? end.completed : end.attempts);
    attributes[ATTR_REDRESS_STOP_REASON] = stopReason;
    const facts = factsOf(end, stopReason);
    if (facts.errorClass !== undefined) attributes[ATTR_ERROR_CLASS] = facts.errorClass;
    if (facts.errorType !== undefined) attributes[ATTR_ERROR_TYPE] = facts.errorType;
    if (facts.cause !== undefined) attributes[ATTR_REDRESS_CAUSE] = facts.cause;
    if (end.kind === 'scheduled') attributes[ATTR_REDRESS_BACKOFF_DELAY] = seconds(end.delayMs);
    this.tell(event, attributes);
  }

  /** Whether anybody takes the event; when not, its attributes are not made. */
  private wants(event: EventName): boolean {
    return this.takesEvents || this.series.environment.emitsLog(event);
  }

  private tell(event: EventName, attributes: Readonly<EmittedAttributes>): void {
    this.addEvent(event, attributes);
    this.series.log(event, attributes, this.context);
  }

  private failureAttributes(attempt: number, failure: FailureFacts): EmittedAttributes {
    const attributes = this.series.eventAttributes(attempt);
    attributes[ATTR_ERROR_CLASS] = failure.errorClass;
    attributes[ATTR_ERROR_TYPE] = failure.errorType;
    attributes[ATTR_REDRESS_CAUSE] = failure.failedBy;
    return attributes;
  }

  private circuitAttributes(attempt: number, circuit: CircuitFacts): EmittedAttributes {
    const attributes = this.series.eventAttributes(attempt);
    attributes[ATTR_CIRCUIT_NAME] = circuit.name;
    attributes[ATTR_CIRCUIT_STATE] = circuit.state;
    return attributes;
  }

  private hookOf(
    outcome: OutcomeKind,
    attempts: number,
    elapsedMs: number,
    stopReason: StopReason | undefined,
    errorClass: ErrorClass | undefined,
  ): ((span: Span) => void) | undefined {
    const { callHook } = this.series.environment.config;
    if (callHook === undefined || !this.records) return undefined;
    const { policy, operation } = this.series;
    return (span) => callHook(span, { policy, operation, outcome, attempts, durationS: seconds(elapsedMs), stopReason, errorClass });
  }

  contextManagerThrew(error: unknown): void {
    this.told('the context manager', error);
  }
}

function stopReasonOf(end: CallEnd): StopReason {
  switch (end.kind) {
    case 'failure':
      return end.stopReason;
    case 'scheduled':
      return 'SCHEDULED';
    case 'aborted':
      return 'ABORTED';
    case 'rejected':
      return 'CIRCUIT_OPEN';
  }
}

function factsOf(end: CallEnd, stopReason: StopReason): EventFacts {
  switch (end.kind) {
    case 'failure':
      return { ...ofFailure(end.failure), stopReason };
    case 'scheduled':
      // No error.type: a deferred call has not failed.
      return { errorClass: end.failure.errorClass, cause: end.failure.failedBy, stopReason };
    case 'aborted':
      return { stopReason };
    case 'rejected':
      return { ...(end.failure === undefined ? undefined : ofFailure(end.failure)), stopReason, circuitState: end.circuit.state };
  }
}

function ofFailure({ errorClass, errorType, failedBy }: FailureFacts): EventFacts {
  return { errorClass, errorType, cause: failedBy };
}

function successEnd(attempts: number): Readonly<EmittedAttributes> {
  return Object.freeze({ [ATTR_REDRESS_ATTEMPT_COUNT]: attempts, [ATTR_REDRESS_OUTCOME]: 'success' });
}

/** Emitted durations are seconds; one that a clock made negative or NaN counts as none. */
function seconds(ms: number): number {
  return ms >= 0 ? ms / 1_000 : 0;
}

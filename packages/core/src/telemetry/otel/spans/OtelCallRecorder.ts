import type { OperationIdentity } from '../OperationIdentity.js';
import type { Span } from '@opentelemetry/api';
import type { Attributes } from '../../../model/Attributes.js';
import type { CallEnd } from '../../../model/CallEnd.js';
import type { EmittedAttributes } from '../../../model/EmittedAttributes.js';
import type { ErrorClass } from '../../../model/ErrorClass.js';
import type { EventName } from '../../../model/EventName.js';
import type { FailureFacts } from '../../../model/FailureFacts.js';
import type { OutcomeKind } from '../../../model/Outcome.js';
import { STOP_EVENT, type StopReason } from '../../../model/StopReason.js';
import type { CallRecorder } from '../../port/CallRecorder.js';
import {
  ATTR_CIRCUIT_NAME,
  ATTR_ERROR_CLASS,
  ATTR_ERROR_TYPE,
  ATTR_OPERATION,
  ATTR_REDRESS_ANSWERED_BY,
  ATTR_REDRESS_ATTEMPT_COUNT,
  ATTR_REDRESS_HEDGE_WINNER,
  ATTR_REDRESS_OUTCOME,
  ATTR_REDRESS_POLICY,
  ATTR_REDRESS_RETRIED,
  ATTR_REDRESS_STOP_REASON,
} from '../../port/semconv.js';
import { factsOfEnd, factsOfFailure, factsOfRetry, seconds } from '../events.js';
import { finite } from '../finite.js';
import { properName } from '../../../model/properName.js';
import { wholeMs } from '../ProcessTime.js';
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
  private called = false;
  /** The last attempt whose failure a retry event told. */
  private toldAttempt: number | undefined;
  /** The failure of the last attempt, while no event told it. Of several at a time that need not be the last that was made. */
  private untold: { readonly attempt: number; readonly failure: FailureFacts } | undefined;
  /** Something answers in the place of an end that was not told as one. */
  private stoodIn = false;
  /** The circuit that had a say in this call. */
  private circuit: string | undefined;

  // Written out: the one that a compiler makes up hands its arguments on as a list, in every call.
  constructor(of: OperationIdentity, callerAttributes: Attributes | undefined, key: string | undefined) {
    super(of, callerAttributes, key === undefined ? undefined : properName(key));
  }

  attempt(number: number): void {
    this.called = true;
    this.of.attempt(number);
    const { config, tracer } = this.of.destinations;
    if (!config.attemptSpans || tracer === undefined || this.context === undefined || this.ended) return;
    this.attemptSpans ??= new AttemptSpans(this.of, this.ownAttributes());
    this.attemptSpans.start(tracer, this.context, number, wholeMs(this.nextUs()));
  }

  run<A, T>(attempt: number, fn: (argument: A) => T, argument: A): T {
    // Without a span of ours a client span can still be a resent one.
    const own = this.attemptSpans?.contextOf(attempt) ?? this.context;
    const target = own ?? (this.of.destinations.traced ? this.of.activeContext() : undefined);
    return target === undefined ? fn(argument) : runIn(withAttempt(target, attempt, own !== undefined), fn, argument, this);
  }

  within<T>(fn: () => T): T {
    return this.context === undefined ? fn() : runIn(this.context, fn, undefined, this);
  }

  attemptEnded(attempt: number, durationMs: number, failure: FailureFacts | undefined): void {
    const { counters, destinations } = this.of;
    this.attemptSpans?.end(attempt, failure, this.nextUs());
    if (failure !== undefined) {
      this.untold = { attempt, failure };
      counters?.wasted('failed_attempt', failure.errorClass, seconds(durationMs));
    }
    if (!destinations.config.attemptDuration || counters === undefined) return;
    destinations.metrics?.recordAttempt(seconds(durationMs), counters.attemptDurationAttributes(failure?.errorClass), this.context);
  }

  attemptFailed(attempt: number, failure: FailureFacts): void {
    this.untold = undefined;
    this.of.tell('attempt_failed', attempt, factsOfFailure(failure), this);
  }

  attemptLost(attempt: number, durationMs: number): void {
    this.attemptEnded(attempt, durationMs, undefined);
    this.of.counters?.lost(seconds(durationMs));
  }

  ranOn(errorClass: ErrorClass, elapsedMs: number): void {
    this.of.counters?.wasted('abandoned', errorClass, seconds(elapsedMs));
  }

  retry(attempt: number, failure: FailureFacts, delayMs: number): void {
    if (this.ended) return;
    this.showProblem();
    const { attempt: failed } = this.untold ?? { attempt };
    this.toldAttempt = attempt;
    this.untold = undefined;
    this.of.counters?.retry(failure.errorClass, attempt + 1);
    this.of.tell('retry', failed, factsOfRetry(failure, delayMs), this);
  }

  waited(errorClass: ErrorClass, elapsedMs: number): void {
    this.of.counters?.waited(errorClass, seconds(elapsedMs));
  }

  attemptTimeout(attempt: number): void {
    this.of.tell('attempt_timeout', attempt, undefined, this);
  }

  event(name: EventName, attempt: number, facts?: Readonly<EmittedAttributes>): void {
    this.passed(facts?.[ATTR_CIRCUIT_NAME]);
    this.of.tell(name, attempt, facts, this);
  }

  override link(cause: unknown, circuit?: string): void {
    this.passed(circuit);
    super.link(cause);
  }

  endSuccess(attempt: number, elapsedMs: number, winner?: number): void {
    if (this.ended) return;
    this.ended = true;
    const { counters, destinations, firstSuccess } = this.of;
    if (counters !== undefined) {
      counters.success(attempt);
      destinations.metrics?.recordCall(seconds(elapsedMs), counters.successAttributes, this.context);
    }
    const attributes = attempt === 1 ? firstSuccess : this.of.eventAttributes(attempt);
    // The span of a call that succeeded at once says so itself.
    if (attempt > 1 || destinations.config.logSuccess) {
      const timeUs = this.nextUs();
      if (attempt > 1) this.addEvent('success', attributes, timeUs);
      this.of.log('success', attributes, 'DEBUG', this, timeUs);
    }
    const hook = this.hookOf('success', attempt, elapsedMs, undefined, undefined);
    const one = attempt === 1 ? FIRST_SUCCESS_END : finite(successEnd(attempt));
    const end = winner === undefined ? one : { ...one, [ATTR_REDRESS_HEDGE_WINNER]: winner };
    this.close(this.circuit === undefined ? end : { ...end, [ATTR_CIRCUIT_NAME]: this.circuit }, undefined, hook);
  }

  insteadOf(end: CallEnd, event: EventName, facts?: Readonly<EmittedAttributes>): void {
    if (this.ended) return;
    this.showProblem();
    const inside = this.factsOf(end);
    this.passed(inside[ATTR_CIRCUIT_NAME]);
    this.of.tell(event, this.untold?.attempt ?? end.attempts, { ...inside, ...facts }, this);
    this.stoodIn = true;
    this.untold = undefined;
  }

  endAnswered(attempts: number, elapsedMs: number, by: string): void {
    if (this.ended) return;
    this.ended = true;
    const { counters, destinations } = this.of;
    if (counters !== undefined) {
      counters.answered();
      destinations.metrics?.recordCall(seconds(elapsedMs), counters.successAttributes, this.context);
    }
    // The span of an answer that stands for nothing says so itself.
    if (this.stoodIn || destinations.config.logSuccess) {
      const attributes = this.of.eventAttributes(attempts);
      const timeUs = this.nextUs();
      if (this.stoodIn) this.addEvent('success', attributes, timeUs);
      this.of.log('success', attributes, 'DEBUG', this, timeUs);
    }
    const end = finite({ ...successEnd(attempts), [ATTR_REDRESS_ANSWERED_BY]: properName(by) });
    const hook = this.hookOf('success', attempts, elapsedMs, undefined, undefined);
    this.close(this.circuit === undefined ? end : { ...end, [ATTR_CIRCUIT_NAME]: this.circuit }, undefined, hook);
  }

  end(end: CallEnd, elapsedMs: number): void {
    if (this.ended) return;
    this.ended = true;
    const { attempts, stopReason } = end;
    // A gate that stops a call which was attempted ends a failure: rejected are calls whose function was never called.
    const stopped = end.kind === 'rejected' && attempts > 0 && (end.failure !== undefined || this.called);
    const kind = stopped ? 'failure' : end.kind;
    const failed = stopped || end.kind === 'failure' ? end.failure : undefined;
    const isProblem = kind === 'failure' || kind === 'rejected';
    if (isProblem) this.showProblem();
    const facts = this.factsOf(end);
    this.passed(facts[ATTR_CIRCUIT_NAME]);
    const attributes: EmittedAttributes = { [ATTR_REDRESS_OUTCOME]: kind, [ATTR_REDRESS_STOP_REASON]: stopReason };
    if (failed !== undefined) attributes[ATTR_ERROR_TYPE] = properName(failed.errorType);
    const { counters, destinations } = this.of;
    if (counters !== undefined) destinations.metrics?.recordCall(seconds(elapsedMs), counters.durationAttributes(attributes), this.context);
    const attempt = end.kind === 'aborted' ? end.completed : (this.untold?.attempt ?? attempts);
    this.of.tell(STOP_EVENT[stopReason], attempt, facts, this, stopped ? 'ERROR' : undefined);
    attributes[ATTR_REDRESS_ATTEMPT_COUNT] = attempts;
    if (attempts > 1) attributes[ATTR_REDRESS_RETRIED] = true;
    if (this.circuit !== undefined) attributes[ATTR_CIRCUIT_NAME] = this.circuit;
    if (failed !== undefined) {
      attributes[ATTR_ERROR_CLASS] = failed.errorClass;
      if (failed.failedBy === 'exception' && this.records && destinations.config.exceptionEvents)
        this.putException(exceptionAttributes(failed.error));
    }
    const hook = this.hookOf(kind, attempts, elapsedMs, stopReason, failed?.errorClass);
    this.close(finite(attributes), isProblem ? stopReason : undefined, hook);
  }

  private passed(circuit: unknown): void {
    if (typeof circuit === 'string') this.circuit = properName(circuit);
  }

  /** A refusal of a gate that another library made may throw; then its reason is all that is told. */
  private factsOf(end: CallEnd): Readonly<EmittedAttributes> {
    try {
      return factsOfEnd(end, end.attempts === this.toldAttempt, this.untold?.failure);
    } catch (error) {
      this.told('reading the facts of a refusal', error);
      return { [ATTR_REDRESS_STOP_REASON]: end.stopReason };
    }
  }

  contextManagerThrew(error: unknown): void {
    this.told('the context manager', error);
  }

  private close(attributes: Readonly<EmittedAttributes>, problem: string | undefined, hook: ((span: Span) => void) | undefined): void {
    this.attemptSpans?.endAll(this.nextUs());
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
  const end = { [ATTR_REDRESS_ATTEMPT_COUNT]: attempts, [ATTR_REDRESS_OUTCOME]: 'success' };
  return Object.freeze(attempts > 1 ? { ...end, [ATTR_REDRESS_RETRIED]: true } : end);
}

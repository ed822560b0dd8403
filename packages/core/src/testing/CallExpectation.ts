import type { AttributeValue } from '@opentelemetry/api';
import type { ErrorClass } from '../model/ErrorClass.js';
import type { EventName } from '../model/EventName.js';
import type { OutcomeKind } from '../model/Outcome.js';
import type { StopReason } from '../model/StopReason.js';
import { describeSpan } from './describeSpans.js';
import type { EmittedEvent, EmittedSpan } from './Emitted.js';
import { TelemetryAssertionError } from './TelemetryAssertionError.js';

/** Event names of redress as the span carries them; OpenTelemetry's `exception` is asked for apart. */
const EXCEPTION = 'exception';

/**
 * What a test says of one call, by its span. Each sentence gives back the same object, so that they can follow one another,
 * and throws a {@link TelemetryAssertionError} that shows the whole span when it is not so.
 */
export class CallExpectation {
  /** The call's span. */
  readonly span: EmittedSpan;

  constructor(span: EmittedSpan) {
    this.span = span;
  }

  /** The function was called so often. */
  attempts(count: number): this {
    return this.is('attempts', count, this.span.attributes['redress.attempt_count']);
  }

  /** The call succeeded, at whatever attempt. */
  succeeded(): this {
    return this.outcome('success');
  }

  /** The call succeeded at this attempt, after at least one that failed. Throws a RangeError for an attempt below 2. */
  rescuedAt(attempt: number): this {
    if (!(attempt >= 2)) throw new RangeError(`a call is rescued at attempt 2 or later, not ${attempt}`);
    const success = this.redressEvents().find(({ name }) => name === 'success');
    return this.outcome('success').is(
      'the attempt that succeeded',
      attempt,
      success?.attributes['retry.attempt'] ?? this.span.attributes['redress.attempt_count'],
    );
  }

  /** The call failed for this reason, with an error or a result of this class when one is given. */
  failedWith(reason: StopReason, errorClass?: ErrorClass): this {
    this.outcome('failure').is('redress.stop_reason', reason, this.span.attributes['redress.stop_reason']);
    return errorClass === undefined ? this : this.attribute('error.class', errorClass);
  }

  /** The call was refused, such as by an open circuit, and its function never called. */
  rejectedWith(reason: StopReason): this {
    return this.outcome('rejected').is('redress.stop_reason', reason, this.span.attributes['redress.stop_reason']);
  }

  /** The caller, an AbortRetryError or the sleep handler ended the call. */
  aborted(): this {
    return this.outcome('aborted');
  }

  /** The sleep handler deferred the call. */
  scheduled(): this {
    return this.outcome('scheduled');
  }

  /** The call scheduled retries after exactly these delays, in milliseconds; `waited()` says that there was none. */
  waited(...delaysMs: readonly number[]): this {
    const delays = this.redressEvents()
      .filter(({ name }) => name === 'retry')
      .map(({ attributes }) => milliseconds(attributes['redress.backoff.delay']));
    return this.is('the delays in ms', delaysMs, delays);
  }

  /** The call's events are exactly these, in this order; the exception event is not one of them. A call that succeeded at once has none. */
  events(...names: readonly EventName[]): this {
    const emitted = this.redressEvents().map(({ name }) => name);
    return this.is('the events', names, emitted);
  }

  /** The call failed with an exception of this `exception.type`; `exception(undefined)` says that the span has none. */
  exception(type: string | undefined): this {
    const types = this.span.events.filter(({ name }) => name === EXCEPTION).map(({ attributes }) => attributes['exception.type']);
    return this.is('the exceptions', type === undefined ? [] : [type], types);
  }

  /** The span has this attribute with this value; `undefined` says that it has not. */
  attribute(name: string, value: AttributeValue | undefined): this {
    return this.is(name, value, this.span.attributes[name]);
  }

  /** The span's status: `error` for calls that failed or were refused, else `unset`. */
  status(status: EmittedSpan['status']): this {
    return this.is('the status', status, this.span.status);
  }

  /** The span is a child of that one, in the same trace. */
  childOf(parent: { readonly spanId: string; readonly traceId: string }): this {
    return this.is('the trace', parent.traceId, this.span.traceId).is('the parent', parent.spanId, this.span.parentSpanId);
  }

  /** The span links to that one and to no other: what opened the circuit that refused it, or that it probes. */
  linkedTo(cause: { readonly spanId: string }): this {
    return this.is(
      'the links',
      [cause.spanId],
      this.span.links.map(({ spanId }) => spanId),
    );
  }

  private redressEvents(): readonly EmittedEvent[] {
    return this.span.events.filter(({ name }) => name !== EXCEPTION);
  }

  private outcome(outcome: OutcomeKind): this {
    return this.is('redress.outcome', outcome, this.span.attributes['redress.outcome']);
  }

  private is(what: string, expected: unknown, actual: unknown): this {
    const [wanted, got] = [show(expected), show(actual)];
    if (wanted === got) return this;
    throw new TelemetryAssertionError(
      `call ${this.span.name}: expected ${what} to be ${wanted}, not ${got}`,
      expected,
      actual,
      describeSpan(this.span),
    );
  }
}

/** Seconds as they are emitted, in milliseconds without what the division left behind the millionth. */
function milliseconds(seconds: AttributeValue | undefined): number {
  return typeof seconds === 'number' ? Math.round(seconds * 1e9) / 1e6 : Number.NaN;
}

function show(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(show).join(', ');
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

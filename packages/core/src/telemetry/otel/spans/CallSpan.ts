import type { Attributes as OtelAttributes, Context, Link, Span, SpanContext, SpanOptions, Tracer } from '@opentelemetry/api';
import { SpanStatusCode, TraceFlags, isSpanContextValid, trace } from '@opentelemetry/api';
import type { Attributes } from '../../../model/Attributes.js';
import type { EmittedAttributes } from '../../../model/EmittedAttributes.js';
import { isStrayPromise } from '../../../model/strayPromise.js';
import type { EventName } from '../../../model/EventName.js';
import { ATTR_REDRESS_KEY } from '../../port/semconv.js';
import type { EventTaker, OperationIdentity } from '../OperationIdentity.js';
import { hrTime, wholeMs } from '../ProcessTime.js';
import { withCallerAttributes } from './callerAttributes.js';

/** What happened before a span was worth making. */
interface Deferred {
  readonly tracer: Tracer;
  readonly parent: Context;
  readonly startUs: number;
  readonly callerAttributes: Attributes | undefined;
  readonly events: { readonly event: EventName; readonly attributes: Readonly<EmittedAttributes>; readonly timeUs: number }[];
  readonly links: Link[];
}

/**
 * A call's span with every use of it guarded: a span processor that throws does so through `startSpan` and `end`,
 * and the call then goes on without a span.
 */
export abstract class CallSpan implements EventTaker {
  /** Has the span in it; undefined without a span. */
  context: Context | undefined;
  protected span: Span | undefined;
  private recording = false;
  private deferred: Deferred | undefined;
  private lastUs = 0;

  constructor(
    protected readonly of: OperationIdentity,
    callerAttributes: Attributes | undefined,
    readonly key: string | undefined,
  ) {
    const { tracer, config } = of.destinations;
    if (tracer === undefined) return;
    const parent = of.activeContext();
    if (config.requireParentSpan && trace.getSpan(parent) === undefined) return;
    if (config.spans === 'on-problem') {
      this.deferred = { tracer, parent, startUs: this.startUs(), callerAttributes, events: [], links: [] };
    } else {
      this.open(tracer, parent, this.startUs(), callerAttributes);
    }
  }

  get takesEvents(): boolean {
    return (this.recording || this.deferred !== undefined) && this.of.destinations.config.spanEvents;
  }

  addEvent(event: EventName, attributes: Readonly<EmittedAttributes>, timeUs: number): void {
    if (!this.takesEvents) return;
    if (this.deferred !== undefined) this.deferred.events.push({ event, attributes, timeUs });
    else this.putEvent(event, attributes, timeUs);
  }

  /** Not before the one told last, wherever the wall clock is set meanwhile; and a store that sorts by time must find their order. */
  nextUs(): number {
    this.lastUs = Math.max(this.of.destinations.time.now(), this.lastUs + 1);
    return this.lastUs;
  }

  link(cause: unknown): void {
    if (!isSpanContext(cause) || this.isOwn(cause)) return;
    const link: Link = { context: cause };
    if (this.deferred !== undefined) this.deferred.links.push(link);
    else this.putLink(link);
  }

  /** A call that opened the circuit which then refuses it has nobody to link to. */
  private isOwn({ traceId, spanId }: SpanContext): boolean {
    try {
      const own = this.span?.spanContext();
      return own?.spanId === spanId && own.traceId === traceId;
    } catch (error) {
      this.told('reading a span context', error);
      return false;
    }
  }

  /** Only of a sampled span: a link to any other leads nowhere. */
  cause(): SpanContext | undefined {
    this.showProblem();
    if (this.span === undefined) return undefined;
    try {
      const own = this.span.spanContext();
      return (own.traceFlags & TraceFlags.SAMPLED) === 0 ? undefined : own;
    } catch (error) {
      this.told('reading a span context', error);
      return undefined;
    }
  }

  /** The call turned out to be a problem: a span that waited for that is made now, with the call's own start. */
  protected showProblem(): void {
    const { deferred } = this;
    if (deferred === undefined) return;
    this.deferred = undefined;
    this.open(deferred.tracer, deferred.parent, deferred.startUs, deferred.callerAttributes);
    for (const { event, attributes, timeUs } of deferred.events) this.putEvent(event, attributes, timeUs);
    for (const link of deferred.links) this.putLink(link);
  }

  protected get records(): boolean {
    return this.recording;
  }

  protected putException(attributes: EmittedAttributes): void {
    this.putEvent('exception', attributes, this.nextUs());
  }

  protected endSpan(attributes: Readonly<EmittedAttributes>, problem: string | undefined, hook: ((span: Span) => void) | undefined): void {
    const { span } = this;
    this.deferred = undefined;
    if (span === undefined) return;
    this.span = undefined;
    if (this.recording) {
      this.recording = false;
      try {
        span.setAttributes(attributes);
        if (problem !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: problem });
      } catch (error) {
        this.told('describing the end of a span', error);
      }
      if (hook !== undefined) {
        try {
          const told = (error: unknown): void => this.told('callHook', error);
          if (isStrayPromise(hook(span) as unknown, told)) told(new TypeError('callHook must give nothing; got a promise'));
        } catch (error) {
          this.told('callHook', error);
        }
      }
    }
    try {
      span.end(hrTime(this.nextUs()));
    } catch (error) {
      this.told('ending a span', error);
    }
  }

  protected told(what: string, error: unknown): void {
    this.of.destinations.diagnostics.warnOnce(`${what} threw`, error);
  }

  /** In whole milliseconds, as a client span inside begins, which else would begin before its parent. */
  private startUs(): number {
    this.lastUs = wholeMs(this.of.destinations.time.now());
    return this.lastUs;
  }

  private open(tracer: Tracer, parent: Context, startUs: number, callerAttributes: Attributes | undefined): void {
    const attributes = callerAttributes === undefined ? this.ownAttributes() : this.startAttributes(callerAttributes);
    const options: SpanOptions = { attributes, startTime: hrTime(startUs) };
    try {
      this.span = tracer.startSpan(this.of.operation, options, parent);
      this.context = trace.setSpan(parent, this.span);
      this.recording = this.span.isRecording();
    } catch (error) {
      this.told('starting a span', error);
    }
  }

  protected ownAttributes(): Readonly<EmittedAttributes> {
    const { key, of } = this;
    return key === undefined ? of.identity : { ...of.identity, [ATTR_REDRESS_KEY]: key };
  }

  private startAttributes(callerAttributes: Attributes): OtelAttributes {
    return withCallerAttributes(this.ownAttributes(), callerAttributes, (error) => this.told("reading the caller's attributes", error));
  }

  private putEvent(name: string, attributes: Readonly<EmittedAttributes>, timeUs: number): void {
    try {
      this.span?.addEvent(name, attributes, hrTime(timeUs));
    } catch (error) {
      this.told('adding an event to a span', error);
    }
  }

  private putLink(link: Link): void {
    const { span } = this;
    try {
      // Links after the start came with API 1.9; a span of an older SDK has no such method.
      if (typeof span?.addLink === 'function') span.addLink(link);
    } catch (error) {
      this.told('adding a link to a span', error);
    }
  }
}

function isSpanContext(cause: unknown): cause is SpanContext {
  return typeof cause === 'object' && cause !== null && 'traceId' in cause && 'spanId' in cause && isSpanContextValid(cause as SpanContext);
}

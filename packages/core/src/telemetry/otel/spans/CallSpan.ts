import type { Attributes as OtelAttributes, Context, Link, Span, SpanContext, SpanOptions, Tracer } from '@opentelemetry/api';
import { SpanStatusCode, TraceFlags, isSpanContextValid, trace } from '@opentelemetry/api';
import type { Attributes } from '../../../model/Attributes.js';
import type { EmittedAttributes } from '../../../model/EmittedAttributes.js';
import { isStrayPromise } from '../../../model/strayPromise.js';
import type { EventName } from '../../../model/EventName.js';
import type { EventTaker, OperationIdentity } from '../OperationIdentity.js';
import { withCallerAttributes } from './callerAttributes.js';

/** What happened before a span was worth making. */
interface Deferred {
  readonly tracer: Tracer;
  readonly parent: Context;
  readonly startTime: number;
  readonly callerAttributes: Attributes | undefined;
  readonly events: { readonly event: EventName; readonly attributes: Readonly<EmittedAttributes>; readonly time: number }[];
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

  constructor(
    protected readonly of: OperationIdentity,
    callerAttributes: Attributes | undefined,
  ) {
    const { tracer, config } = of.destinations;
    if (tracer === undefined) return;
    const parent = of.activeContext();
    if (config.requireParentSpan && trace.getSpan(parent) === undefined) return;
    if (config.spans === 'on-problem') {
      this.deferred = { tracer, parent, startTime: Date.now(), callerAttributes, events: [], links: [] };
    } else {
      this.open(tracer, parent, callerAttributes === undefined ? of.startOptions : { attributes: this.startAttributes(callerAttributes) });
    }
  }

  get takesEvents(): boolean {
    return (this.recording || this.deferred !== undefined) && this.of.destinations.config.spanEvents;
  }

  addEvent(event: EventName, attributes: Readonly<EmittedAttributes>): void {
    if (!this.takesEvents) return;
    if (this.deferred !== undefined) this.deferred.events.push({ event, attributes, time: Date.now() });
    else this.putEvent(event, attributes);
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
    const { callerAttributes } = deferred;
    const attributes = callerAttributes === undefined ? this.of.identity : this.startAttributes(callerAttributes);
    this.open(deferred.tracer, deferred.parent, { attributes, startTime: deferred.startTime });
    for (const { event, attributes, time } of deferred.events) this.putEvent(event, attributes, time);
    for (const link of deferred.links) this.putLink(link);
  }

  protected get records(): boolean {
    return this.recording;
  }

  protected putException(attributes: EmittedAttributes): void {
    this.putEvent('exception', attributes);
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
      span.end();
    } catch (error) {
      this.told('ending a span', error);
    }
  }

  protected told(what: string, error: unknown): void {
    this.of.destinations.diagnostics.warnOnce(`${what} threw`, error);
  }

  private open(tracer: Tracer, parent: Context, options: SpanOptions): void {
    try {
      this.span = tracer.startSpan(this.of.operation, options, parent);
      this.context = trace.setSpan(parent, this.span);
      this.recording = this.span.isRecording();
    } catch (error) {
      this.told('starting a span', error);
    }
  }

  private startAttributes(callerAttributes: Attributes): OtelAttributes {
    return withCallerAttributes(this.of.identity, callerAttributes, (error) => this.told("reading the caller's attributes", error));
  }

  private putEvent(name: string, attributes: Readonly<EmittedAttributes>, time?: number): void {
    try {
      if (time === undefined) this.span?.addEvent(name, attributes);
      else this.span?.addEvent(name, attributes, time);
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

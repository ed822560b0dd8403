import { context, type Context, type Span, type SpanOptions, type Tracer } from '@opentelemetry/api';
import { RESEND_COUNT, resendCount } from '../resendCount.js';

type InSpan = (span: Span) => unknown;

/** A tracer whose HTTP client spans start with `http.request.resend_count` inside a second or later attempt. */
export class ResendCountingTracer implements Tracer {
  constructor(private readonly tracer: Tracer) {}

  startSpan(name: string, options?: SpanOptions, parent: Context = context.active()): Span {
    return this.tracer.startSpan(name, options && counted(options, parent), parent);
  }

  startActiveSpan<F extends InSpan>(name: string, fn: F): ReturnType<F>;
  startActiveSpan<F extends InSpan>(name: string, options: SpanOptions, fn: F): ReturnType<F>;
  startActiveSpan<F extends InSpan>(name: string, options: SpanOptions, parent: Context, fn: F): ReturnType<F>;
  startActiveSpan<F extends InSpan>(
    name: string,
    ...rest: readonly [F] | readonly [SpanOptions, F] | readonly [SpanOptions, Context, F]
  ): ReturnType<F> {
    // Without options there is no kind, so that it is no client span.
    if (rest.length === 1) return this.tracer.startActiveSpan(name, rest[0]);
    if (rest.length === 2) return this.tracer.startActiveSpan(name, counted(rest[0], context.active()), rest[1]);
    return this.tracer.startActiveSpan(name, counted(rest[0], rest[1]), rest[1], rest[2]);
  }
}

function counted(options: SpanOptions, parent: Context): SpanOptions {
  const count = resendCount(options.kind, options.attributes, parent);
  return count === undefined ? options : { ...options, attributes: { ...options.attributes, [RESEND_COUNT]: count } };
}

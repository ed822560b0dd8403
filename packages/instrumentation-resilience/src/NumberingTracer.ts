import { context, type Context, type Span, type SpanOptions, type Tracer } from '@opentelemetry/api';
import { attemptOf, beginsIn } from './attemptOf.js';
import { attemptAttributes } from './attemptAttributes.js';

type InSpan = (span: Span) => unknown;

/** A tracer whose client spans start with `retry.attempt` inside an attempt, and those of HTTP with `http.request.resend_count` from the second on. */
export class NumberingTracer implements Tracer {
  constructor(private readonly tracer: Tracer) {}

  startSpan(name: string, options?: SpanOptions, parent: Context = context.active()): Span {
    const attempt = attemptOf(parent);
    const span = this.tracer.startSpan(name, options && numbered(options, attempt), parent);
    beginsIn(span, attempt);
    return span;
  }

  startActiveSpan<F extends InSpan>(name: string, fn: F): ReturnType<F>;
  startActiveSpan<F extends InSpan>(name: string, options: SpanOptions, fn: F): ReturnType<F>;
  startActiveSpan<F extends InSpan>(name: string, options: SpanOptions, parent: Context, fn: F): ReturnType<F>;
  startActiveSpan<F extends InSpan>(
    name: string,
    ...rest: readonly [F] | readonly [SpanOptions, F] | readonly [SpanOptions, Context, F]
  ): ReturnType<F> {
    const fn = rest.at(-1) as F;
    const options = rest.length === 1 ? {} : rest[0];
    const parent = rest.length === 3 ? rest[1] : context.active();
    const attempt = attemptOf(parent);
    const inSpan = (span: Span): unknown => {
      beginsIn(span, attempt);
      return fn(span);
    };
    return this.tracer.startActiveSpan(name, numbered(options, attempt), parent, inSpan) as ReturnType<F>;
  }
}

function numbered(options: SpanOptions, attempt: number | undefined): SpanOptions {
  const more = attemptAttributes(options.kind, options.attributes, attempt);
  return more === undefined ? options : { ...options, attributes: { ...options.attributes, ...more } };
}

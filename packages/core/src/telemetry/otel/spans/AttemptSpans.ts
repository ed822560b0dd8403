import { type Context, type Span, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import type { EmittedAttributes } from '../../../model/EmittedAttributes.js';
import type { FailureFacts } from '../../../model/FailureFacts.js';
import { hrTime } from '../ProcessTime.js';
import type { OperationIdentity } from '../OperationIdentity.js';
import { properName } from '../../../model/properName.js';
import { ATTR_ERROR_CLASS, ATTR_ERROR_TYPE } from '../../port/semconv.js';

interface AttemptSpan {
  readonly span: Span;
  readonly context: Context;
}

/** A child span for each attempt of one call, with the option attemptSpans. */
export class AttemptSpans {
  private readonly open = new Map<number, AttemptSpan>();

  constructor(
    private readonly of: OperationIdentity,
    private readonly identity: Readonly<EmittedAttributes>,
  ) {}

  start(tracer: Tracer, parent: Context, attempt: number, startUs: number): void {
    try {
      const span = tracer.startSpan(
        `${this.of.operation} attempt ${attempt}`,
        { attributes: { ...this.identity, ...this.of.eventAttributes(attempt) }, startTime: hrTime(startUs) },
        parent,
      );
      this.open.set(attempt, { span, context: trace.setSpan(parent, span) });
    } catch (error) {
      this.told('starting', error);
    }
  }

  contextOf(attempt: number): Context | undefined {
    return this.open.get(attempt)?.context;
  }

  end(attempt: number, failure: FailureFacts | undefined, endUs: number): void {
    const span = this.open.get(attempt)?.span;
    if (span === undefined) return;
    this.open.delete(attempt);
    try {
      if (failure !== undefined) {
        span.setAttributes({ [ATTR_ERROR_CLASS]: failure.errorClass, [ATTR_ERROR_TYPE]: properName(failure.errorType) });
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end(hrTime(endUs));
    } catch (error) {
      this.told('ending', error);
    }
  }

  /** The call is over; what still runs of it has no span of its own from here on. */
  endAll(endUs: number): void {
    for (const attempt of [...this.open.keys()]) this.end(attempt, undefined, endUs);
  }

  private told(what: string, error: unknown): void {
    this.of.destinations.diagnostics.warnOnce(`${what} the span of an attempt threw`, error);
  }
}

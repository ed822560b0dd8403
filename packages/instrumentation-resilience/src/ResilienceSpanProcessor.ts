import { diag, type Attributes, type Context, type SpanKind } from '@opentelemetry/api';
import { attemptOf, beginsIn } from './attemptOf.js';
import { attemptAttributes } from './attemptAttributes.js';

/** What the processor needs of a started span; those of both SDK lines fit. */
export interface StartedSpan {
  readonly kind: SpanKind;
  readonly attributes: Attributes;
  setAttribute(key: string, value: number): unknown;
}

/**
 * A span processor that sets `retry.attempt` on client spans made inside an attempt, and `http.request.resend_count` on HTTP client spans
 * of second and later ones, so that a backend tells a retry from a first request. Put it anywhere in NodeSDK's `spanProcessors`.
 */
export class ResilienceSpanProcessor {
  private state: 'running' | 'shut down' | 'told' = 'running';

  onStart(span: StartedSpan, parentContext: Context): void {
    const attempt = attemptOf(parentContext);
    if (attempt === undefined) return;
    beginsIn(span, attempt);
    for (const [name, value] of Object.entries(attemptAttributes(span.kind, span.attributes, attempt) ?? {}))
      span.setAttribute(name, value);
  }

  /** The SDK drops spans that end after its shutdown without a word, so that a service would look idle as it drains. */
  onEnd(): void {
    if (this.state !== 'shut down') return;
    this.state = 'told';
    diag.warn('ResilienceSpanProcessor: a span ended after the SDK was shut down; it is lost, and so are later ones (told once)');
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {
    this.state = 'shut down';
  }
}

import { errorInWords } from './failureName.js';
import { isCall } from './judgeTrace.js';
import { number, type Span } from './Span.js';

/** A span and where it stands in its trace. */
export interface PlacedSpan {
  readonly span: Span;
  readonly parent: Span | undefined;
  /** 0 for a root. */
  readonly depth: number;
}

/** Parents before their children, siblings by time. A span whose parent has not come yet stands as a root; circles have no place. */
export function parentsFirst(spans: readonly Span[]): PlacedSpan[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const children = new Map<Span | undefined, Span[]>();
  for (const span of [...spans].sort((a, b) => a.startMs - b.startMs)) {
    const parent = byId.get(span.parentSpanId ?? '');
    children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  const under = (parent: Span | undefined, depth: number): PlacedSpan[] =>
    (children.get(parent) ?? []).flatMap((span) => [{ span, parent, depth }, ...under(span, depth + 1)]);
  return under(undefined, 0);
}

/** The number of the attempt that a client span directly under a call is; undefined for any other span. */
export function attemptNumber({ span, parent }: PlacedSpan): number | undefined {
  return span.kind === 'client' && parent !== undefined && isCall(parent)
    ? 1 + (number(span.attributes, 'http.request.resend_count') ?? 0)
    : undefined;
}

/** What came of a span: its status code, or the name of its error. */
export function resultOf(span: Span): string {
  const status = number(span.attributes, 'http.response.status_code');
  if (status === undefined) {
    return span.failed ? errorOf(span) : 'ok';
  }
  return brokeOff(span) ? `${status}, cut off` : String(status);
}

/** The same at length: what cut the body off after a good status, too. */
export function fullResultOf(span: Span): string {
  return brokeOff(span) ? `${resultOf(span)} by ${errorInWords(errorOf(span))}` : resultOf(span);
}

function brokeOff(span: Span): boolean {
  const status = number(span.attributes, 'http.response.status_code');
  return span.failed && status !== undefined && status < 400;
}

function errorOf(span: Span): string {
  const exception = span.events.find((event) => event.name === 'exception')?.attributes['exception.type'];
  return String(exception ?? span.attributes['error.type'] ?? (span.statusMessage || 'error'));
}

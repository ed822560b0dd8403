import { formatDuration } from './formatDuration.js';
import { callName, isCall, judgeTrace, type Verdict } from './judgeTrace.js';
import { number, text, type Span, type SpanLink } from './Span.js';
import { attemptNumber, parentsFirst, resultOf, type PlacedSpan } from './spanTree.js';
import { tellEvent, tellTrace, type StoryLine } from './tellTrace.js';
import type { Tone } from './Tone.js';

/** A backoff inside a call's row. */
export interface Wait {
  readonly startMs: number;
  readonly durationMs: number;
  readonly label: string;
}

/** An event on a call's row. */
export interface Mark {
  readonly atMs: number;
  readonly tone: Tone;
  readonly label: string;
}

/** One span. All times are milliseconds from the trace's start. */
export interface Row {
  readonly depth: number;
  readonly kind: 'call' | 'attempt' | 'span';
  readonly label: string;
  readonly result: string;
  readonly tone: Tone;
  readonly startMs: number;
  readonly durationMs: number;
  readonly waits: readonly Wait[];
  readonly marks: readonly Mark[];
  readonly links: readonly SpanLink[];
}

/** A trace as a timeline: rows, parents first, and what happened in the order it happened. */
export interface Drawing extends Verdict {
  readonly traceId: string;
  readonly name: string;
  readonly service: string;
  /** Milliseconds since 1970. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly rows: readonly Row[];
  readonly story: readonly StoryLine[];
}

/** Draws the spans of one trace; undefined when there are none. */
export function drawTrace(spans: readonly Span[]): Drawing | undefined {
  const placed = parentsFirst(spans);
  const [root] = placed;
  if (root === undefined) {
    return undefined;
  }
  const { traceId, name, service } = root.span;
  const startMs = Math.min(...spans.map((span) => span.startMs));
  const endMs = Math.max(...spans.map((span) => span.endMs));
  const rows = placed.map((each) => drawRow(each, startMs));
  return { traceId, name, service, startMs, durationMs: endMs - startMs, rows, story: tellTrace(spans, startMs), ...judgeTrace(spans) };
}

function drawRow(placed: PlacedSpan, traceStartMs: number): Row {
  const { span, depth } = placed;
  const attempt = attemptNumber(placed);
  const called = isCall(span);
  return {
    depth,
    kind: called ? 'call' : attempt === undefined ? 'span' : 'attempt',
    label: called ? callName(span) : attempt === undefined ? span.name : `attempt ${attempt}`,
    result: called ? outcomeOf(span) : resultOf(span),
    tone: called ? callTone(span) : span.failed ? 'bad' : attempt === undefined ? 'plain' : 'good',
    startMs: span.startMs - traceStartMs,
    durationMs: span.endMs - span.startMs,
    waits: called ? waitsOf(span, traceStartMs) : [],
    marks: called ? marksOf(span, traceStartMs) : [],
    links: span.links,
  };
}

/** One word, for a row has little room; the story has the details. */
function outcomeOf(span: Span): string {
  const attempts = number(span.attributes, 'redress.attempt_count') ?? 0;
  switch (text(span.attributes, 'redress.outcome')) {
    case 'success':
      return attempts > 1 ? 'rescued' : 'ok';
    case 'failure':
      return 'failed';
    case 'rejected':
      return attempts > 0 ? 'stopped' : 'refused';
    default:
      return text(span.attributes, 'redress.outcome') ?? 'no outcome';
  }
}

function callTone(span: Span): Tone {
  switch (text(span.attributes, 'redress.outcome')) {
    case 'success':
      return 'good';
    case 'rejected':
      return 'circuit';
    case 'failure':
      return 'bad';
    default:
      return 'plain';
  }
}

/** A wait begins with its `retry` event and lasts as long as the event says, or until the call ended it. */
function waitsOf(span: Span, traceStartMs: number): Wait[] {
  return span.events
    .filter((event) => event.name === 'retry')
    .map((event) => {
      const delayMs = (number(event.attributes, 'redress.backoff.delay') ?? 0) * 1_000;
      const durationMs = Math.min(delayMs, Math.max(0, span.endMs - event.atMs));
      return { startMs: event.atMs - traceStartMs, durationMs, label: `waits ${formatDuration(delayMs)}` };
    });
}

function marksOf(span: Span, traceStartMs: number): Mark[] {
  return span.events.flatMap((event) => {
    const told = tellEvent(event);
    return told === undefined ? [] : [{ atMs: event.atMs - traceStartMs, tone: told.tone, label: told.what }];
  });
}

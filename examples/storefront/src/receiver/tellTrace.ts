import { failureName } from './failureName.js';
import { formatDuration } from './formatDuration.js';
import { callName, isCall } from './judgeTrace.js';
import { number, text, type Span, type SpanEvent } from './Span.js';
import { attemptNumber, parentsFirst, fullResultOf } from './spanTree.js';
import type { Tone } from './Tone.js';

/** One thing that happened in a trace. */
export interface StoryLine {
  /** Milliseconds from the trace's start. */
  readonly atMs: number;
  /** The call it happened to. */
  readonly call: string;
  readonly what: string;
  readonly tone: Tone;
}

/** What happened, in order: attempts at their start, redress's decisions when they were made. */
export function tellTrace(spans: readonly Span[], startMs: number): StoryLine[] {
  return [...tellAttempts(spans), ...tellDecisions(spans)]
    .sort((a, b) => a.orderMs - b.orderMs)
    .map(({ line }) => ({ ...line, atMs: Math.max(0, line.atMs - startMs) }));
}

interface Told {
  readonly line: StoryLine;
  readonly orderMs: number;
}

function tellAttempts(spans: readonly Span[]): Told[] {
  return parentsFirst(spans).flatMap((placed): Told[] => {
    const { span, parent } = placed;
    const attempt = attemptNumber(placed);
    if (attempt === undefined || parent === undefined) {
      return [];
    }
    const what = `attempt ${attempt}: ${fullResultOf(span)} in ${formatDuration(span.endMs - span.startMs)}`;
    // The SDK cuts a span's start to the millisecond, but not an event's time: what led to the attempt would seem to follow it.
    const orderMs = Math.min(span.startMs + 0.999, span.endMs);
    return [{ line: { atMs: span.startMs, call: callName(parent), what, tone: span.failed ? 'bad' : 'good' }, orderMs }];
  });
}

function tellDecisions(spans: readonly Span[]): Told[] {
  return spans.filter(isCall).flatMap((span) =>
    span.events.flatMap((event): Told[] => {
      const told = tellEvent(event);
      return told === undefined ? [] : [{ line: { atMs: event.atMs, call: callName(span), ...told }, orderMs: event.atMs }];
    }),
  );
}

/** An event of a call in words; undefined for the exception, which its terminal event tells already. */
export function tellEvent({ name, attributes }: SpanEvent): { readonly what: string; readonly tone: Tone } | undefined {
  const attempt = text(attributes, 'retry.attempt') ?? '?';
  const circuit = text(attributes, 'circuit.name') ?? '';
  const failure = failureName(attributes) ?? 'a failure';
  switch (name) {
    case 'exception':
      return undefined;
    case 'success':
      return { what: `success at attempt ${attempt}`, tone: 'good' };
    case 'retry': {
      const delay = formatDuration((number(attributes, 'redress.backoff.delay') ?? 0) * 1_000);
      return { what: `retry: attempt ${attempt} ended in ${failure}, waits ${delay}`, tone: 'wait' };
    }
    case 'attempt_timeout':
      return { what: `attempt ${attempt} ran out of its time`, tone: 'bad' };
    case 'slow_call':
      return { what: `attempt ${attempt} was slow`, tone: 'wait' };
    case 'budget_exhausted':
      return { what: `gives up after ${failure}: no retry left in the budget`, tone: 'bad' };
    case 'circuit_rejected': {
      // A call that had an attempt behind it names that failure.
      const refused = attributes['error.class'] === undefined ? 'refused' : 'not tried again';
      return {
        what: `${refused}: circuit ${circuit} is ${(text(attributes, 'circuit.state') ?? 'open').replace('_', ' ')}`,
        tone: 'circuit',
      };
    }
    case 'circuit_opened':
      return { what: `circuit ${circuit} opens`, tone: 'circuit' };
    case 'circuit_half_open':
      return { what: `circuit ${circuit} is half open: this call is its probe`, tone: 'circuit' };
    case 'circuit_closed':
      return { what: `circuit ${circuit} closes`, tone: 'circuit' };
    case 'max_attempts_exceeded':
    case 'max_unknown_attempts_exceeded':
      return { what: `gives up after attempt ${attempt}: ${failure}`, tone: 'bad' };
    default:
      return { what: `${name.replaceAll('_', ' ')} at attempt ${attempt}: ${failure}`, tone: 'bad' };
  }
}

import { failureName } from './failureName.js';
import { stopReasonInWords } from './stopReason.js';
import { number, text, type Span } from './Span.js';

/** What a trace is about, the most interesting first. */
export const traceKinds = ['circuit', 'budget', 'failed', 'rescued', 'refused', 'fine'] as const;

/** One of {@link traceKinds}. */
export type TraceKind = (typeof traceKinds)[number];

/** A trace in a sentence. */
export interface Verdict {
  readonly kind: TraceKind;
  readonly headline: string;
}

/** Whether the span is a call under a policy. */
export function isCall(span: Span): boolean {
  return span.attributes['redress.policy'] !== undefined;
}

/** A call's name: its policy, and its operation where it has one of its own. */
export function callName(span: Span): string {
  const policy = text(span.attributes, 'redress.policy') ?? span.name;
  const operation = text(span.attributes, 'operation') ?? policy;
  return operation === policy ? policy : `${policy} ${operation}`;
}

/** Judges a trace by its most interesting call. */
export function judgeTrace(spans: readonly Span[]): Verdict {
  const calls = spans.filter(isCall);
  const verdicts = calls.map(judgeCall);
  const first = traceKinds.map((kind) => verdicts.find((verdict) => verdict.kind === kind)).find((verdict) => verdict !== undefined);
  if (first === undefined) {
    return spans.some((span) => span.failed)
      ? { kind: 'failed', headline: 'An error outside of any policy' }
      : { kind: 'fine', headline: 'No call under a policy' };
  }
  return first.kind === 'fine' ? { kind: 'fine', headline: calls.map(callName).join(', ') } : first;
}

function judgeCall(span: Span): Verdict {
  const name = callName(span);
  const attempts = number(span.attributes, 'redress.attempt_count') ?? 0;
  const last = lastFailure(span);
  const transition = transitionOf(span);
  if (transition !== undefined) {
    return { kind: 'circuit', headline: `${name} ${transition}` };
  }
  if (text(span.attributes, 'redress.stop_reason') === 'BUDGET_EXHAUSTED') {
    return { kind: 'budget', headline: `${name} failed at attempt ${attempts}${last}: no retry left in the budget` };
  }
  switch (text(span.attributes, 'redress.outcome')) {
    case 'success':
      return attempts > 1
        ? { kind: 'rescued', headline: `${name} succeeded at attempt ${attempts}${last}` }
        : { kind: 'fine', headline: name };
    case 'rejected':
      return {
        kind: 'refused',
        headline:
          attempts === 0
            ? `${name} was refused at once: the circuit is open`
            : `${name} stopped at attempt ${attempts}${last}: the circuit opened`,
      };
    default:
      return {
        kind: 'failed',
        headline: `${name} ${stopReasonInWords(text(span.attributes, 'redress.stop_reason'), attempts)}${because(last)}`,
      };
  }
}

/** ` after 503` as the reason. */
function because(last: string): string {
  return last.replace(/^ after /, ': ');
}

function transitionOf(span: Span): string | undefined {
  const names = new Set(span.events.map((event) => event.name));
  const circuit = circuitOf(span);
  if (names.has('circuit_closed')) {
    return `closed ${circuit}: its probe succeeded`;
  }
  if (names.has('circuit_opened')) {
    return names.has('circuit_half_open') ? `opened ${circuit} again: its probe failed` : `failed, and that opened ${circuit}`;
  }
  return names.has('circuit_half_open') ? `probed ${circuit}` : undefined;
}

function circuitOf(span: Span): string {
  const name = span.events.map((event) => text(event.attributes, 'circuit.name')).find((each) => each !== undefined);
  return name === undefined ? 'the circuit' : `the circuit ${name}`;
}

/** What the last failed attempt ended in; a call that was rescued has it on its events alone. */
function lastFailure(span: Span): string {
  const onEvents = span.events.filter((event) => event.name !== 'exception').map((event) => failureName(event.attributes));
  const name = failureName(span.attributes) ?? onEvents.filter((each) => each !== undefined).at(-1);
  return name === undefined ? '' : ` after ${name}`;
}

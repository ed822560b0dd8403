import type { Attributes } from '@opentelemetry/api';
import type { EmittedSeries, EmittedSpan } from './Emitted.js';

/** Attributes in one line: `retry.attempt=1 error.class=TRANSIENT`. */
export function describeAttributes(attributes: Attributes): string {
  return Object.entries(attributes)
    .filter(([name]) => name !== 'exception.stacktrace')
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ');
}

/** A span and its events with their times, one in a line. */
export function describeSpan(span: EmittedSpan): string {
  const events = span.events.map(({ name, attributes, timeMs }) => {
    const atMs = `+${(timeMs - span.startMs).toFixed(1)} ms`;
    return `  ${atMs.padStart(12)}  ${name.padEnd(20)} ${describeAttributes(attributes)}`.trimEnd();
  });
  return [`${span.name}: ${describeAttributes(span.attributes)}`, ...events].join('\n');
}

/** All of them, or a word that says there is none. */
export function describeSpans(spans: readonly EmittedSpan[]): string {
  return spans.length === 0 ? 'No call was emitted.' : `Emitted:\n${spans.map(describeSpan).join('\n')}`;
}

/** Series of metrics, one in a line. */
export function describeSeries(series: readonly EmittedSeries[]): string {
  if (series.length === 0) return 'Emitted: nothing.';
  const lines = series.map((one) => {
    const value = one.kind === 'histogram' ? `count ${one.count} sum ${one.sum}` : String(one.value);
    return `  ${one.name}{${describeAttributes(one.attributes)}} ${value}`;
  });
  return `Emitted:\n${lines.join('\n')}`;
}

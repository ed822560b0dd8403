import type { EmittedSeries, EmittedSpan } from './Emitted.js';
import { TelemetryAssertionError } from './TelemetryAssertionError.js';

/** Events of circuits: they happen outside of calls as well, so spans need not have them all. */
const CIRCUIT_EVENTS: ReadonlySet<string> = new Set(['circuit_opened', 'circuit_half_open', 'circuit_closed']);

/** What happened, by the spans and by the metrics alike. */
export interface Conserved {
  readonly calls: number;
  readonly attempts: number;
  readonly retries: number;
  /** Calls that succeeded after the first attempt. */
  readonly rescues: number;
}

type Counts = Map<string, number>;

/** Holds the sums over all series against the calls' spans; throws a TelemetryAssertionError with a table of what differs. */
export function conserve(calls: readonly EmittedSpan[], series: readonly EmittedSeries[]): Conserved {
  const bySpans = countsOfSpans(calls);
  const byMetrics = countsOfSeries(series);
  const names = [...new Set([...bySpans.keys(), ...byMetrics.keys()])].sort();
  const wrong = names.filter((name) => (bySpans.get(name) ?? 0) !== (byMetrics.get(name) ?? 0));
  if (wrong.length > 0) {
    const table = names.map((name) => {
      const mark = wrong.includes(name) ? '!' : ' ';
      return `${mark} ${name.padEnd(40)} spans ${bySpans.get(name) ?? 0}  metrics ${byMetrics.get(name) ?? 0}`;
    });
    throw new TelemetryAssertionError(
      `expected the sums over all series to equal what happened, but ${wrong.join(', ')} differ`,
      Object.fromEntries(bySpans),
      Object.fromEntries(byMetrics),
      table.join('\n'),
    );
  }
  const count = (name: string): number => bySpans.get(name) ?? 0;
  return { calls: calls.length, attempts: count('attempts'), retries: count('retries'), rescues: count('rescues') };
}

function add(counts: Counts, name: string, value: number): void {
  if (value !== 0) counts.set(name, (counts.get(name) ?? 0) + value);
}

function countsOfSpans(calls: readonly EmittedSpan[]): Counts {
  const counts: Counts = new Map();
  for (const { attributes, events } of calls) {
    add(counts, `calls by outcome ${String(attributes['redress.outcome'])}`, 1);
    add(counts, 'attempts', Number(attributes['redress.attempt_count']));
    if (attributes['redress.outcome'] === 'success') {
      // A span has the event of a success only after a retry.
      add(counts, 'event success', 1);
      // What something else answered, no attempt rescued.
      if (Number(attributes['redress.attempt_count']) > 1 && !('redress.answered_by' in attributes)) add(counts, 'rescues', 1);
    }
    for (const { name } of events) {
      if (name === 'exception' || name === 'success' || CIRCUIT_EVENTS.has(name)) continue;
      add(counts, `event ${name}`, 1);
      if (name === 'retry') add(counts, 'retries', 1);
    }
  }
  return counts;
}

function countsOfSeries(series: readonly EmittedSeries[]): Counts {
  const counts: Counts = new Map();
  for (const one of series) {
    if (one.kind === 'histogram') {
      if (one.name === 'redress.retry.duration') add(counts, `calls by outcome ${String(one.attributes['redress.outcome'])}`, one.count);
      continue;
    }
    if (one.name === 'redress.attempts') add(counts, 'attempts', one.value);
    if (one.name === 'redress.retries') add(counts, 'retries', one.value);
    if (one.name === 'redress.retry.success_after_retries') add(counts, 'rescues', one.value);
    const event = String(one.attributes['redress.event']);
    if (one.name === 'redress.events' && !CIRCUIT_EVENTS.has(event)) add(counts, `event ${event}`, one.value);
  }
  return counts;
}

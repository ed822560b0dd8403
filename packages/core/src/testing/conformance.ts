import { type ListedAttribute, type ListedEvent, type ListedSet, REGISTRY } from './semconv.registry.js';
import { OTHER } from '../telemetry/otel/metrics/other.js';

type AnyAttributes = Readonly<Record<string, unknown>>;

/** Telemetry of redress alone, as the test kit's in-memory SDK gives it. */
export interface Collected {
  readonly spans: readonly {
    readonly name: string;
    readonly kind: string;
    readonly attributes: AnyAttributes;
    readonly events: readonly { readonly name: string; readonly attributes: AnyAttributes }[];
  }[];
  readonly logs: readonly {
    readonly eventName: string | undefined;
    readonly severityText: string | undefined;
    readonly attributes: AnyAttributes;
  }[];
  readonly series: readonly {
    readonly name: string;
    readonly value?: number;
    readonly kind: string;
    readonly unit: string;
    readonly description: string;
    readonly attributes: AnyAttributes;
  }[];
}

const INSTRUMENT_KIND: Readonly<Record<string, string>> = {
  counter: 'counter',
  updowncounter: 'up_down_counter',
  gauge: 'gauge',
  histogram: 'histogram',
};
const OWNERS: ReadonlySet<string> = new Set(['redress.policy', 'redress.library', 'redress.key', 'operation']);
const CALL = 'span.redress.call';
const ATTEMPT = 'span.redress.attempt';

const events = new Map(REGISTRY.events.map((event) => [event.name.replace('redress.', ''), event]));
const metrics = new Map(REGISTRY.metrics.map((metric) => [metric.name, metric]));
const spans = new Map(REGISTRY.spans.map((span) => [span.id, span]));

/** What was emitted against semconv/redress.yaml, one line each; empty when all is as listed. */
export function violations(collected: Collected): string[] {
  const found: string[] = [];
  for (const span of collected.spans) {
    const id = spanId(span.attributes);
    const where = `span ${span.name}`;
    found.push(...setViolations(where, span.attributes, spans.get(id), id === CALL));
    if (span.kind !== 'internal') found.push(`${where}: its kind is ${span.kind}`);
    for (const { name, attributes } of span.events) {
      const event = onSpan(events.get(name));
      if (event === undefined) found.push(`${where}: event ${name} is not listed`);
      else found.push(...setViolations(`${where}: event ${name}`, attributes, event, false));
    }
    const terminal = span.events.filter((event) => isTerminal(events.get(event.name), event.attributes));
    if (terminal.length > 1) found.push(`${where}: ${terminal.length} terminal events`);
  }
  for (const log of collected.logs) {
    const where = `log ${log.eventName}`;
    const name = log.attributes['redress.event'];
    const event = REGISTRY.events.find((listed) => listed.name === log.eventName && !listed.spanOnly);
    if (event === undefined) {
      found.push(`${where} is not listed`);
      continue;
    }
    found.push(...setViolations(where, log.attributes, { ...event, required: [...event.required, 'redress.event'] }, false));
    if (`redress.${String(name)}` !== log.eventName) found.push(`${where}: redress.event is ${String(name)}`);
    if (![event.severity, ...event.otherSeverities].includes(log.severityText))
      found.push(`${where}: severity is ${log.severityText}, not ${event.severity}`);
  }
  for (const series of collected.series) {
    const where = `metric ${series.name}`;
    const metric = metrics.get(series.name);
    if (metric === undefined) {
      found.push(`${where} is not listed`);
      continue;
    }
    found.push(...setViolations(where, series.attributes, metric, false));
    if (series.value !== undefined && !Number.isFinite(series.value)) found.push(`${where}: its value is ${series.value}`);
    if (series.unit !== metric.unit) found.push(`${where}: its unit is ${series.unit}, not ${metric.unit}`);
    if (series.description !== metric.description) found.push(`${where}: its description is ${series.description}`);
    if (series.kind !== INSTRUMENT_KIND[metric.instrument]) found.push(`${where}: it is a ${series.kind}, not a ${metric.instrument}`);
  }
  return [...new Set(found)];
}

/** What is listed and was not emitted, attributes of each span, event and metric included. */
export function missing(collected: Collected): string[] {
  const seen = new Set<string>();
  const note = (what: string, attributes: AnyAttributes): void => {
    seen.add(what);
    for (const name of Object.keys(attributes)) seen.add(`${what} ${name}`);
  };
  for (const span of collected.spans) {
    note(spanId(span.attributes), span.attributes);
    for (const event of span.events) note(`span event ${event.name}`, event.attributes);
  }
  for (const log of collected.logs) note(`log ${log.eventName}`, log.attributes);
  for (const series of collected.series) note(`metric ${series.name}`, series.attributes);
  const wanted = [
    ...REGISTRY.spans.flatMap((span) => names(span.id, span)),
    ...REGISTRY.events.flatMap((event) => [
      ...names(`span event ${event.name.replace('redress.', '')}`, onSpan(event)),
      ...(event.spanOnly ? [] : names(`log ${event.name}`, event)),
    ]),
    ...REGISTRY.metrics.flatMap((metric) => names(`metric ${metric.name}`, metric)),
  ];
  return wanted.filter((name) => !seen.has(name));
}

/** On a span an event does not say whose it is: the span does. */
function onSpan<T extends ListedSet | undefined>(event: T): T {
  if (event === undefined) return event;
  const without = (all: readonly string[]) => all.filter((name) => !OWNERS.has(name));
  return { ...event, required: without(event.required), conditional: without(event.conditional) };
}

function names(what: string, set: ListedSet): string[] {
  return [what, ...[...set.required, ...set.conditional].map((name) => `${what} ${name}`)];
}

/** A call's span ends with the number of its attempts; an attempt's span has a number of its own. */
function spanId(attributes: AnyAttributes): string {
  return 'redress.attempt_count' in attributes ? CALL : ATTEMPT;
}

function isTerminal(event: ListedEvent | undefined, attributes: AnyAttributes): boolean {
  return event?.terminal === true && !('redress.observe_only' in attributes);
}

function setViolations(where: string, attributes: AnyAttributes, listed: ListedSet | undefined, mayHaveCallers: boolean): string[] {
  if (listed === undefined) return [`${where} is not listed`];
  const found = listed.required.filter((name) => !(name in attributes)).map((name) => `${where}: ${name} is missing`);
  for (const [name, value] of Object.entries(attributes)) {
    const allowed = listed.required.includes(name) || listed.conditional.includes(name);
    const attribute = REGISTRY.attributes[name];
    if (!allowed && !(mayHaveCallers && attribute === undefined && !name.startsWith('redress.')))
      found.push(`${where}: ${name} is not listed`);
    else if (attribute !== undefined && !fits(attribute, value)) found.push(`${where}: ${name} is ${String(value)}`);
  }
  return found;
}

function fits({ type, members }: ListedAttribute, value: unknown): boolean {
  if (value === OTHER) return members === undefined;
  if (members !== undefined) return typeof value === 'string' && members.includes(value);
  if (type === 'int') return Number.isInteger(value);
  if (type === 'double') return Number.isFinite(value);
  return typeof value === type;
}

import { judgeTrace, traceKinds, type TraceKind, type Verdict } from './judgeTrace.js';
import type { Span, SpanAttribute, SpanAttributes } from './Span.js';

/** A trace as a list shows it. */
export interface TraceSummary extends Verdict {
  readonly traceId: string;
  /** The root's name; the earliest span's while the root is still running. */
  readonly name: string;
  readonly startMs: number;
  readonly durationMs: number;
  /** False while the root is still running, or was not sent here. */
  readonly rooted: boolean;
}

/** The traces of one kind, newest first. */
export interface TraceGroup {
  readonly kind: TraceKind;
  readonly count: number;
  readonly traces: readonly TraceSummary[];
}

/** Limits of a {@link TraceStore}. */
export interface TraceStoreOptions {
  /** Default 300. */
  readonly maxTraces?: number | undefined;
  /** Further spans of a trace are dropped. Default 200. */
  readonly maxSpans?: number | undefined;
  /** Bytes that all spans together take, about. Default 24 MB. */
  readonly maxBytes?: number | undefined;
}

interface StoredTrace {
  readonly spans: Span[];
  bytes: number;
  summary: TraceSummary;
}

/** Keeps recent traces, a bounded number of them and of their bytes, and of those that are rare the older ones too. */
export class TraceStore {
  readonly maxTraces: number;
  readonly #maxSpans: number;
  readonly #maxBytes: number;
  readonly #traces = new Map<string, StoredTrace>();
  /** The same traces by kind, each kind in the order in which they became of it: to forget one costs no look at the others. */
  readonly #byKind = new Map<TraceKind, Map<string, StoredTrace>>(traceKinds.map((kind) => [kind, new Map()]));
  #bytes = 0;

  constructor(options: TraceStoreOptions = {}) {
    this.maxTraces = options.maxTraces ?? 300;
    this.#maxSpans = options.maxSpans ?? 200;
    this.#maxBytes = options.maxBytes ?? 24 * 1_024 * 1_024;
  }

  /** Bytes that the kept spans take, about. */
  get bytes(): number {
    return this.#bytes;
  }

  add(spans: readonly Span[]): void {
    for (const [traceId, more] of byTrace(spans)) {
      this.#addTo(traceId, more);
    }
    while (this.#traces.size > this.maxTraces || (this.#bytes > this.#maxBytes && this.#traces.size > 0)) {
      this.#forgetOne();
    }
  }

  /** The spans of a trace; none when it is not kept. */
  spans(traceId: string): readonly Span[] {
    return this.#traces.get(traceId)?.spans ?? [];
  }

  /** Traces by kind, the most interesting kind first; at most `perKind` of each. */
  groups(perKind = 30): readonly TraceGroup[] {
    return traceKinds.flatMap((kind) => {
      const traces = [...this.#ofKind(kind).values()].map(({ summary }) => summary).sort((a, b) => b.startMs - a.startMs);
      return traces.length === 0 ? [] : [{ kind, count: traces.length, traces: traces.slice(0, perKind) }];
    });
  }

  #addTo(traceId: string, more: readonly Span[]): void {
    const before = this.#traces.get(traceId);
    const spans = before?.spans ?? [];
    const taken = more.slice(0, Math.max(0, this.#maxSpans - spans.length));
    if (taken.length === 0) {
      return;
    }
    for (const span of taken) {
      spans.push(span);
    }
    const added = taken.reduce((sum, span) => sum + bytesOf(span), 0);
    this.#bytes += added;
    const trace = { spans, bytes: (before?.bytes ?? 0) + added, summary: summarize(traceId, spans) };
    if (before !== undefined && before.summary.kind !== trace.summary.kind) {
      this.#ofKind(before.summary.kind).delete(traceId);
    }
    this.#traces.set(traceId, trace);
    this.#ofKind(trace.summary.kind).set(traceId, trace);
  }

  #ofKind(kind: TraceKind): Map<string, StoredTrace> {
    return this.#byKind.get(kind) ?? new Map();
  }

  /** The oldest of the commonest kind: a flood of refusals must not push out the call that opened the circuit. */
  #forgetOne(): void {
    const [commonest] = [...this.#byKind.values()].sort((a, b) => b.size - a.size);
    const [oldest] = commonest ?? [];
    if (oldest !== undefined) {
      const [traceId, { bytes }] = oldest;
      commonest?.delete(traceId);
      this.#traces.delete(traceId);
      this.#bytes -= bytes;
    }
  }
}

function byTrace(spans: readonly Span[]): Map<string, Span[]> {
  const traces = new Map<string, Span[]>();
  for (const span of spans) {
    const same = traces.get(span.traceId);
    if (same === undefined) {
      traces.set(span.traceId, [span]);
    } else {
      same.push(span);
    }
  }
  return traces;
}

/** Two bytes a character of what can be long, and a guess for the rest. */
function bytesOf(span: Span): number {
  const ofText = (text: string): number => 2 * text.length + 32;
  const ofValue = (value: SpanAttribute): number =>
    typeof value === 'string' ? ofText(value) : Array.isArray(value) ? value.reduce((sum, each) => sum + ofValue(each), 32) : 16;
  const ofAttributes = (attributes: SpanAttributes): number =>
    Object.entries(attributes).reduce((sum, [key, value]) => sum + ofText(key) + ofValue(value), 64);
  const ofEvents = span.events.reduce((sum, event) => sum + 64 + ofText(event.name) + ofAttributes(event.attributes), 0);
  return 512 + ofText(span.name) + ofText(span.statusMessage) + ofAttributes(span.attributes) + ofEvents + 160 * span.links.length;
}

function summarize(traceId: string, spans: readonly Span[]): TraceSummary {
  const startMs = Math.min(...spans.map((span) => span.startMs));
  const endMs = Math.max(...spans.map((span) => span.endMs));
  const root = spans.find((span) => span.parentSpanId === undefined);
  const name = (root ?? spans.find((span) => span.startMs === startMs))?.name ?? '';
  return { traceId, name, startMs, durationMs: endMs - startMs, rooted: root !== undefined, ...judgeTrace(spans) };
}

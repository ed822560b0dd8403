import { judgeTrace, traceKinds, type TraceKind, type Verdict } from './judgeTrace.js';
import type { Span } from './Span.js';

/** A trace as a list shows it. */
export interface TraceSummary extends Verdict {
  readonly traceId: string;
  /** The root's name; the earliest span's while the root is still running. */
  readonly name: string;
  readonly startMs: number;
  readonly durationMs: number;
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
}

interface StoredTrace {
  readonly spans: Span[];
  /** Undefined when spans came since it was made. */
  summary: TraceSummary | undefined;
}

/** Keeps recent traces, a bounded number of them, and of those that are rare the older ones too. */
export class TraceStore {
  readonly maxTraces: number;
  readonly #maxSpans: number;
  readonly #traces = new Map<string, StoredTrace>();

  constructor(options: TraceStoreOptions = {}) {
    this.maxTraces = options.maxTraces ?? 300;
    this.#maxSpans = options.maxSpans ?? 200;
  }

  add(spans: readonly Span[]): void {
    for (const span of spans) {
      const trace = this.#traces.get(span.traceId) ?? { spans: [], summary: undefined };
      this.#traces.set(span.traceId, trace);
      if (trace.spans.length < this.#maxSpans) {
        trace.spans.push(span);
        trace.summary = undefined;
      }
    }
    while (this.#traces.size > this.maxTraces) {
      this.#forgetOne();
    }
  }

  /** The spans of a trace; none when it is not kept. */
  spans(traceId: string): readonly Span[] {
    return this.#traces.get(traceId)?.spans ?? [];
  }

  /** Traces by kind, the most interesting kind first; at most `perKind` of each. */
  groups(perKind = 30): readonly TraceGroup[] {
    const byKind = this.#byKind();
    return traceKinds.flatMap((kind) => {
      const traces = byKind.get(kind) ?? [];
      const newestFirst = [...traces].sort((a, b) => b.startMs - a.startMs);
      return traces.length === 0 ? [] : [{ kind, count: traces.length, traces: newestFirst.slice(0, perKind) }];
    });
  }

  #byKind(): Map<TraceKind, TraceSummary[]> {
    const byKind = new Map<TraceKind, TraceSummary[]>();
    for (const [traceId, trace] of this.#traces) {
      trace.summary ??= summarize(traceId, trace.spans);
      const sameKind = byKind.get(trace.summary.kind);
      if (sameKind === undefined) {
        byKind.set(trace.summary.kind, [trace.summary]);
      } else {
        sameKind.push(trace.summary);
      }
    }
    return byKind;
  }

  /** The oldest of the commonest kind: a flood of refusals must not push out the call that opened the circuit. */
  #forgetOne(): void {
    const [commonest] = [...this.#byKind().values()].sort((a, b) => b.length - a.length);
    const [oldest] = commonest ?? [];
    if (oldest !== undefined) {
      this.#traces.delete(oldest.traceId);
    }
  }
}

function summarize(traceId: string, spans: readonly Span[]): TraceSummary {
  const startMs = Math.min(...spans.map((span) => span.startMs));
  const endMs = Math.max(...spans.map((span) => span.endMs));
  const root = spans.find((span) => span.parentSpanId === undefined) ?? spans.find((span) => span.startMs === startMs);
  return { traceId, name: root?.name ?? '', startMs, durationMs: endMs - startMs, ...judgeTrace(spans) };
}

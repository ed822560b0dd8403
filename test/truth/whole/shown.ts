import { callsById } from '../callsById.js';
import { type HappenedCall, outcomeOfCall } from '../Happened.js';
import { nonZero, sumBy, tally } from '../tables.js';
import { terminalEventOf } from '../terminalEvents.js';
import { KIND, STATUS, type WireAttributes, type WireSpan } from '../TraceReceiver.js';
import type { Evidence } from './Evidence.js';
import { failuresOf, fateOf } from './Happened.js';

/** What spans and log records show is what happened: one span for each call, each where it belongs, each failure told once. */
export function testShown(evidence: () => Evidence): void {
  const callOf = callsById(evidence);
  const callSpans = () => evidence().spans.filter(({ attributes }) => attributes['truth.call'] !== undefined);
  const clientSpans = () => evidence().spans.filter(({ kind }) => kind === KIND.client);
  const spansById = () => new Map(callSpans().map((span) => [callIdOf(span), span]));
  const told = (call: string, { attributes }: { readonly attributes: WireAttributes }): string[] =>
    'error.class' in attributes ? [`${call} ${String(attributes['error.class'])}`] : [];

  it('shows one span for each call and each request, with nothing lost', () => {
    const { calls, requested } = evidence().happened;
    expect(callSpans().map(callIdOf).sort()).toEqual(calls.map(({ id }) => id).sort());
    expect(clientSpans().map(attemptIdOf).sort()).toEqual([...requested].sort());
    expect(evidence().spans.length).toBe(calls.length + requested.length);
    expect(evidence().spans.filter(({ dropped }) => dropped > 0)).toEqual([]);
  });

  it('says on each span how the call ended, who answered, which attempt won and for which key it was', () => {
    for (const span of callSpans()) {
      const call = callOf(callIdOf(span));
      const outcome = outcomeOfCall(call);
      const { attributes, name, status, statusMessage } = span;
      const isProblem = outcome === 'failure' || outcome === 'rejected';
      const isHedged = evidence().happened.attempts.some((attempt) => attempt.beside && attempt.call === call.id);
      expect({ name, attributes, status, statusMessage }).toEqual({
        name: call.operation,
        attributes: {
          'truth.call': call.id,
          'redress.policy': call.policy,
          operation: call.operation,
          'redress.attempt_count': call.attempts,
          'redress.outcome': outcome,
          ...given('redress.key', call.key),
          ...given('redress.retried', call.attempts > 1 || undefined),
          ...given('redress.answered_by', call.answeredBy),
          ...given('redress.hedge.winner', isHedged && outcome === 'success' ? call.winner : undefined),
          ...given('circuit.name', attributes['circuit.name'] && expect.any(String)),
          ...given('redress.stop_reason', call.stopReason),
          ...(outcome === 'failure' ? { 'error.class': call.errorClass, 'error.type': expect.any(String) } : {}),
        },
        status: isProblem ? STATUS.error : STATUS.unset,
        statusMessage: isProblem ? call.stopReason : '',
      });
    }
  });

  it('shows one terminal event of each call, last but for an exception, and what a fallback stood for before it', () => {
    for (const span of callSpans()) {
      const call = callOf(callIdOf(span));
      const names = span.events.map(({ name }) => name).filter((name) => name !== 'exception');
      const isSilent = call.stopReason === undefined && call.attempts < 2 && call.insteadOf === undefined;
      const terminal = isSilent ? [] : [terminalEventOf(call.stopReason)];
      expect([call.id, ...names.slice(isSilent ? names.length : -1)]).toEqual([call.id, ...terminal]);
      const used = span.events.filter(
        ({ name, attributes }) => /^(fallback_used|cache_stale)$/.test(name) && 'redress.stop_reason' in attributes,
      );
      expect(used.map(({ attributes }) => attributes['redress.stop_reason'])).toEqual(call.insteadOf ? [call.insteadOf.stopReason] : []);
    }
  });

  it('shows as many events of each kind as are counted, on spans and, successes aside, in the log', () => {
    const { calls } = evidence().happened;
    const events = tally(
      callSpans().flatMap((span) => span.events),
      ({ name }) => [name],
    );
    const { exception: _, ...shown } = events;
    const counted = nonZero(sumBy(evidence().samples, 'redress_events_total', ['redress_event']));
    const late = calls.filter(({ stopReason, attempts, insteadOf }) => stopReason === undefined && (attempts > 1 || insteadOf));
    expect(shown).toEqual({ ...counted, success: late.length });
    const { success: __, ...logged } = counted;
    expect(tally(evidence().logs, ({ attributes }) => [attributes['redress.event']])).toEqual(logged);
  });

  it('tells each failure once, on its span and in the log', () => {
    const failed = failuresOf(evidence().happened)
      .map(({ call, errorClass }) => `${call.id} ${errorClass}`)
      .sort();
    expect(
      callSpans()
        .flatMap((span) => span.events.flatMap((event) => told(callIdOf(span), event)))
        .sort(),
    ).toEqual(failed);
    const callBySpan = new Map(callSpans().map((span) => [span.spanId, callIdOf(span)]));
    const logged = evidence().logs.flatMap((record) => told(callBySpan.get(record.spanId ?? '') ?? 'none', record));
    expect(logged.sort()).toEqual(failed);
  });

  it('tells each failure under the number of the attempt that failed', () => {
    const { attempts, times } = evidence().happened;
    const failed = attempts.flatMap((attempt) => {
      const { errorClass } = fateOf(attempt, callOf(attempt.call), times);
      return errorClass === undefined ? [] : [`${attempt.call} ${attempt.number} ${errorClass}`];
    });
    const shown = callSpans().flatMap((span) =>
      span.events
        .filter(({ name, attributes }) => name !== 'fallback_failed' && 'error.class' in attributes)
        .map(({ attributes }) => [callIdOf(span), attributes['retry.attempt'], attributes['error.class']].join(' ')),
    );
    expect(shown.sort()).toEqual(failed.sort());
  });

  it('shows a hedge as the attempt that began beside another', () => {
    const hedges = callSpans().flatMap((span) =>
      span.events
        .filter(({ name }) => name === 'hedge')
        .map(({ attributes }) => `${callIdOf(span)} ${String(attributes['retry.attempt'])}`),
    );
    const beside = evidence().happened.attempts.filter((attempt) => attempt.beside);
    expect(hedges.sort()).toEqual(beside.map(({ call, number }) => `${call} ${number}`).sort());
  });

  it('shows the calls of alternates inside of the call that they answer for, and says which of them answered', () => {
    const { calls } = evidence().happened;
    const spans = spansById();
    const spanOf = (id: string): WireSpan | undefined => spans.get(id);
    const inner = new Map<string, HappenedCall[]>();
    for (const call of calls) {
      const { id, inside } = call;
      expect([id, spanOf(id)?.parentSpanId]).toEqual([id, inside === undefined ? undefined : spanOf(inside)?.spanId]);
      expect(spanOf(id)?.traceId).toBe(spanOf(inside ?? id)?.traceId);
      if (inside !== undefined) inner.set(inside, [...(inner.get(inside) ?? []), call]);
    }
    for (const { id, answeredBy } of calls.filter(({ policy }) => policy === 'checkout')) {
      const succeeded = (inner.get(id) ?? []).filter(({ stopReason }) => stopReason === undefined);
      expect([id, ...succeeded.map(({ policy }) => policy)]).toEqual([id, ...(answeredBy === undefined ? [] : [answeredBy])]);
    }
    expect(inner.size).toBeGreaterThan(0);
  });

  it('shows each request under the span of the call that made it', () => {
    const spans = spansById();
    const callByAttempt = new Map(evidence().happened.attempts.map(({ id, call }) => [id, call]));
    for (const client of clientSpans()) {
      const parent = spans.get(callByAttempt.get(attemptIdOf(client)) ?? '');
      expect([client.traceId, client.parentSpanId]).toEqual([parent?.traceId, parent?.spanId]);
    }
  });

  it('tells the key in the log as on spans, and of no other call', () => {
    const callBySpan = new Map(callSpans().map((span) => [span.spanId, callOf(callIdOf(span))]));
    for (const { spanId, attributes } of evidence().logs) {
      const call = callBySpan.get(spanId ?? '');
      expect([call?.id, attributes['redress.key']]).toEqual([call?.id, call?.key]);
    }
  });

  it('shows the changes of each circuit as the circuit told them itself', () => {
    const changes = callSpans()
      .flatMap((span) => span.events)
      .filter(({ name }) => /^circuit_(opened|half_open|closed)$/.test(name));
    expect(tally(changes, ({ attributes }) => [attributes['circuit.name'], attributes['circuit.state']])).toEqual(
      tally(evidence().happened.transitions, ({ circuit, to }) => [circuit, to]),
    );
  });
}

function given(name: string, value: unknown): Readonly<Record<string, unknown>> {
  return value === undefined ? {} : { [name]: value };
}

function callIdOf({ attributes }: WireSpan): string {
  return String(attributes['truth.call']);
}

function attemptIdOf({ attributes }: WireSpan): string {
  return String(attributes['truth.attempt']);
}

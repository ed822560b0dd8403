import type { Evidence } from './Evidence.js';
import { callsById } from './callsById.js';
import { type HappenedAttempt, outcomeOfCall } from './Happened.js';
import { nonZero, sumBy, tally, total } from './tables.js';
import { TERMINAL_EVENT, terminalEventOf } from './terminalEvents.js';
import { KIND, STATUS, type WireSpan } from './TraceReceiver.js';

/** What a person sees in Jaeger is what happened: one tree per call, and in it each attempt where it belongs. */
export function testJaegerShape(evidence: () => Evidence): void {
  const callOf = callsById(evidence);
  const spans = () => evidence().spans;
  const callSpans = once(() => spans().filter(({ attributes }) => attributes['truth.call'] !== undefined));
  const clientSpans = once(() => spans().filter(({ kind }) => kind === KIND.client));
  const spanByCall = once(() => new Map(callSpans().map((span) => [callIdOf(span), span])));
  const spanById = once(() => new Map(spans().map((span) => [`${span.traceId} ${span.spanId}`, span])));
  const attemptById = once(() => new Map(evidence().happened.attempts.map((attempt) => [attempt.id, attempt])));

  function spanOf(callId: string): WireSpan {
    const span = spanByCall().get(callId);
    if (span === undefined) throw new Error(`no span of ${callId}`);
    return span;
  }

  function attemptOf(span: WireSpan): HappenedAttempt {
    const id = attemptIdOf(span);
    const attempt = attemptById().get(id);
    if (attempt === undefined) throw new Error(`no attempt ${id}`);
    return attempt;
  }

  it('shows spans of one service and of two kinds, with nothing dropped', () => {
    expect(new Set(spans().map(({ service }) => service))).toEqual(new Set(['storefront']));
    expect(spans().length).toBe(callSpans().length + clientSpans().length);
    expect(new Set(callSpans().map(({ kind }) => kind))).toEqual(new Set([KIND.internal]));
    expect(
      spans()
        .filter(({ dropped }) => dropped > 0)
        .map(callIdOf),
    ).toEqual([]);
  });

  it('shows one span for each call, which says how the call ended', () => {
    const { calls } = evidence().happened;
    expect(callSpans().map(callIdOf).sort()).toEqual(calls.map(({ id }) => id).sort());
    for (const call of calls) {
      const { name, attributes } = spanOf(call.id);
      const failed = outcomeOfCall(call) === 'failure';
      expect({ name, attributes }).toEqual({
        name: call.operation,
        attributes: {
          'truth.call': call.id,
          'redress.policy': call.policy,
          operation: call.operation,
          'redress.attempt_count': call.attempts,
          'redress.outcome': outcomeOfCall(call),
          ...(call.attempts > 1 ? { 'redress.retried': true } : {}),
          ...(attributes['circuit.name'] === undefined ? {} : { 'circuit.name': expect.any(String) }),
          ...(call.stopReason === undefined ? {} : { 'redress.stop_reason': call.stopReason }),
          ...(failed ? { 'error.class': call.errorClass, 'error.type': expect.any(String) } : {}),
        },
      });
    }
  });

  it('shows one terminal event in each span, after which comes at most the exception of a failure', () => {
    for (const call of evidence().happened.calls) {
      const { events } = spanOf(call.id);
      const names = events.map(({ name }) => name);
      const terminal = names.filter(isTerminal);
      // The span of a success at once says so itself.
      if (call.stopReason === undefined && call.attempts === 1) {
        expect(terminal).toEqual([]);
        continue;
      }
      expect(terminal).toEqual([terminalEventOf(call.stopReason)]);
      const threw = outcomeOfCall(call) === 'failure' && call.failedBy === 'exception';
      const after = names.slice(names.findIndex(isTerminal) + 1);
      // What failed before a circuit stopped the call is not told to its caller.
      if (call.stopReason === 'CIRCUIT_OPEN' && call.attempts > 0) expect([[], ['exception']]).toContainEqual(after);
      else expect(after).toEqual(threw ? ['exception'] : []);
      const { attributes } = events.find(({ name }) => isTerminal(name)) ?? {};
      expect(attributes?.['redress.stop_reason']).toBe(call.stopReason);
    }
  });

  it('shows a retry for each wait, with the attempt that failed and the delay', () => {
    const { calls, waits } = evidence().happened;
    const told = (call: string, attempt: unknown, errorClass: unknown, delay: unknown) => [call, attempt, errorClass, delay].join(' ');
    const shown = calls.flatMap(({ id }) =>
      spanOf(id)
        .events.filter(({ name }) => name === 'retry')
        .map(({ attributes }) => told(id, attributes['retry.attempt'], attributes['error.class'], attributes['redress.backoff.delay'])),
    );
    expect(shown.sort()).toEqual(
      waits.map(({ call, attempt, errorClass, delayMs }) => told(call, attempt, errorClass, Math.round(delayMs) / 1_000)).sort(),
    );
    expect(shown.length).toBe(total(sumBy(evidence().samples, 'redress_retries_total', [])));
  });

  it('shows each event that is counted, but for those of an operator', () => {
    const shown = tally(
      callSpans().flatMap(({ events }) => events),
      ({ name }) => [name],
    );
    const { exception, ...told } = shown;
    const late = evidence().happened.calls.filter(({ stopReason, attempts }) => stopReason === undefined && attempts > 1);
    const forced = evidence().happened.forced.length;
    const counted = nonZero(sumBy(evidence().samples, 'redress_events_total', ['redress_event']));
    const { circuit_opened: opened = 0, circuit_closed: closed = 0 } = counted;
    expect(nonZero(told)).toEqual({ ...counted, success: late.length, circuit_opened: opened - forced, circuit_closed: closed - forced });
    expect(exception).toBeGreaterThan(0);
  });

  it('shows events in their order and inside their span', () => {
    for (const { start, end, events } of callSpans()) {
      const times = [start, ...events.map(({ time }) => time), end];
      expect(times.filter((time, index) => index > 0 && time < (times[index - 1] ?? time))).toEqual([]);
    }
  });

  it('shows a client span for each request, under the span of the call that made it, which was active in every attempt', () => {
    const { attempts, requested } = evidence().happened;
    expect(clientSpans().map(attemptIdOf).sort()).toEqual([...requested].sort());
    // The rest was given up before undici made a request of it.
    const made = new Set(requested);
    for (const { id, lostBy } of attempts) if (!made.has(id)) expect([id, lostBy]).toEqual([id, expect.any(String)]);
    for (const client of clientSpans()) {
      const call = spanOf(attemptOf(client).call);
      expect([client.traceId, client.parentSpanId]).toEqual([call.traceId, call.spanId]);
      expect(client.start >= call.start && client.end >= client.start).toBe(true);
    }
    for (const { call, activeSpan } of attempts) expect(activeSpan).toBe(spanOf(call).spanId);
  });

  it('shows on each later attempt how often its request was sent before, and nothing on the first', () => {
    for (const client of clientSpans()) {
      const { number } = attemptOf(client);
      expect(client.attributes['http.request.resend_count']).toBe(number === 1 ? undefined : number - 1);
    }
    expect(clientSpans().some((client) => attemptOf(client).number > 2)).toBe(true);
  });

  it('shows an error where the call failed or was refused, and nowhere else', () => {
    for (const call of evidence().happened.calls) {
      const failed = ['failure', 'rejected'].includes(outcomeOfCall(call));
      const { status, statusMessage } = spanOf(call.id);
      expect({ status, statusMessage }).toEqual(
        failed ? { status: STATUS.error, statusMessage: call.stopReason } : { status: STATUS.unset, statusMessage: '' },
      );
    }
    for (const client of clientSpans().filter(({ status }) => status === STATUS.error)) {
      const { status = 0, threw } = attemptOf(client);
      expect(threw || status >= 400).toBe(true);
    }
  });

  it('shows links to spans that exist and opened the circuit', () => {
    const rejected = callSpans().filter(({ attributes }) => attributes['redress.stop_reason'] === 'CIRCUIT_OPEN');
    const linked = callSpans().filter(({ links }) => links.length > 0);
    for (const span of linked) {
      for (const { traceId, spanId } of span.links) {
        const cause = spanById().get(`${traceId} ${spanId}`);
        expect([callIdOf(span), opened(cause?.events ?? [])]).toEqual([callIdOf(span), true]);
        expect(cause).not.toBe(span);
      }
    }
    // An operator's opening has no span, and a call that opened the circuit itself nobody but itself.
    const byOthers = rejected.filter(({ events }) => !opened(events) && refusal(events)?.attributes['circuit.state'] !== 'forced_open');
    expect(byOthers.filter(({ links }) => links.length === 0).map(callIdOf)).toEqual([]);
    expect(byOthers.some(({ attributes }) => attributes['redress.attempt_count'] !== 0)).toBe(true);
    const probes = callSpans().filter(({ events }) => events.some(({ name }) => name === 'circuit_half_open'));
    expect(probes.filter(({ links }) => links.length === 0).map(callIdOf)).toEqual([]);
    expect(byOthers.length * probes.length).toBeGreaterThan(0);
  });

  it('shows nested calls inside each other, and every other call as a trace of its own', () => {
    const { calls } = evidence().happened;
    const nested = calls.filter(({ inside }) => inside !== undefined);
    expect(nested.length).toBeGreaterThan(0);
    for (const { id, inside } of calls) {
      const { traceId, parentSpanId } = spanOf(id);
      if (inside === undefined) expect(parentSpanId).toBeUndefined();
      else expect([traceId, parentSpanId]).toEqual([spanOf(inside).traceId, spanOf(inside).spanId]);
    }
    const roots = calls.filter(({ id, root }) => id === root);
    expect(new Set(roots.map(({ id }) => spanOf(id).traceId)).size).toBe(roots.length);
    for (const span of spans()) {
      const call = callOf(span.kind === KIND.client ? attemptOf(span).call : callIdOf(span));
      expect(span.traceId).toBe(spanOf(call.root).traceId);
    }
  });

  it('keeps concurrent calls and retries over a connection that others used before in traces of their own', () => {
    const { calls, written } = evidence().happened;
    const roots = calls.filter(({ id, root }) => id === root);
    const concurrent = roots.filter((call, index) => (roots[index - 1]?.endedAt ?? 0) > call.startedAt);
    expect(concurrent.length).toBeGreaterThan(1_000);
    const clientByAttempt = new Map(clientSpans().map((span) => [attemptIdOf(span), span]));
    const lastTraceOn = new Map<number, string | undefined>();
    let moved = 0;
    for (const { id, port } of written) {
      const attempt = attemptById().get(id);
      const trace = clientByAttempt.get(id)?.traceId;
      expect(trace).toBe(attempt && spanOf(attempt.call).traceId);
      const before = lastTraceOn.get(port);
      if (attempt !== undefined && attempt.number > 1 && before !== undefined && before !== trace) moved++;
      lastTraceOn.set(port, trace);
    }
    expect(moved).toBeGreaterThan(10);
  });
}

function isTerminal(event: string): boolean {
  return event === 'success' || Object.values(TERMINAL_EVENT).includes(event);
}

function opened(events: WireSpan['events']): boolean {
  return events.some(({ name }) => name === 'circuit_opened');
}

function refusal(events: WireSpan['events']): WireSpan['events'][number] | undefined {
  return events.find(({ name }) => name === 'circuit_rejected');
}

function callIdOf({ attributes }: WireSpan): string {
  return String(attributes['truth.call']);
}

function attemptIdOf({ attributes }: WireSpan): string {
  return String(attributes['truth.attempt']);
}

/** Made when it is first asked for: there is no run yet when tests are declared. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

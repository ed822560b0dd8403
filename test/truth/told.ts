import { callsById } from './callsById.js';
import type { Evidence } from './Evidence.js';
import { type HappenedCall, outcomeOfCall } from './Happened.js';
import type { WireSpan } from './TraceReceiver.js';

const TRIP_REASONS = ['failure_ratio', 'slow_call_ratio', 'count', 'consecutive', 'probe_failed', 'forced', 'restored'];
/** Of a window; a probe has none. */
const BY_WINDOW = ['failure_ratio', 'slow_call_ratio'];

/** What on-call reads: each failure once, why a circuit opened, that what was refused never ran, and rows of what has not happened yet. */
export function testTold(evidence: () => Evidence): void {
  const callOf = callsById(evidence);
  const callSpans = () => evidence().spans.filter(({ attributes }) => attributes['truth.call'] !== undefined);
  const callOfSpan = ({ attributes }: WireSpan): HappenedCall => callOf(String(attributes['truth.call']));

  /** The attempts of a call that failed, and whose failure is told. */
  function failedAttempts(call: HappenedCall): number[] {
    const { attempts, resumedAfter, stopReason, id } = call;
    if (stopReason === 'ABORTED')
      return evidence()
        .happened.waits.filter((wait) => wait.call === id)
        .map(({ attempt }) => attempt);
    const last = stopReason === undefined ? attempts - 1 : attempts;
    return Array.from({ length: Math.max(0, last - resumedAfter) }, (_, index) => resumedAfter + 1 + index);
  }

  it('tells each failed attempt with error.class and error.type once, and nothing else with either', () => {
    let failed = 0;
    for (const span of callSpans()) {
      const call = callOfSpan(span);
      const told = span.events.filter(({ name, attributes }) => name !== 'exception' && 'error.type' in attributes);
      expect([call.id, told.map(({ attributes }) => attributes['retry.attempt'])]).toEqual([call.id, failedAttempts(call)]);
      expect(told.map(({ attributes }) => [typeof attributes['error.class'], typeof attributes['redress.cause']])).toEqual(
        told.map(() => ['string', 'string']),
      );
      failed += told.length;
    }
    expect(failed).toBeGreaterThan(1_000);
  });

  it('says on each opening what opened the circuit, and for how long', () => {
    const openings = callSpans().flatMap(({ events }) => events.filter(({ name }) => name === 'circuit_opened'));
    expect(new Set(openings.map(({ attributes }) => attributes['redress.circuit.trip_reason'])).size).toBeGreaterThan(2);
    for (const { attributes } of openings) {
      const reason = String(attributes['redress.circuit.trip_reason']);
      expect(TRIP_REASONS).toContain(reason);
      expect(attributes).toMatchObject({ 'circuit.name': expect.any(String), 'circuit.state': 'open' });
      expect(attributes['redress.circuit.open_for']).toBeGreaterThan(0);
      const ratio = attributes['redress.circuit.failure_ratio'];
      if (reason === 'probe_failed') expect(ratio).toBeUndefined();
      if (!BY_WINDOW.includes(reason)) continue;
      expect(ratio).toBeGreaterThanOrEqual(0);
      expect(ratio).toBeLessThanOrEqual(1);
      expect(attributes['redress.circuit.calls']).toBeGreaterThanOrEqual(5);
      expect('redress.circuit.slow_call_ratio' in attributes).toBe(reason === 'slow_call_ratio');
    }
  });

  it('never ran what it calls rejected, and ran what it does not', () => {
    const ran = new Set(evidence().happened.attempts.map(({ call }) => call));
    const rejected = callSpans().filter(({ attributes }) => attributes['redress.outcome'] === 'rejected');
    expect(rejected.length).toBeGreaterThan(100);
    for (const span of rejected) {
      const call = callOfSpan(span);
      expect([call.id, ran.has(call.id), outcomeOfCall(call)]).toEqual([call.id, false, 'rejected']);
      expect(span.attributes['redress.attempt_count']).toBe(call.resumedAfter);
      expect(evidence().spans.filter(({ parentSpanId, traceId }) => traceId === span.traceId && parentSpanId === span.spanId)).toEqual([]);
    }
    for (const call of evidence().happened.calls) {
      if (call.stopReason === 'CIRCUIT_OPEN' && ran.has(call.id)) expect([call.id, outcomeOfCall(call)]).toEqual([call.id, 'failure']);
    }
  });

  it('has rows of 0 for what has not happened to a circuit', () => {
    const rows = evidence().samples.filter(({ name, labels }) => name === 'redress_events_total' && labels['circuit_name'] !== undefined);
    const forced = new Set(evidence().happened.forced.map(({ circuit }) => circuit));
    for (const circuit of Object.keys(evidence().happened.circuits)) {
      const own = rows.filter(({ labels }) => labels['circuit_name'] === circuit);
      const moves = ['circuit_opened open', 'circuit_opened forced_open', 'circuit_half_open half_open', 'circuit_closed closed'];
      const shown = own.map(({ labels }) => `${labels['redress_event']} ${labels['circuit_state'] ?? ''}`.trim());
      expect([circuit, moves.filter((move) => !shown.includes(move))]).toEqual([circuit, []]);
      expect([circuit, shown]).toEqual([circuit, expect.arrayContaining(['circuit_rejected'])]);
      const byForce = own.filter(({ labels }) => labels['circuit_state'] === 'forced_open').map(({ value }) => value);
      if (!forced.has(circuit)) expect([circuit, byForce]).toEqual([circuit, [0]]);
    }
  });
}

import { callsById } from './callsById.js';
import type { Evidence } from './Evidence.js';
import { type HappenedAttempt, type HappenedCall, outcomeOfCall } from './Happened.js';
import { nonZero, sumBy, tally } from './tables.js';
import type { WireAttributes, WireSpan } from './TraceReceiver.js';

/** What opens a circuit of each kind, and what its event then says of the window that it held. */
const OPENED_BY: Readonly<Record<string, readonly string[]>> = {
  failure_ratio: ['redress.circuit.calls', 'redress.circuit.failure_ratio'],
  slow_call_ratio: ['redress.circuit.calls', 'redress.circuit.failure_ratio', 'redress.circuit.slow_call_ratio'],
  consecutive: [],
  count: [],
  probe_failed: [],
  forced: ['redress.circuit.calls', 'redress.circuit.failure_ratio'],
};
/** Circuits that go by a rate: these have a window of calls, whatever opened them. */
const BY_RATE: ReadonlySet<unknown> = new Set(['pricing', 'relay', 'pop-up']);
/** Milliseconds for which each is open: the same for each time, or the first and the longest. */
const OPEN_FOR: Readonly<Record<string, readonly [least: number, most: number]>> = {
  pricing: [20, 20],
  'payments-circuit': [15, 15],
  checkout: [20, 20],
  relay: [20, 160],
};

/** Milliseconds from which an attempt of `pricing` is slow. */
const SLOW_MS = 200;

/** A failed attempt, by what the caller saw. */
interface FailedAttempt {
  readonly call: string;
  readonly attempt: number;
  readonly errorClass: string | undefined;
}

/** What failed, what opened, what was refused and what had not happened yet is told as it was: once, with its reason, at all, and as 0. */
export function testToldOnce(evidence: () => Evidence): void {
  const callOf = callsById(evidence);
  const callSpans = (): readonly WireSpan[] => evidence().spans.filter(({ attributes }) => attributes['truth.call'] !== undefined);

  /** By the ledger alone: what was waited after, what a sleep handler was asked of, and what the outcome is of. */
  function failedAttempts(): readonly FailedAttempt[] {
    const { calls, waits, asked, attempts } = evidence().happened;
    const failed = new Map<string, FailedAttempt>();
    const add = (one: FailedAttempt): unknown => failed.set(`${one.call} ${one.attempt}`, one);
    for (const one of [...asked, ...waits]) add(one);
    const made = new Set(attempts.map(({ call, number }) => `${call} ${number}`));
    for (const { id, stopReason, attempts: attempt, errorClass } of calls) {
      const last = `${id} ${attempt}`;
      // An abort is no failure; an attempt that was waited after failed by what it was waited for.
      if (stopReason === undefined || stopReason === 'ABORTED' || failed.has(last) || !made.has(last)) continue;
      add({ call: id, attempt, errorClass });
    }
    return [...failed.values()];
  }

  const keyed = (call: string, attempt: unknown, errorClass: unknown): string => [call, attempt, errorClass].join(' ');
  const told = (call: string, { attributes }: { readonly attributes: WireAttributes }): string[] =>
    'error.class' in attributes ? [keyed(call, attributes['retry.attempt'], attributes['error.class'])] : [];

  it('tells each failed attempt by its class in one event of its span', () => {
    const shown = callSpans().flatMap((span) => span.events.flatMap((event) => told(callIdOf(span), event)));
    const failed = failedAttempts();
    expect(shown.sort()).toEqual(failed.map(({ call, attempt, errorClass }) => keyed(call, attempt, errorClass)).sort());
    expect(failed.length).toBeGreaterThan(1_000);
    for (const { name, attributes } of callSpans().flatMap(({ events }) => events)) {
      const says = ['error.class', 'error.type', 'redress.cause'].map((attribute) => attribute in attributes);
      expect([name, ...says]).toEqual([name, says[0], says[0], says[0]]);
    }
  });

  it('tells it once in the log as well, and in redress.events', () => {
    const callBySpan = new Map(callSpans().map((span) => [span.spanId, callIdOf(span)]));
    const logged = evidence().logs.flatMap((record) => told(callBySpan.get(record.spanId ?? '') ?? 'none', record));
    const failed = failedAttempts();
    expect(logged.sort()).toEqual(failed.map(({ call, attempt, errorClass }) => keyed(call, attempt, errorClass)).sort());
    const counted = evidence().samples.filter(({ labels }) => labels['error_class'] !== undefined);
    expect(nonZero(sumBy(counted, 'redress_events_total', ['redress_policy', 'operation', 'error_class']))).toEqual(
      tally(failed, ({ call, errorClass }) => [callOf(call).policy, callOf(call).operation, errorClass]),
    );
  });

  it('says on each opening of a circuit what opened it, by what, and for how long', () => {
    const openings = callSpans().flatMap((span) =>
      span.events.filter(({ name }) => name === 'circuit_opened').map(({ attributes }) => ({ call: callIdOf(span), attributes })),
    );
    const failed = new Set(failedAttempts().map(({ call, attempt }) => `${call} ${attempt}`));
    const slow = new Set(
      evidence()
        .happened.attempts.filter(isSlow)
        .map(({ call, number }) => `${call} ${number}`),
    );
    const seen = new Set<unknown>();
    for (const { call, attributes } of openings) {
      const { 'circuit.name': circuit, 'redress.circuit.trip_reason': reason, 'retry.attempt': attempt } = attributes;
      seen.add(`${String(circuit)} ${String(reason)}`);
      const isWindowTold = BY_RATE.has(circuit) && reason !== 'probe_failed';
      const window = isWindowTold && reason === 'consecutive' ? OPENED_BY['failure_ratio'] : OPENED_BY[String(reason)];
      const expected = ['redress.circuit.trip_reason', 'redress.circuit.open_for', ...(window ?? ['a reason that is known'])];
      expect(
        Object.keys(attributes)
          .filter((name) => name.startsWith('redress.circuit.'))
          .sort(),
      ).toEqual(expected.sort());
      const [least = 0, most = 0] = OPEN_FOR[String(circuit)] ?? [];
      const openMs = Number(attributes['redress.circuit.open_for']) * 1_000;
      expect([circuit, openMs >= least && openMs <= most]).toEqual([circuit, true]);
      // It opened by an attempt of this very call: one that failed, or was slow, as a probe may be that succeeds.
      const made = `${call} ${String(attempt)}`;
      const isToBlame = (reason !== 'slow_call_ratio' && failed.has(made)) || (circuit === 'pricing' && slow.has(made));
      expect([call, attempt, reason, isToBlame]).toEqual([call, attempt, reason, true]);
      const { 'redress.circuit.calls': calls, 'redress.circuit.failure_ratio': ratio } = attributes;
      if (!isWindowTold) continue;
      expect(Number(calls)).toBeGreaterThan(0);
      const failures = Number(ratio) * Number(calls);
      expect(failures).toBeCloseTo(Math.round(failures), 6);
      if (reason === 'failure_ratio') expect(Number(ratio)).toBeGreaterThanOrEqual(circuit === 'pricing' ? 0.95 : 0.5);
      if (reason === 'slow_call_ratio') expect(attributes['redress.circuit.slow_call_ratio']).toBe(1);
    }
    for (const reason of ['payments-circuit consecutive', 'payments-circuit probe_failed', 'relay failure_ratio', 'relay probe_failed'])
      expect(seen).toContain(reason);
  });

  it('says of a circuit that an operator opened what it held, and not for how long; in the log, for it is of no call', () => {
    const forced = evidence().logs.filter(({ attributes }) => attributes['redress.circuit.trip_reason'] === 'forced');
    expect(forced.length).toBe(evidence().happened.forced.length);
    for (const { spanId, severity, attributes } of forced) {
      // One that was not closed then, or had no calls, held none.
      const held = 'redress.circuit.calls' in attributes;
      const window = held ? { 'redress.circuit.failure_ratio': expect.any(Number), 'redress.circuit.calls': expect.any(Number) } : {};
      expect({ spanId, severity, attributes }).toEqual({
        spanId: undefined,
        severity: 'ERROR',
        attributes: {
          'redress.event': 'circuit_opened',
          'redress.policy': 'relay',
          operation: 'relay',
          'retry.attempt': 0,
          'circuit.name': 'relay',
          'circuit.state': 'forced_open',
          'redress.circuit.trip_reason': 'forced',
          ...window,
        },
      });
    }
  });

  it('calls rejected what never ran, and only that', () => {
    const { attempts, calls, accepted, requested } = evidence().happened;
    const ran = new Set(attempts.map(({ call }) => call));
    const asked = new Set([...accepted, ...requested].map((id) => id.replace(/-attempt-\d+$/, '')));
    const rejected = callSpans().filter(({ attributes }) => attributes['redress.outcome'] === 'rejected');
    for (const span of rejected)
      expect([callIdOf(span), ran.has(callIdOf(span)), asked.has(callIdOf(span))]).toEqual([callIdOf(span), false, false]);
    const refused = calls.filter(({ stopReason }) => stopReason === 'CIRCUIT_OPEN');
    expect(rejected.map(callIdOf).sort()).toEqual(
      refused
        .filter(({ id }) => !ran.has(id))
        .map(({ id }) => id)
        .sort(),
    );
    // Nor has it a request under it.
    const parents = new Set(evidence().spans.map(({ traceId, parentSpanId }) => `${traceId} ${String(parentSpanId)}`));
    for (const { traceId, spanId } of rejected) expect(parents.has(`${traceId} ${spanId}`)).toBe(false);
    expect(rejected.length).toBeGreaterThan(50);
    for (const { id, attempts: made } of refused.filter(({ id }) => ran.has(id))) expect([id, made > 0]).toEqual([id, true]);
  });

  it('warns of the first refusal of an opening alone, and calls it an error where the call had run', () => {
    const records = evidence().logs.filter(({ eventName }) => eventName === 'redress.circuit_rejected');
    const callBySpan = new Map(callSpans().map((span) => [span.spanId, callIdOf(span)]));
    const severities = tally(records, ({ severity }) => [severity]);
    const of = ({ spanId }: { readonly spanId: string | undefined }): HappenedCall => callOf(callBySpan.get(spanId ?? '') ?? '');
    expect(severities['ERROR']).toBe(records.filter((record) => outcomeOfCall(of(record)) === 'failure').length);
    for (const record of records) expect(record.severity === 'ERROR').toBe(outcomeOfCall(of(record)) === 'failure');
    const openings = evidence().logs.filter(({ eventName }) => eventName === 'redress.circuit_opened').length;
    const closings = evidence().logs.filter(({ eventName }) => eventName === 'redress.circuit_closed').length;
    expect(severities['WARN']).toBeGreaterThan(0);
    expect(severities['WARN']).toBeLessThanOrEqual(openings + closings);
  });

  it('has a row of 0 for what is rare before it happens, with the labels that are counted then', () => {
    const { opening, samples } = evidence();
    const rare = /^(circuit_opened|circuit_half_open|circuit_closed|circuit_rejected|budget_exhausted)$/;
    const rows = (all: typeof samples) =>
      all
        .filter(({ name, labels }) => name === 'redress_events_total' && rare.test(labels['redress_event'] ?? ''))
        // A refusal in the midst of a call tells its failure: that row is not known before.
        .filter(({ labels }) => labels['redress_event'] !== 'circuit_rejected' || labels['error_class'] === undefined);
    const keyOf = ({ labels }: (typeof samples)[number]): string => JSON.stringify(Object.entries(labels).sort());
    const before = rows(opening);
    expect(before.filter(({ value }) => value !== 0)).toEqual([]);
    const known = new Set(before.map(keyOf));
    const firstOperations = new Set(['get-stock', 'gallery', 'get-price', 'charge', 'checkout', 'search', 'order', 'forward', 'visit']);
    const after = rows(samples).filter(
      ({ labels }) => labels['redress_event'] !== 'budget_exhausted' || firstOperations.has(labels['operation'] ?? ''),
    );
    expect(after.map(keyOf).filter((row) => !known.has(row))).toEqual([]);
    const happened = new Set(after.filter(({ value }) => value > 0).map(({ labels }) => labels['redress_event']));
    expect([...happened].sort()).toEqual(['budget_exhausted', 'circuit_closed', 'circuit_half_open', 'circuit_opened', 'circuit_rejected']);
    // A rescue that has not come yet is a row beside the attempts that may bring it.
    const rescues = new Set(samples.filter(({ name }) => name === 'redress_retry_success_after_retries_total').map(keyOf));
    const later = samples.filter(({ name, labels }) => name === 'redress_attempts_total' && labels['retry_attempt'] !== '1');
    expect(later.map(keyOf).filter((row) => !rescues.has(row))).toEqual([]);
    expect(later.length).toBeGreaterThan(10);
  });
}

function isSlow({ calledAt, endedAt }: HappenedAttempt): boolean {
  return endedAt - calledAt >= SLOW_MS;
}

function callIdOf({ attributes }: WireSpan): string {
  return String(attributes['truth.call']);
}

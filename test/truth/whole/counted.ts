import { callsById } from '../callsById.js';
import { type HappenedCall, outcomeOfCall } from '../Happened.js';
import { nonZero, sumBy, tally, ticksOfMs, ticksOfSeconds, total } from '../tables.js';
import { OTHER_TERMINAL_EVENT, TERMINAL_EVENT, terminalEventOf } from '../terminalEvents.js';
import type { Evidence } from './Evidence.js';
import { failuresOf, fateOf, isStoodInFor } from './Happened.js';

const REFUSALS = { CIRCUIT_OPEN: 'circuit_rejected', ...OTHER_TERMINAL_EVENT };
/** Why a request may never have come to its dependency: the connection broke, or the attempt was given up. */
const REASONS = ['ECONNRESET', 'UND_ERR_SOCKET', 'AttemptTimeoutError', 'DeadlineExceededError', 'CallerLeft', 'AbortError'];
const EVENTS = [
  ...['hedge', 'attempt_failed', 'attempt_timeout', 'fallback_used', 'cache_hit', 'cache_miss', 'cache_stale'],
  ...['circuit_opened', 'circuit_half_open', 'circuit_closed'],
];

/** What the exporter counted is what happened: series by series, with no tolerance. */
export function testCounters(evidence: () => Evidence): void {
  const callOf = callsById(evidence);
  const nameOf = ({ policy, operation }: HappenedCall): readonly string[] => [policy, operation];
  const counted = (metric: string, labels: readonly string[]) => nonZero(sumBy(evidence().samples, metric, labels));
  const events = (event: string, labels: readonly string[]) => {
    const own = evidence().samples.filter((sample) => sample.labels['redress_event'] === event);
    return nonZero(sumBy(own, 'redress_events_total', labels));
  };

  it('makes thousands of calls that end in every way there is, with everything happening that may', () => {
    const { calls } = evidence().happened;
    expect(calls.length).toBeGreaterThanOrEqual(2_500);
    const reasons = new Set(calls.map(({ stopReason }) => stopReason ?? 'success'));
    const known = { success: 1, ...TERMINAL_EVENT, ...OTHER_TERMINAL_EVENT };
    expect([...reasons].sort()).toEqual(Object.keys(known).sort());
    expect([...new Set(calls.map(({ answeredBy }) => answeredBy ?? ''))].sort()).toEqual([
      '',
      'cache',
      'fallback',
      'spare',
      'spare-2',
      'stale_cache',
    ]);
    for (const event of [...EVENTS, ...Object.values(REFUSALS)]) expect([event, total(events(event, []))]).not.toEqual([event, 0]);
  });

  it('tells nothing through diag', () => {
    expect(evidence().warnings).toEqual([]);
  });

  it('counts the attempts that were made, by policy and number', () => {
    const { attempts } = evidence().happened;
    expect(new Set(attempts.map(({ id }) => id)).size).toBe(attempts.length);
    expect(counted('redress_attempts_total', ['redress_policy', 'operation', 'retry_attempt'])).toEqual(
      tally(attempts, ({ call, number }) => [...nameOf(callOf(call)), number]),
    );
  });

  it('knows of each attempt that no dependency saw why not, and none saw any other', () => {
    const { attempts, accepted } = evidence().happened;
    const missing = new Map(attempts.map((attempt) => [attempt.id, attempt]));
    for (const { id, at } of accepted) {
      expect([id, (missing.get(id)?.calledAt ?? Infinity) <= at]).toEqual([id, true]);
      missing.delete(id);
    }
    for (const { lostBy, overBy } of missing.values()) expect(REASONS).toContain(overBy ?? lostBy);
  });

  it('tells one terminal event for each call, and records one duration, to the tick', () => {
    const { calls } = evidence().happened;
    const ends = new Set(['success', ...Object.values(TERMINAL_EVENT), ...Object.values(OTHER_TERMINAL_EVENT)]);
    const terminal = evidence().samples.filter(({ labels }) => ends.has(labels['redress_event'] ?? ''));
    expect(
      nonZero(sumBy(terminal, 'redress_events_total', ['redress_policy', 'operation', 'redress_event', 'redress_stop_reason'])),
    ).toEqual(tally(calls, (call) => [...nameOf(call), terminalEventOf(call.stopReason), call.stopReason]));
    expect(counted('redress_retry_duration_count', ['redress_policy', 'operation', 'redress_outcome', 'redress_stop_reason'])).toEqual(
      tally(calls, (call) => [...nameOf(call), outcomeOfCall(call), call.stopReason]),
    );
    expect(sumBy(evidence().samples, 'redress_retry_duration_sum', ['redress_policy', 'redress_outcome'], ticksOfSeconds)).toEqual(
      tally(
        calls,
        (call) => [call.policy, outcomeOfCall(call)],
        ({ startedAt, endedAt }) => ticksOfMs(endedAt - startedAt),
      ),
    );
  });

  it('counts as many refusals of each gate as callers were told of, by policy', () => {
    const { calls } = evidence().happened;
    for (const [reason, event] of Object.entries(REFUSALS)) {
      const refused = calls.filter(({ stopReason }) => stopReason === reason);
      expect([event, events(event, ['redress_policy'])]).toEqual([event, tally(refused, ({ policy }) => [policy])]);
    }
    const byCircuit = calls.filter(({ refusedBy }) => refusedBy !== undefined);
    expect(events('circuit_rejected', ['circuit_name'])).toEqual(tally(byCircuit, ({ refusedBy }) => [refusedBy]));
  });

  it('counts what fallbacks answered for, by how the call would have ended', () => {
    const stoodFor = evidence().happened.calls.filter(isStoodInFor);
    expect(events('fallback_used', ['redress_policy', 'redress_stop_reason'])).toEqual(
      tally(stoodFor, ({ policy, insteadOf }) => [policy, insteadOf?.stopReason]),
    );
    const answered = stoodFor.filter(({ answeredBy }) => answeredBy !== undefined);
    for (const { stopReason, answeredBy } of stoodFor) expect([stopReason, answeredBy]).toContain(undefined);
    expect(stoodFor.length).toBe(answered.length + total(events('fallback_failed', [])));
  });

  it('counts what a cache answered, what it had not, and what it had and was old', () => {
    const cached = evidence().happened.calls.filter(({ isCached }) => isCached === true);
    const by = (answer: string) =>
      tally(
        cached.filter(({ answeredBy }) => answeredBy === answer),
        ({ policy }) => [policy],
      );
    expect(events('cache_hit', ['redress_policy'])).toEqual(by('cache'));
    expect(events('cache_stale', ['redress_policy'])).toEqual(by('stale_cache'));
    // Who waited for another call, and then got its failure, asked for nothing itself.
    const went = cached.filter(
      ({ attempts, insteadOf, stopReason }) => attempts > 0 || (insteadOf?.stopReason ?? stopReason ?? '') in REFUSALS,
    );
    expect(events('cache_miss', ['redress_policy'])).toEqual(tally(went, ({ policy }) => [policy]));
  });

  it('counts as hedges the attempts that began without a wait before them, and the time that the beaten took, to the tick', () => {
    const { attempts, calls } = evidence().happened;
    expect(events('hedge', ['redress_policy'])).toEqual(
      tally(
        attempts.filter(({ beside }) => beside),
        ({ call }) => [callOf(call).policy],
      ),
    );
    const endOf = new Map(calls.map(({ id, endedAt }) => [id, endedAt]));
    const beaten = attempts.filter(({ overBy, call }) => overBy === 'AbortError' && callOf(call).winner !== undefined);
    const lost = evidence().samples.filter(({ labels }) => labels['redress_waste'] === 'hedge_lost');
    expect(nonZero(sumBy(lost, 'redress_wasted_time_total', ['redress_policy'], ticksOfSeconds))).toEqual(
      tally(
        beaten,
        ({ call }) => [callOf(call).policy],
        ({ call, calledAt }) => ticksOfMs((endOf.get(call) ?? Number.NaN) - calledAt),
      ),
    );
    expect(beaten.length).toBeGreaterThan(0);
  });

  it('counts waits, rescues and timeouts of attempts as they were', () => {
    const { attempts, calls, waits, times } = evidence().happened;
    expect(counted('redress_retries_total', ['redress_policy', 'error_class', 'retry_attempt'])).toEqual(
      tally(waits, ({ call, errorClass, attempt }) => [callOf(call).policy, errorClass, attempt + 1]),
    );
    const rescued = calls.filter(
      ({ stopReason, answeredBy, attempts: made }) => stopReason === undefined && answeredBy === undefined && made > 1,
    );
    expect(counted('redress_retry_success_after_retries_total', ['redress_policy', 'retry_attempt'])).toEqual(
      tally(rescued, ({ policy, attempts: made }) => [policy, made]),
    );
    const timedOut = attempts.filter((attempt) => fateOf(attempt, callOf(attempt.call), times).timedOut);
    expect(events('attempt_timeout', ['redress_policy'])).toEqual(tally(timedOut, ({ call }) => [callOf(call).policy]));
  });

  it('counts each failure once, by its class', () => {
    const failed = evidence().samples.filter(({ labels }) => labels['error_class'] !== undefined);
    expect(nonZero(sumBy(failed, 'redress_events_total', ['redress_policy', 'error_class']))).toEqual(
      tally(failuresOf(evidence().happened), ({ call, errorClass }) => [call.policy, errorClass]),
    );
  });

  it('counts the changes of each circuit as the circuit told them itself', () => {
    const { transitions } = evidence().happened;
    for (const [event, state] of [
      ['circuit_opened', 'open'],
      ['circuit_half_open', 'half_open'],
      ['circuit_closed', 'closed'],
    ] as const) {
      const own = transitions.filter(({ to }) => to === state);
      expect([event, events(event, ['circuit_name'])]).toEqual([event, tally(own, ({ circuit }) => [circuit])]);
    }
    expect(transitions.some(({ circuit }) => circuit.startsWith('tenants/'))).toBe(true);
  });

  it('shows as many circuits as there are, those that never opened together', () => {
    const { circuits, transitions, keys } = evidence().happened;
    const opened = new Set(transitions.map(({ circuit }) => circuit));
    const named = circuits.filter((name) => !name.startsWith('tenants/') || opened.has(name));
    const shown = counted('redress_circuit_state', ['circuit_name']);
    // A circuit that opened and closed between two scrapes is among the others, like those that never did.
    const own = Object.keys(shown).filter((name) => name !== '_other');
    for (const name of own) expect([name, named.includes(name), shown[name]]).toEqual([name, true, 1]);
    expect(total(shown)).toBe(circuits.length);
    expect(circuits.filter((name) => name.startsWith('tenants/')).length).toBe(keys);
  });

  it('is at rest when nothing runs', () => {
    for (const gauge of ['redress_active_calls', 'redress_attempt_abandoned', 'redress_bulkhead_in_flight', 'redress_bulkhead_queued'])
      expect([gauge, counted(gauge, ['redress_policy'])]).toEqual([gauge, {}]);
    const bulkheads = sumBy(evidence().samples, 'redress_bulkhead_in_flight', ['redress_policy']);
    expect(Object.keys(bulkheads).sort()).toEqual(['desk', 'search']);
  });

  it('names no key on a metric', () => {
    const { calls } = evidence().happened;
    const keys = new Set(calls.flatMap(({ key }) => key ?? []));
    const labels = evidence().samples.flatMap((sample) => Object.entries(sample.labels));
    const attributes = evidence().series.flatMap((one) => Object.entries(one.attributes));
    const named = [...labels, ...attributes].filter(([name, value]) => /key/.test(name) || keys.has(String(value)));
    expect(named).toEqual([]);
    expect(keys.size).toBeGreaterThan(5);
  });

  it('sends over OTLP the same numbers', () => {
    const sent = (name: string, labels: readonly string[]) =>
      nonZero(
        tally(
          evidence().series.filter((one) => one.name === name),
          ({ attributes }) => labels.map((label) => attributes[label]),
          ({ value }) => value,
        ),
      );
    expect(sent('redress.events', ['redress.policy', 'redress.event'])).toEqual(
      counted('redress_events_total', ['redress_policy', 'redress_event']),
    );
    expect(sent('redress.retry.duration', ['redress.policy', 'redress.outcome'])).toEqual(
      counted('redress_retry_duration_count', ['redress_policy', 'redress_outcome']),
    );
    expect(sent('redress.attempts', ['redress.policy'])).toEqual(counted('redress_attempts_total', ['redress_policy']));
  });
}

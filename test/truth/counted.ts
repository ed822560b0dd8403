import { callsById } from './callsById.js';
import type { Evidence } from './Evidence.js';
import { type HappenedCall, outcomeOfCall } from './Happened.js';
import { nonZero, sumBy, tally, ticksOfMs, ticksOfSeconds, total } from './tables.js';
import { TERMINAL_EVENT, terminalEventOf } from './terminalEvents.js';

/** Why a request may never have come to an upstream: nobody listened, the connection broke, or the caller gave the attempt up. */
const REASONS = [
  'ECONNREFUSED',
  'ECONNRESET',
  'UND_ERR_SOCKET',
  'AttemptTimeoutError',
  'DeadlineExceededError',
  'CallerLeft',
  'AbortError',
];

/** What the exporter counted is what happened: series by series, with no tolerance. */
export function testCounters(evidence: () => Evidence): void {
  const callOf = callsById(evidence);
  const scraped = (metric: string, labels: readonly string[], read?: (value: number) => number) =>
    sumBy(evidence().samples, metric, labels, read);

  it('makes at least 5,000 calls that end in every way there is', () => {
    const { calls } = evidence().happened;
    expect(calls.length).toBeGreaterThanOrEqual(5_000);
    const reasons = new Set(calls.map(({ stopReason }) => stopReason ?? 'success'));
    expect([...reasons].sort()).toEqual(['success', ...Object.keys(TERMINAL_EVENT)].sort());
  });

  it('meets every trouble, and circuits that open and close', () => {
    const { attempts } = evidence().happened;
    const statuses = new Set(attempts.map(({ status }) => status));
    for (const status of [200, 404, 429, 500, 503]) expect(statuses).toContain(status);
    const reasons = new Set(attempts.map(({ lostBy }) => lostBy));
    for (const reason of ['ECONNREFUSED', 'ECONNRESET', 'AttemptTimeoutError', 'DeadlineExceededError', 'CallerLeft'])
      expect(reasons).toContain(reason);
    const events = scraped('redress_events_total', ['redress_event']);
    for (const event of ['circuit_opened', 'circuit_half_open', 'circuit_closed', 'attempt_timeout', 'slow_call'])
      expect(events[event]).toBeGreaterThan(0);
  });

  it('tells nothing through diag', () => {
    expect(evidence().warnings).toEqual([]);
  });

  it('sends as many ids as redress.attempts says, of each operation and number', () => {
    const { attempts } = evidence().happened;
    const ids = new Set(attempts.map(({ id }) => id));
    const counted = scraped('redress_attempts_total', ['redress_policy', 'operation', 'retry_attempt']);
    expect(total(counted)).toBe(ids.size);
    expect(counted).toEqual(tally(attempts, ({ call, number }) => [...nameOf(callOf(call)), number]));
  });

  it('knows of each id that no upstream saw why not, and no upstream saw any other', () => {
    const { attempts, accepted } = evidence().happened;
    const missing = new Map(attempts.map((attempt) => [attempt.id, attempt]));
    for (const id of accepted) expect([id, missing.delete(id)]).toEqual([id, true]);
    expect(missing.size).toBeGreaterThan(0);
    for (const { lostBy } of missing.values()) expect(REASONS).toContain(lostBy);
  });

  it('tells one terminal event for each call', () => {
    const { calls } = evidence().happened;
    const terminal = evidence().samples.filter(({ labels }) => isTerminal(labels['redress_event']));
    expect(
      nonZero(sumBy(terminal, 'redress_events_total', ['redress_policy', 'operation', 'redress_event', 'redress_stop_reason'])),
    ).toEqual(tally(calls, (call) => [...nameOf(call), terminalEventOf(call.stopReason), call.stopReason]));
  });

  it('counts as many refusals as callers were told of', () => {
    const refused = evidence().happened.calls.filter(({ stopReason }) => stopReason === 'CIRCUIT_OPEN');
    const events = scraped('redress_events_total', ['redress_event']);
    expect(events['circuit_rejected']).toBe(refused.length);
  });

  it('counts as many retries as waits began, by class and by the attempt to be made', () => {
    const { waits } = evidence().happened;
    const retries = scraped('redress_retries_total', ['redress_policy', 'operation', 'error_class', 'retry_attempt']);
    expect(retries).toEqual(tally(waits, ({ call, errorClass, attempt }) => [...nameOf(callOf(call)), errorClass, attempt + 1]));
    expect(total(retries)).toBe(scraped('redress_events_total', ['redress_event'])['retry']);
  });

  it('counts as many rescues as calls succeeded late, by attempt', () => {
    const rescued = evidence().happened.calls.filter(({ stopReason, attempts }) => stopReason === undefined && attempts > 1);
    expect(nonZero(scraped('redress_retry_success_after_retries_total', ['redress_policy', 'operation', 'retry_attempt']))).toEqual(
      tally(rescued, (call) => [...nameOf(call), call.attempts]),
    );
  });

  it('counts as many timeouts of attempts as errors of that kind were shown to the caller', () => {
    const timeouts = evidence().samples.filter(({ labels }) => labels['redress_event'] === 'attempt_timeout');
    expect(sumBy(timeouts, 'redress_events_total', ['redress_policy', 'operation'])).toEqual(
      tally(evidence().happened.attemptTimeouts, ({ call }) => nameOf(callOf(call))),
    );
  });

  it('records one duration for each call, by outcome and stop reason', () => {
    expect(scraped('redress_retry_duration_count', ['redress_policy', 'operation', 'redress_outcome', 'redress_stop_reason'])).toEqual(
      tally(evidence().happened.calls, (call) => [...nameOf(call), outcomeOfCall(call), call.stopReason]),
    );
  });

  it('records durations that add up to what callers measured, to the tick', () => {
    const durations = tally(
      evidence().happened.calls,
      (call) => [...nameOf(call), outcomeOfCall(call)],
      ({ startedAt, endedAt }) => ticksOfMs(endedAt - startedAt),
    );
    expect(mapValues(scraped('redress_retry_duration_sum', ['redress_policy', 'operation', 'redress_outcome']), ticksOfSeconds)).toEqual(
      durations,
    );
    for (const { startedAt, seenAt = startedAt, endedAt, settledAt } of evidence().happened.calls) {
      expect(endedAt).toBeGreaterThanOrEqual(seenAt);
      expect(settledAt).toBeGreaterThanOrEqual(endedAt);
    }
  });

  // A wait begins where `beforeSleep` is called and ends where the function is called again, or with the call.
  // That is the time really spent: a timer that went off late, or an abort in the midst, counts as it was, not as it was planned.
  it('counts as time in backoff what waits really took, to the tick', () => {
    const waited = tally(
      evidence().happened.waits,
      ({ call, errorClass }) => [...nameOf(callOf(call)), errorClass],
      ({ startedAt, endedAt }) => ticksOfMs(endedAt - startedAt),
    );
    const counted = mapValues(scraped('redress_backoff_time_total', ['redress_policy', 'operation', 'error_class']), ticksOfSeconds);
    expect(nonZero(counted)).toEqual(nonZero(waited));
    expect(total(waited)).toBeGreaterThan(0);
  });

  it('has no function left that runs after its call', () => {
    const abandoned = scraped('redress_attempt_abandoned', ['redress_policy']);
    expect(nonZero(abandoned)).toEqual({});
    expect(Object.keys(abandoned)).toContain('gallery');
  });
}

function nameOf({ policy, operation }: HappenedCall): readonly string[] {
  return [policy, operation];
}

function isTerminal(event: string | undefined): boolean {
  return event === 'success' || Object.values(TERMINAL_EVENT).some((terminal) => terminal === event);
}

function mapValues(table: Readonly<Record<string, number>>, convert: (value: number) => number): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [key, convert(value)]));
}

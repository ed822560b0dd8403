import type { Evidence } from './Evidence.js';
import { nonZero, tally, ticksOfMs, ticksOfSeconds, total } from './tables.js';
import type { WireSeries } from './TraceReceiver.js';
import { callsById } from './callsById.js';

/** Prometheus' label for an attribute. */
const labelOf = (attribute: string): string => attribute.replaceAll('.', '_');

/** What comes over OTLP is what the other route shows. */
export function testOverOtlp(evidence: () => Evidence): void {
  const callOf = callsById(evidence);
  const series = (): readonly WireSeries[] => evidence().series.filter(({ name }) => name.startsWith('redress.'));
  const named = (name: string): readonly WireSeries[] => series().filter((each) => each.name === name);

  it('has no number that is none', () => {
    expect(series().length).toBeGreaterThan(200);
    expect(series().filter(({ value, sum = 0 }) => !Number.isFinite(value) || !Number.isFinite(sum))).toEqual([]);
    const { spans, logs } = evidence();
    const told = [...spans, ...spans.flatMap(({ events }) => events), ...logs].flatMap(({ attributes }) => Object.entries(attributes));
    expect(told.filter(([, value]) => value === undefined || value === null || Number.isNaN(value))).toEqual([]);
  });

  it('has the units by which both routes give one name, and those that add theirs', () => {
    const units = Object.fromEntries(series().map(({ name, unit }) => [name, unit]));
    expect(units).toMatchObject({
      'redress.circuit.state': '{state}',
      'redress.circuit.failure_ratio': '1',
      'redress.retry.duration': 's',
      'redress.backoff.time': 's',
      'redress.wasted.time': 's',
      'redress.circuit.time_in_state': 's',
    });
  });

  it('has every row that the exporter for Prometheus has, with the same number, but for what goes on with the time', () => {
    // A budget fills, a window forgets, an open circuit turns half-open: the two readings are a moment apart.
    const goesOn = new Set([
      'redress.circuit.time_in_state',
      'redress.circuit.state',
      'redress.circuit.failure_ratio',
      'redress.retry.budget',
    ]);
    const rows = (name: string, value: (one: WireSeries) => number | undefined): [string, number | undefined][] =>
      named(name).map((one) => [
        JSON.stringify(
          Object.entries(one.attributes)
            .map(([attribute, each]) => [labelOf(attribute), String(each)])
            .sort(),
        ),
        value(one),
      ]);
    const shown = (name: string): [string, number][] =>
      evidence()
        .samples.filter((sample) => sample.name === name)
        .map(({ labels, value }) => {
          const { otel_scope_name: _name, otel_scope_version: _version, ...own } = labels;
          return [
            JSON.stringify(
              Object.entries(own)
                .filter(([label]) => !label.startsWith('otel_scope_'))
                .sort(),
            ),
            value,
          ];
        });
    for (const name of new Set(series().map((each) => each.name))) {
      const exposed = labelOf(name);
      const isHistogram = named(name).some(({ sum }) => sum !== undefined);
      const isCounter = evidence().samples.some((sample) => sample.name === `${exposed}_total`);
      const got = Object.fromEntries(rows(name, ({ value }) => value));
      const there = Object.fromEntries(shown(isHistogram ? `${exposed}_count` : isCounter ? `${exposed}_total` : exposed));
      if (goesOn.has(name)) {
        expect([name, Object.keys(got).sort()]).toEqual([name, Object.keys(there).sort()]);
        continue;
      }
      expect([name, got]).toEqual([name, there]);
      if (!isHistogram) continue;
      // The two readers add up in an order of their own.
      const sums = Object.fromEntries(rows(name, ({ sum }) => ticksOfSeconds(sum ?? Number.NaN)));
      expect(sums).toEqual(Object.fromEntries(shown(`${exposed}_sum`).map(([key, sum]) => [key, ticksOfSeconds(sum)])));
    }
  });

  it('has no call under way when none is', () => {
    expect(
      nonZero(
        tally(
          named('redress.active_calls'),
          ({ attributes }) => [attributes['redress.policy']],
          ({ value }) => value,
        ),
      ),
    ).toEqual({});
    expect(named('redress.active_calls').length).toBeGreaterThan(5);
  });

  it('has as many log records of each event as are counted, successes aside', () => {
    const counted = tally(
      named('redress.events').filter(({ attributes }) => attributes['redress.event'] !== 'success'),
      ({ attributes }) => [attributes['redress.event']],
      ({ value }) => value,
    );
    expect(tally(evidence().logs, ({ attributes }) => [attributes['redress.event']])).toEqual(nonZero(counted));
  });

  it('has log records of a call in their order by their times, which are those of its span', () => {
    const bySpan = new Map(evidence().spans.map((span) => [span.spanId, span]));
    const times = new Map<string, bigint[]>();
    for (const { spanId, time, eventName } of evidence().logs) {
      if (spanId === undefined) continue;
      const event = bySpan.get(spanId)?.events.find((each) => `redress.${each.name}` === eventName && each.time === time);
      expect([eventName, event?.time]).toEqual([eventName, time]);
      times.set(spanId, [...(times.get(spanId) ?? []), time]);
    }
    for (const all of times.values()) expect(all).toEqual([...new Set(all)].sort((a, b) => (a < b ? -1 : 1)));
    expect([...times.values()].flat().some((time) => time % 1_000_000n !== 0n)).toBe(true);
  });

  // An attempt's function ends after its verdict only where it was given up: else the two are one moment.
  it('has as time wasted what failed attempts took, to the tick, and more where functions ran on', () => {
    const wasted = tally(
      named('redress.wasted.time'),
      ({ attributes }) => [attributes['redress.policy'], attributes['redress.waste']],
      ({ value }) => ticksOfSeconds(value),
    );
    const { attempts, waits } = evidence().happened;
    const waited = new Map(waits.map((wait) => [`${wait.call} ${wait.attempt}`, wait]));
    const failed = attempts.filter(({ call, number }) => callOf(call).policy === 'gallery' && waited.has(`${call} ${number}`));
    const least = failed.reduce((sum, { call, number, calledAt }) => {
      return sum + ticksOfMs((waited.get(`${call} ${number}`)?.startedAt ?? Number.NaN) - calledAt);
    }, 0);
    const last = attempts.filter(({ call, number }) => {
      const { policy, stopReason, attempts: made } = callOf(call);
      return policy === 'gallery' && stopReason !== undefined && number === made;
    });
    const ends = last.reduce((sum, { call, calledAt }) => sum + ticksOfMs(callOf(call).endedAt - calledAt), 0);
    expect(wasted['gallery failed_attempt']).toBe(least + ends);
    expect(wasted['gallery abandoned']).toBeGreaterThan(0);
    expect(total(wasted)).toBeGreaterThan(0);
  });
}

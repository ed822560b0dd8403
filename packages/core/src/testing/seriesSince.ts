import type { Attributes } from '@opentelemetry/api';
import type { EmittedHistogram, EmittedSeries } from './Emitted.js';

/** Whether `attributes` has all of `wanted`. */
export function carries(attributes: Attributes, wanted: Attributes): boolean {
  return Object.entries(wanted).every(([name, value]) => show(attributes[name]) === show(value));
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'undefined';
}

function keyOf({ name, attributes }: EmittedSeries): string {
  return JSON.stringify([name, Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/**
 * What counters and histograms grew by since an earlier collection; those that did not are left out. Gauges and up-down
 * counters are as they are now, for they say what is and not what happened.
 */
export function seriesSince(now: readonly EmittedSeries[], before: readonly EmittedSeries[]): readonly EmittedSeries[] {
  const earlier = new Map(before.map((series) => [keyOf(series), series]));
  return now.flatMap((series): EmittedSeries[] => {
    const old = earlier.get(keyOf(series));
    if (old === undefined) return [series];
    if (series.kind === 'histogram' && old.kind === 'histogram') {
      return series.count === old.count ? [] : [histogramSince(series, old)];
    }
    if (series.kind !== 'counter' || old.kind !== 'counter') return [series];
    return series.value === old.value ? [] : [{ ...series, value: series.value - old.value }];
  });
}

function histogramSince(now: EmittedHistogram, before: EmittedHistogram): EmittedHistogram {
  return {
    ...now,
    count: now.count - before.count,
    sum: now.sum - before.sum,
    buckets: now.buckets.map((count, index) => count - (before.buckets[index] ?? 0)),
  };
}

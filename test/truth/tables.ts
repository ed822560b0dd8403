import type { Sample } from '../../examples/storefront/src/figures/parseExposition.js';

/** Numbers by a key made of several values. */
export type Table = Readonly<Record<string, number>>;

/** Ticks in a millisecond of the storefront's clock: see fixtures/TickClock.mjs. */
const TICKS_PER_MS = 1_024;

/**
 * A time in whole ticks of the clock it was read from. Every reading is a whole number of them, so a sum of differences is one as well,
 * and rounding brings back what the division into seconds lost: some 1e-16 of it.
 */
export function ticksOfSeconds(seconds: number): number {
  return Math.round(seconds * 1_000 * TICKS_PER_MS);
}

/** The same of a time in milliseconds. */
export function ticksOfMs(ms: number): number {
  return Math.round(ms * TICKS_PER_MS);
}

/** Adds up `amount` (1 by default) of each item under its key. */
export function tally<T>(items: readonly T[], keyOf: (item: T) => readonly unknown[], amountOf: (item: T) => number = () => 1): Table {
  const table: Record<string, number> = {};
  for (const item of items) {
    const key = keyOf(item)
      .map((part) => part ?? '')
      .join(' ');
    table[key] = (table[key] ?? 0) + amountOf(item);
  }
  return table;
}

/** `sum by (labels) (metric)` of a scrape; labels that are absent count as empty. */
export function sumBy(
  samples: readonly Sample[],
  metric: string,
  labels: readonly string[],
  read: (value: number) => number = Number,
): Table {
  const matching = samples.filter(({ name }) => name === metric);
  return tally(
    matching,
    (sample) => labels.map((label) => sample.labels[label]),
    ({ value }) => read(value),
  );
}

/** All numbers of a table, added up. */
export function total(table: Table): number {
  return Object.values(table).reduce((sum, each) => sum + each, 0);
}

/** The rows that are not 0: a series may be there before anything happened. */
export function nonZero(table: Table): Table {
  return Object.fromEntries(Object.entries(table).filter(([, value]) => value !== 0));
}

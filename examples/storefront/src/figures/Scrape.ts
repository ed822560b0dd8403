import type { Sample } from './parseExposition.js';

/** What one scrape found. */
export interface Scrape {
  /** Milliseconds on the scraper's clock. */
  readonly atMs: number;
  readonly samples: readonly Sample[];
}

/** Labels a sample must have; a list means one of them, a function decides. */
export type Matcher = Readonly<Record<string, string | readonly string[] | ((value: string) => boolean)>>;

/** `sum by (label) (metric{matcher})`; absent labels count as the empty text, as in PromQL. */
export function sumBy(scrape: Scrape | undefined, metric: string, label: string, matcher: Matcher = {}): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { name, labels, value } of scrape?.samples ?? []) {
    if (name === metric && matches(labels, matcher)) {
      const key = labels[label] ?? '';
      sums.set(key, (sums.get(key) ?? 0) + value);
    }
  }
  return sums;
}

/** Of each label the lowest that the scrapes found. */
export function lowestBy(scrapes: readonly (Scrape | undefined)[], metric: string, label: string): Map<string, number> {
  const lowest = new Map<string, number>();
  for (const scrape of scrapes) {
    for (const { name, labels, value } of scrape?.samples ?? []) {
      if (name === metric && !Number.isNaN(value)) {
        const key = labels[label] ?? '';
        lowest.set(key, Math.min(value, lowest.get(key) ?? value));
      }
    }
  }
  return lowest;
}

function matches(labels: Readonly<Record<string, string>>, matcher: Matcher): boolean {
  return Object.entries(matcher).every(([name, wanted]) => {
    const value = labels[name] ?? '';
    return typeof wanted === 'function' ? wanted(value) : typeof wanted === 'string' ? wanted === value : wanted.includes(value);
  });
}

/** Two ends of a window of scrapes. `from` is undefined when the window reaches back before the first scrape. */
export interface Window {
  readonly from: Scrape | undefined;
  readonly to: Scrape | undefined;
}

/**
 * `sum by (label) (increase(metric{matcher}[window]))`, without Prometheus' extrapolation to the window's edges.
 * A series that is not in the older scrape began at zero: redress's counters do.
 */
export function increaseBy(window: Window, metric: string, label: string, matcher: Matcher = {}): Map<string, number> {
  const before = sumBy(window.from, metric, label, matcher);
  const after = sumBy(window.to, metric, label, matcher);
  return new Map([...after].map(([key, value]) => [key, value - (before.get(key) ?? 0)]));
}

import type { Merge } from './semconv.js';

/** What becomes of two values of one row, in each of the ways that the registry knows. */
export const MERGES: Readonly<Record<Merge, (before: number, value: number) => number>> = {
  last: (_, value) => value,
  sum: (before, value) => before + value,
  min: (before, value) => (value < before ? value : before),
  max: (before, value) => (value > before ? value : before),
};

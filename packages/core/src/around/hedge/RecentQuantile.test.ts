import fc from 'fast-check';
import { ENOUGH, RecentQuantile } from './RecentQuantile.js';

/** By sorting: the nearest rank. */
function exactly(share: number, values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1];
}

describe('the quantile of recent durations', () => {
  it('[hedge.quantile] is within 5 % of the nearest rank, and unknown before 100 of them', () => {
    const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    const durations = fc.array(fc.double({ min: 0.02, max: 80_000, noNaN: true }), { maxLength: 499 });
    fc.assert(
      fc.property(share, durations, (of, values) => {
        const quantile = new RecentQuantile(of);
        for (const value of values) quantile.add(value);
        const exact = values.length < ENOUGH ? undefined : exactly(of, values);
        if (exact === undefined) expect(quantile.value).toBeUndefined();
        else {
          expect(quantile.value).toBeGreaterThanOrEqual(exact * (1 - 1e-9));
          expect(quantile.value).toBeLessThanOrEqual(exact * 1.0501);
        }
      }),
    );
  });

  it('[hedge.quantile] forgets what is more than a thousand durations ago', () => {
    const quantile = new RecentQuantile(0.99);
    for (let each = 0; each < 500; each += 1) quantile.add(1);
    for (let each = 0; each < 500; each += 1) quantile.add(1_000);
    expect(quantile.value).toBeCloseTo(1_000, -2);
    for (let each = 0; each < 1_000; each += 1) quantile.add(1);
    expect(quantile.value).toBeLessThan(1.1);
  });

  it.each([Number.NaN, -1, 0, Infinity])('takes %p, which is no duration, without harm', (odd) => {
    const quantile = new RecentQuantile(0.5);
    for (let each = 0; each < 200; each += 1) quantile.add(odd);
    expect(quantile.value).toBeGreaterThan(0);
  });
});

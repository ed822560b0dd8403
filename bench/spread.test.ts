import { combine, spreadOf, verdictOf } from './spread.js';

describe('spreadOf', () => {
  it.each([
    { samples: [3], spread: { median: 3, lowest: 3, highest: 3 } },
    { samples: [2, 1], spread: { median: 1.5, lowest: 1, highest: 2 } },
    { samples: [9, 1, 5], spread: { median: 5, lowest: 1, highest: 9 } },
    { samples: [4, 1, 3, 10], spread: { median: 3.5, lowest: 1, highest: 10 } },
    { samples: [0.5, 0.62, 0.48, 0.55, 0.9], spread: { median: 0.55, lowest: 0.48, highest: 0.9 } },
    // As text 100 would come before 20.
    { samples: [100, 20, 3], spread: { median: 20, lowest: 3, highest: 100 } },
    { samples: [-2, 0, -7], spread: { median: -2, lowest: -7, highest: 0 } },
    { samples: [1, 1, 1, 1], spread: { median: 1, lowest: 1, highest: 1 } },
  ])('of $samples is $spread', ({ samples, spread }) => {
    const before = [...samples];

    expect(spreadOf(samples)).toEqual(spread);
    expect(samples).toEqual(before);
  });

  it('of nothing is an error', () => {
    expect(() => spreadOf([])).toThrow('no samples');
  });
});

describe('combine', () => {
  const report = (value: number, low: number, noise: number) => ({
    title: 'A call',
    unit: 'ns',
    rows: [{ name: 'redress', value, low, options: 'none' }],
    bars: [
      { what: 'redress / peer', value: value / 100, low: low / 100, atMost: 3, aim: 2, noise },
      { what: 'bytes', value },
    ],
  });

  it('makes one report of those of several processes, figure by figure', () => {
    expect(combine([report(300, 250, 0.01), report(100, 90, 0.05), report(200, 110, 0.02)])).toEqual({
      title: 'A call',
      unit: 'ns',
      rows: [{ name: 'redress', options: 'none', median: 200, lowest: 100, highest: 300, quiet: 110 }],
      bars: [
        { what: 'redress / peer', median: 2, lowest: 1, highest: 3, quiet: 1.1, atMost: 3, aim: 2, noise: 0.02 },
        { what: 'bytes', median: 200, lowest: 100, highest: 300 },
      ],
    });
  });

  it('keeps why a scenario was skipped', () => {
    const skipped = { title: 'A call', unit: 'ns', skipped: 'no Bulkhead', rows: [], bars: [] };

    expect(combine([skipped, skipped])).toEqual(skipped);
  });
});

describe('verdictOf', () => {
  it.each([
    { bar: { median: 0.5, atMost: 0.5 }, verdict: 'met' },
    { bar: { median: 0.501, atMost: 0.5 }, verdict: 'MISSED' },
    { bar: { median: 1.02, atMost: 1, noise: 0.03 }, verdict: 'met' },
    { bar: { median: 1.04, atMost: 1, noise: 0.03 }, verdict: 'MISSED' },
    { bar: { median: 0.55, atMost: 0.56, aim: 0.5 }, verdict: 'met' },
    { bar: { median: 0, atMost: 0 }, verdict: 'met' },
    { bar: { median: 7 }, verdict: undefined },
  ])('of $bar is $verdict', ({ bar, verdict }) => {
    expect(verdictOf(bar)).toBe(verdict);
  });
});

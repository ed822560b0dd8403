import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderFigures, replaceFigures } from './figures.js';

const row = (median: number) => ({ name: 'redress', options: '', median, lowest: median, highest: median });
const bar = (what: string, median: number, atMost?: number) => ({ what, median, lowest: median - 0.125, highest: median + 0.125, atMost });

const figures = renderFigures({
  command: 'npm run bench -- --node 20,22 --write',
  processes: 5,
  machine: 'linux x64, 2 cores, some processor',
  nodes: [
    { version: '20.1.0', reports: [{ title: 'A call', unit: 'ns', rows: [row(300)], bars: [bar('redress / peer', 0.5, 0.56)] }] },
    {
      version: '22.1.0',
      reports: [
        { title: 'A call', unit: 'ns', rows: [row(1_234)], bars: [bar('redress / peer', 0.75, 0.63)] },
        { title: 'A newer peer', unit: 'ns', rows: [], bars: [bar('redress / newer', 1.5)] },
        { title: 'A bulkhead', unit: 'ns', skipped: 'there is none', rows: [], bars: [] },
      ],
    },
  ],
});

describe('the figures of a run', () => {
  it('are a table with a column for each Node', () => {
    expect(figures.split('\n')).toEqual([
      '`npm run bench -- --node 20,22 --write` on linux x64, 2 cores, some processor. Medians over 5 processes; of a bar, the lowest and the highest process too.',
      '',
      '|  | Node 20.1.0 | Node 22.1.0 |',
      '| --- | ---: | ---: |',
      '| **A call**, ns |  |  |',
      '| redress | 300 | 1,234 |',
      '| redress / peer | **0.500** (0.375 to 0.625; at most 0.560; met) | **0.750** (0.625 to 0.875; at most 0.630; MISSED) |',
      '| **A newer peer**, ns |  |  |',
      '| redress / newer |  | **1.500** (1.375 to 1.625) |',
      '| **A bulkhead**, ns |  | skipped |',
      '| there is none |  |  |',
    ]);
  });

  it('take the place of those in README.md, however often', () => {
    const readme = readFileSync(join(__dirname, 'README.md'), 'utf8');
    const [before = ''] = readme.split('<!-- figures');
    const [, after = ''] = readme.split('<!-- end of figures -->');
    const written = replaceFigures(readme, figures);

    expect(written.startsWith(before)).toBe(true);
    expect(written.endsWith(after)).toBe(true);
    expect(written).toContain(figures);
    expect(replaceFigures(written, figures)).toBe(written);
    expect(replaceFigures(written, 'none')).not.toContain('A newer peer');
  });

  it('are not written where there is no block for them', () => {
    expect(() => replaceFigures('# Bench', figures)).toThrow('no block between');
  });
});

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { plan } from './plan.js';

interface Row {
  readonly name: string;
  readonly value: number;
  readonly low?: number;
  readonly options: string;
}

interface Bar {
  readonly what: string;
  readonly value: number;
  readonly low?: number;
  readonly atMost: number;
}

interface Report {
  readonly title: string;
  readonly unit: string;
  readonly rows: readonly Row[];
  readonly bars: readonly Bar[];
}

const run = promisify(execFile);

async function reportOf(file: string, args: readonly string[]): Promise<Report> {
  const path = join(__dirname, 'scenarios', file);
  const { stdout } = await run(process.execPath, ['--expose-gc', path, '--tiny', ...args], { timeout: 60_000 });
  return JSON.parse(stdout);
}

const areFinite = (figures: readonly (Row | Bar)[]) =>
  figures.every(({ value, low }) => Number.isFinite(value) && (low === undefined || Number.isFinite(low)));

describe('bench', () => {
  // What is measured in so few calls says nothing, so no figure is looked at.
  it.each(plan.map(({ file, args }) => [[file, ...args].join(' '), file, args] as const))(
    '%s reports its rows and bars',
    async (_name, file, args) => {
      const { title, unit, rows, bars } = await reportOf(file, args);

      expect(title).toMatch(/\S/);
      expect(unit).toMatch(/\S/);
      expect(rows.map(({ name }) => name)).toContainEqual(expect.stringMatching(/\S/));
      expect(bars.filter(({ what }) => !/\S/.test(what))).toEqual([]);
      expect(bars.map(({ atMost }) => typeof atMost)).toEqual(bars.map(() => 'number'));
      expect(areFinite(rows)).toBe(true);
      expect(areFinite(bars)).toBe(true);
    },
    60_000,
  );
});

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isInstalled } from './peers/install.js';
import { leftOutOn, lineOf, needsNewestPeers, planFor } from './plan.js';

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
  readonly atMost?: number;
  readonly aim?: number;
  readonly noise?: number;
}

interface Report {
  readonly title: string;
  readonly unit: string;
  readonly skipped?: string;
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

// The newest peers are installed by the bench, not by its test.
const hasNewestPeers = isInstalled(join(__dirname, 'peers'));
const plan = planFor(Number.parseInt(process.versions.node, 10)).filter((scenario) => hasNewestPeers || !needsNewestPeers(scenario));

describe('the plan', () => {
  const lines = (scenarios: ReturnType<typeof planFor>) => scenarios.map(lineOf);
  const everything = lines(planFor(Number.POSITIVE_INFINITY));

  it('names every scenario once', () => {
    expect(everything).toEqual([...new Set(everything)]);
  });

  it.each([20, 22, 24])('runs or leaves out each on Node %d', (major) => {
    expect([...lines(planFor(major)), ...lines(leftOutOn(major))].toSorted()).toEqual(everything.toSorted());
  });

  it('leaves out on Node 20 the peers that need a newer one, and nothing later', () => {
    expect(lines(leftOutOn(20))).toEqual([
      'no-sdk cockatiel --newest',
      'no-sdk opossum --newest',
      'no-sdk p-retry --newest',
      'rejection --newest',
      'bulkhead cockatiel --newest',
      'policies --newest',
    ]);
    expect(leftOutOn(22)).toEqual([]);
  });
});

describe('bench', () => {
  // What is measured in so few calls says nothing, so no figure is looked at.
  it.each(plan.map((scenario) => [lineOf(scenario), scenario.file, scenario.args] as const))(
    '%s reports its rows and bars',
    async (_name, file, args) => {
      const { title, unit, skipped, rows, bars } = await reportOf(file, args);
      const limits = bars.flatMap(({ atMost, aim, noise }) => [atMost, aim, noise]).filter((limit) => limit !== undefined);

      expect(title).toMatch(/\S/);
      expect(unit).toMatch(/\S/);
      if (skipped === undefined) expect(rows.map(({ name }) => name)).toContainEqual(expect.stringMatching(/\S/));
      else expect([skipped, rows, bars]).toEqual([expect.stringMatching(/\S/), [], []]);
      expect(bars.filter(({ what }) => !/\S/.test(what))).toEqual([]);
      expect(limits.every(Number.isFinite)).toBe(true);
      expect(areFinite(rows)).toBe(true);
      expect(areFinite(bars)).toBe(true);
    },
    60_000,
  );
});

describe('the runner', () => {
  const bench = (...args: readonly string[]) => run(process.execPath, [join(__dirname, 'run.js'), '--tiny', ...args], { timeout: 60_000 });

  it('starts each scenario as often as asked, and prints every row and bar once', async () => {
    const { stdout, stderr } = await bench('--processes', '2', 'waiting', 'growth');

    expect(stderr.match(/process \d of \d/g)).toEqual(['process 1 of 2', 'process 2 of 2']);
    expect(stdout).toContain(`Node ${process.versions.node}`);
    expect(stdout).toContain('over 2 processes');
    expect(stdout.match(/^Held by each of .*$/gm)).toHaveLength(1);
    expect(stdout.match(/^Left behind by .*$/gm)).toHaveLength(2);
    expect(stdout.match(/^ {2}(met|MISSED|no bar): .*$/gm)).toHaveLength(7);
  }, 60_000);

  it.each([
    ['a scenario that is not there', ['speed'], 'no scenario speed; there are no-sdk, '],
    ['no processes', ['--processes', '0'], '--processes must be a whole number of at least 1, not 0'],
    ['figures that mean nothing, to be written', ['--write'], '--tiny measures nothing that is worth writing'],
  ])('refuses %s', async (_name, args, message) => {
    await expect(bench(...args)).rejects.toThrow(message);
  });
});

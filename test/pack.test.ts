import { posix } from 'node:path';
import { PackedProjects } from './pack/PackedProjects.js';
import { program, runNode } from './pack/runNode.js';

const PACKAGES = ['core', 'instrumentation-resilience'];

interface SourceMap {
  readonly sources: readonly string[];
  readonly sourcesContent?: unknown;
}

/** A call that is rescued at its second attempt, through every entry point. */
const body = `
async function main()TYPE {
  const clock = new FakeClock();
  const instrumentation = new ResilienceInstrumentation();
  const packed = policy('packed', { retry: { backoff: constant(0) }, circuitBreaker: {} });
  const outcome = await packed.settle(({ number }) => {
    if (number === 1) throw new ServerError('first');
    return 'value';
  });
  instrumentation.disable();
  console.log(outcome.ok ? outcome.value : 'failed', outcome.attempts, typeof telemetry, typeof clock.now());
}
void main();
`;
const names = [
  ['constant, policy, ServerError', '@redress/core'],
  ['telemetry', '@redress/core/telemetry'],
  ['FakeClock', '@redress/core/testing'],
  ['ResilienceInstrumentation', '@redress/instrumentation-resilience'],
];
const imports = names.map(([what, from]) => `import { ${what} } from '${from}';`).join('\n');
const requires = names.map(([what, from]) => `const { ${what} } = require('${from}');`).join('\n');
const script = body.replace('TYPE', '');
const typed = `${imports}\n${body.replace('TYPE', ': Promise<void>')}`;
const said = { status: 0, output: 'value 2 function number\n' };

const strict = { target: 'ES2022', strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, types: ['node'], outDir: '.' };

describe('the packed packages', () => {
  const projects = new PackedProjects();
  const tsc = program('typescript', 'tsc');

  beforeAll(() => projects.install(PACKAGES), 120_000);
  afterAll(() => projects.remove());

  it.each([
    { given: 'an ESM project', name: 'esm', files: { 'package.json': { type: 'module' }, 'main.js': `${imports}\n${script}` } },
    { given: 'a CJS project', name: 'cjs', files: { 'package.json': { type: 'commonjs' }, 'main.js': `${requires}\n${script}` } },
  ])(
    'run a call in $given',
    ({ name, files }) => {
      expect(runNode(['main.js'], projects.project(name, files))).toEqual(said);
    },
    60_000,
  );

  it.each([
    { given: 'TypeScript, NodeNext, ESM', name: 'ts-esm', type: 'module', options: { module: 'NodeNext' } },
    { given: 'TypeScript, NodeNext, CJS', name: 'ts-cjs', type: 'commonjs', options: { module: 'NodeNext' } },
    { given: 'TypeScript for a bundler', name: 'ts-bundler', type: 'module', options: { module: 'ESNext', moduleResolution: 'Bundler' } },
  ])(
    'compile and run a call in $given',
    ({ name, type, options }) => {
      const directory = projects.project(name, {
        'package.json': { type },
        'tsconfig.json': { compilerOptions: { ...strict, ...options }, files: ['main.ts'] },
        'main.ts': typed,
      });
      expect(runNode([tsc, '-p', '.'], directory)).toEqual({ status: 0, output: '' });
      expect(runNode(['main.js'], directory)).toEqual(said);
    },
    120_000,
  );

  it.each([
    { folder: 'core', esm: ['index', 'telemetry', 'testing'], cjs: ['index', 'telemetry', 'testing'], shared: ['shared.d.ts'] },
    { folder: 'instrumentation-resilience', esm: ['index'], cjs: ['index', 'register'], shared: [] },
  ])('$folder holds one file per entry and module system, its sources once, and nothing else', ({ folder, esm, cjs, shared }) => {
    const ofEntries = (names: readonly string[]) =>
      names.flatMap((name) => ['.d.ts', '.js', '.js.map'].map((extension) => name + extension));
    const files = projects.filesOf(folder);
    const built = files.filter((file) => !file.startsWith('src/'));
    expect(built.sort()).toEqual(
      [
        ...['LICENSE', 'README.md', 'package.json'],
        ...[...ofEntries(esm), ...shared].map((file) => `dist/esm/${file}`),
        ...[...ofEntries(cjs), ...shared, 'package.json'].map((file) => `dist/cjs/${file}`),
      ].sort(),
    );
    expect(files.filter((file) => /\.test\.|fixtures/.test(file))).toEqual([]);

    const maps = files.filter((file) => file.endsWith('.map')).map((file) => ({ file, ...projects.json<SourceMap>(folder, file) }));
    expect(maps.filter(({ sourcesContent }) => sourcesContent !== undefined)).toEqual([]);
    const pointedTo = maps.flatMap(({ file, sources }) => sources.map((source) => posix.join(posix.dirname(file), source)));
    const published = files.filter((file) => file.startsWith('src/'));
    expect([...new Set(pointedTo.filter((source) => source.startsWith('src/')))].filter((source) => !published.includes(source))).toEqual(
      [],
    );
    expect(pointedTo.some((source) => source.startsWith('src/'))).toBe(true);
  });

  it.each(PACKAGES)(
    '%s is clean under publint',
    (folder) => {
      const tarball = projects.tarballs.get(folder) ?? '';
      const run = runNode([program('publint', 'publint'), 'run', '--strict', tarball], projects.home);
      expect(run.output).toContain('All good!');
      expect(run.status).toBe(0);
    },
    60_000,
  );

  // Node 20 resolves by `exports`; the resolution of TypeScript's node10, which knows none, is left out by the profile.
  it.each(PACKAGES)(
    '%s is clean under are-the-types-wrong',
    (folder) => {
      const tarball = projects.tarballs.get(folder) ?? '';
      const run = runNode(
        [program('@arethetypeswrong/cli', 'attw'), '--profile', 'node16', '--no-definitely-typed', '--format', 'ascii', tarball],
        projects.home,
      );
      expect(run.output).toContain('node16 (from ESM): 🟢');
      expect(run.status).toBe(0);
    },
    120_000,
  );
});

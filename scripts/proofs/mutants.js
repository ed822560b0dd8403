/** Stryker, for one file and the tests of its rules. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);
const stryker = join(dirname(require.resolve('@stryker-mutator/core/package.json')), 'bin/stryker.js');

/** What becomes of the file's mutants under some test files: where and what each is, its status, and the names of the tests it turned red. */
export async function mutantsOf({ file, testFiles, force }) {
  const base = `reports/proofs/${file.replaceAll('/', '+')}`;
  const report = `${base}.json`;
  const config = `${base}.config.json`;
  mkdirSync(join(root, dirname(base)), { recursive: true });
  const options = {
    ...optionsFor(file, testFiles),
    jsonReporter: { fileName: report },
    incrementalFile: `${base}.incremental.json`,
    force,
  };
  writeFileSync(join(root, config), JSON.stringify(options));
  const code = await run([stryker, 'run', config]);
  if (code !== 0) throw new Error(`Stryker ended with ${code} for ${file}`);
  return readReport(JSON.parse(readFileSync(join(root, report), 'utf8')));
}

function optionsFor(file, testFiles) {
  return {
    ...JSON.parse(readFileSync(join(root, 'stryker.config.json'), 'utf8')),
    mutate: [file],
    jest: {
      configFile: 'jest.mutation.config.js',
      config: { roots: ['<rootDir>/packages'], testMatch: testFiles.map((test) => `<rootDir>/${test}`) },
      enableFindRelatedTests: false,
    },
    // All the tests that a mutant turns red, not the first one.
    disableBail: true,
    reporters: ['json'],
    logLevel: 'error',
    thresholds: { high: 100, low: 0, break: null },
  };
}

function readReport({ files, testFiles }) {
  const tests = Object.values(testFiles).flatMap((file) => file.tests);
  const names = new Map(tests.map(({ id, name }) => [id, name]));
  return Object.entries(files).flatMap(([file, { mutants }]) =>
    mutants.map(({ status, mutatorName, replacement, location, killedBy = [] }) => {
      return { file, line: location.start.line, mutatorName, replacement, status, killedBy: killedBy.map((id) => names.get(id)) };
    }),
  );
}

function run(args) {
  return new Promise((resolve) => {
    spawn(process.execPath, args, { cwd: root, stdio: 'inherit' }).on('close', resolve);
  });
}

/**
 * Builds, type-checks the tests too, runs Jest with whatever arguments are given, holds the rules against the tests,
 * and ends stdout with one line: `N passed, N failed` (`, N skipped` when there are any).
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const report = join(root, '.test-results/tests.json');
const jestArguments = process.argv.slice(2);

/** Runs a Node script in the root; its exit code, or 1 when a signal ended it. */
function run(script, ...args) {
  return spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' }).status ?? 1;
}

function compile() {
  return run('scripts/build.js') === 0 && run(require.resolve('typescript/bin/tsc'), '-b', 'tsconfig.json') === 0;
}

/** What the reporter wrote; undefined when Jest did not get that far. */
function readReport() {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return undefined;
  }
}

function testAll() {
  if (!compile()) return { passed: 0, failed: 1, skipped: 0 };
  mkdirSync(dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const jest = join(dirname(require.resolve('jest/package.json')), 'bin/jest.js');
  const status = run(jest, ...jestArguments, '--reporters=default', '--reporters=<rootDir>/scripts/jest-report.cjs');
  const result = readReport();
  if (result === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const { passed, skipped } = result;
  let { failed } = result;
  // Jest can fail with every test green, as when nothing matches the filter.
  if (status !== 0 && failed === 0) failed = 1;
  // A part of the tests cannot say whether every rule has one.
  if (jestArguments.length === 0) failed += run('scripts/rules.js', '--check') === 0 ? 0 : 1;
  return { passed, failed, skipped };
}

const { passed, failed, skipped } = testAll();
process.exitCode = failed === 0 ? 0 : 1;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);

/**
 * Runs the tests against OpenTelemetry's second line, the packages of test/otel3, which needs Node 22.15 or later: under
 * this Node when it is one, else under Node 22 and then 24. Arguments go to Jest. Ends stdout with one line: `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installLocked } from './installLocked.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const home = join(root, 'test/otel3');
const require = createRequire(import.meta.url);
const report = join(root, '.test-results/tests-otel3.json');
const jestArguments = process.argv.slice(2);

/** Exit code of a program run in a folder; 1 when a signal ended it. */
function run(program, args, options = {}) {
  return spawnSync(program, args, { cwd: root, stdio: 'inherit', ...options }).status ?? 1;
}

function canRunHere() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 15);
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function testHere() {
  if (!installLocked(home) || run(process.execPath, ['scripts/build.js']) !== 0) return { passed: 0, failed: 1, skipped: 0 };
  mkdirSync(dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const jest = join(dirname(require.resolve('jest/package.json')), 'bin/jest.js');
  // Child processes of the tests find the packages by the preloaded file, Jest by its configuration.
  const preload = `--require ${JSON.stringify(join(home, 'resolve.cjs'))}`;
  const env = { ...process.env, NODE_OPTIONS: [process.env.NODE_OPTIONS, preload].filter(Boolean).join(' ') };
  const status = run(
    process.execPath,
    [jest, '--config', join(home, 'jest.config.js'), '--json', '--outputFile', report, ...jestArguments],
    {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const result = readText(report);
  if (result === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const { numPassedTests: passed, numFailedTests, numRuntimeErrorTestSuites, numPendingTests: skipped } = JSON.parse(result);
  const failed = numFailedTests + numRuntimeErrorTestSuites;
  return { passed, failed: status !== 0 && failed === 0 ? 1 : failed, skipped };
}

if (canRunHere()) {
  const { passed, failed, skipped } = testHere();
  process.exitCode = failed === 0 ? 0 : 1;
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
} else {
  const script = fileURLToPath(import.meta.url);
  const failing = ['22', '24'].filter((major) => run('npx', ['-y', '-p', `node@${major}`, 'node', script, ...jestArguments]) !== 0);
  process.exitCode = failing.length === 0 ? 0 : 1;
}

/**
 * Breaks every rule of test/rules.yaml in the code, one at a time, as test/breaks/ says, and wants a test that carries the rule's id in
 * its title to turn red. Nothing in the working tree is touched: the change is made as the file is read.
 *
 * `npm run breaks` for all of them, `npm run breaks -- breaker. retry.resume` for those whose id begins so.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { problemsOf, readBreaks, ruleIds, testFilesOf } from './breaks-table.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const jest = join(dirname(require.resolve('jest/package.json')), 'bin/jest.js');
const scratch = mkdtempSync(join(tmpdir(), 'redress-breaks-'));
/** A break may make a loop endless. */
const LONGEST_MS = 180_000;

/** Runs Jest over some files; its counts, undefined when it did not come to an end. */
function runJest({ name, files, pattern, broken }) {
  const outputFile = join(scratch, `${name}.json`);
  const preload = broken === undefined ? [] : ['--require', join(root, 'scripts/breaking-preload.cjs')];
  // In one process, which has the preload.
  const args = [...preload, jest, '--runInBand', '--json', '--outputFile', outputFile];
  if (pattern !== undefined) args.push('-t', pattern);
  const env = { ...process.env, ...(broken === undefined ? {} : { BREAK: JSON.stringify(broken) }) };
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...args, '--runTestsByPath', ...files], {
      cwd: root,
      env,
      stdio: 'ignore',
      timeout: LONGEST_MS,
    });
    child.on('close', () => {
      try {
        resolve(JSON.parse(readFileSync(outputFile, 'utf8')));
      } catch {
        resolve(undefined);
      }
    });
  });
}

/** What a run says of its break; a file that could not be loaded is no red test. */
function verdictOf(result) {
  if (result === undefined) return { red: false, text: 'did not end' };
  const { numFailedTests, numPassedTests, numRuntimeErrorTestSuites } = result;
  const unloaded = numRuntimeErrorTestSuites > 0 ? ', an error outside of any test' : '';
  return { red: numFailedTests > 0, text: `${numFailedTests} red, ${numPassedTests} green${unloaded}` };
}

/** Runs the jobs, as many at a time as there are processors. */
async function inParallel(jobs) {
  const left = [...jobs];
  const work = async () => {
    for (let job = left.shift(); job !== undefined; job = left.shift()) await job();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}

const read = (path) => readFileSync(join(root, path), 'utf8');

async function main() {
  const prefixes = process.argv.slice(2);
  const chosen = (id) => prefixes.length === 0 || prefixes.some((prefix) => id.startsWith(prefix));
  const ids = ruleIds(root).filter(chosen);
  const breaks = readBreaks(root).filter(({ id }) => chosen(id));
  const problems = problemsOf(ids, breaks, read);
  if (ids.length === 0) problems.push(`no rule's id begins with ${prefixes.join(' or ')}`);
  const rules = read('test/RULES.md');
  const files = [...new Set(breaks.flatMap(({ id }) => testFilesOf(rules, id)))];
  const unbroken = files.length === 0 ? undefined : await runJest({ name: 'unbroken', files });
  if (files.length > 0 && unbroken?.success !== true) problems.push('the tests are not green without a break');

  let red = 0;
  const jobs = breaks.map((one, index) => async () => {
    const { id, ...broken } = one;
    const pattern = `\\[${id.replaceAll('.', '\\.')}\\]`;
    const verdict = verdictOf(await runJest({ name: String(index), files: testFilesOf(rules, id), pattern, broken }));
    console.log(`${verdict.red ? 'red  ' : 'GREEN'} ${id}: ${verdict.text}`);
    if (verdict.red) red++;
    else problems.push(`${id}: ${verdict.text}, with this in ${broken.file}: ${broken.put}`);
  });
  if (problems.length === 0) await inParallel(jobs);
  for (const problem of problems) console.error(problem);
  console.log(`${red} of ${breaks.length} breaks turned a test of their rule red; ${ids.length} rules`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

try {
  await main();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

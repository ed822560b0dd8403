/** Runs Jest over some test files, if asked with a file of the source broken. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);
const jest = join(dirname(require.resolve('jest/package.json')), 'bin/jest.js');
/** A break may make a loop endless. */
const LONGEST_MS = 180_000;

/** Jest's counts; undefined when it did not come to an end. `scratch` is a folder and a name in it that nobody else uses. */
export function runJest({ scratch, testFiles, pattern, broken }) {
  const outputFile = `${scratch}.json`;
  const preload = broken === undefined ? [] : ['--require', fileURLToPath(new URL('breaking-preload.cjs', import.meta.url))];
  // In one process, which has the preload.
  const args = [...preload, jest, '--runInBand', '--json', '--outputFile', outputFile];
  if (pattern !== undefined) args.push('-t', pattern);
  const env = { ...process.env };
  if (broken !== undefined) {
    writeFileSync(`${scratch}.ts`, broken.text);
    Object.assign(env, { BROKEN_FILE: join(root, broken.file), BROKEN_BY: `${scratch}.ts` });
  }
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...args, '--runTestsByPath', ...testFiles], {
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

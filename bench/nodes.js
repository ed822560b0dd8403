import { execFileSync } from 'node:child_process';

/** @typedef {{ readonly version: string, readonly major: number, readonly path: string }} NodeBinary */

const isRunning = (wanted) => process.versions.node === wanted || process.versions.node.startsWith(`${wanted}.`);

/**
 * A Node to measure on: this one, or the one that the npm package `node` brings.
 *
 * @param {string} wanted a version or the beginning of one, like `22`
 * @returns {NodeBinary}
 */
export function nodeOf(wanted) {
  const say = (program, args) => execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
  const path = isRunning(wanted) ? process.execPath : say('npx', ['-y', '-p', `node@${wanted}`, 'node', '-p', 'process.execPath']);
  const version = say(path, ['-p', 'process.versions.node']);
  return { version, major: Number.parseInt(version, 10), path };
}

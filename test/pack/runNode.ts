import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** A program's run, as what a test compares. */
export interface Run {
  readonly status: number | null;
  readonly output: string;
}

function asRun({ status, stdout, stderr }: SpawnSyncReturns<string>): Run {
  return { status, output: `${stdout}${stderr}` };
}

/** Runs a program of the root's node_modules, or a script, with Node. */
export function runNode(args: readonly string[], cwd: string): Run {
  return asRun(spawnSync(process.execPath, args, { cwd, encoding: 'utf8', timeout: 120_000 }));
}

/** Where a package of the root's node_modules has its program. */
export function program(packageName: string, bin: string): string {
  const home = join(root, 'node_modules', packageName);
  const manifest: unknown = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  const bins = typeof manifest === 'object' && manifest !== null && 'bin' in manifest ? manifest.bin : undefined;
  const path = typeof bins === 'string' ? bins : Object.entries(bins ?? {}).find(([name]) => name === bin)?.[1];
  if (typeof path !== 'string') throw new Error(`${packageName} has no program ${bin}`);
  return join(home, path);
}

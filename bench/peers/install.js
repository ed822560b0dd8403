import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const packagesOf = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;

/** Whether what the lockfile of that folder wants is there. */
export function isInstalled(home) {
  const installed = join(home, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  const { '': _, ...wanted } = packagesOf(join(home, 'package-lock.json'));
  return JSON.stringify(packagesOf(installed)) === JSON.stringify(wanted);
}

/** Installs the packages of that folder, exactly those of its lockfile. Asks no registry where they are there already. */
export function install(home) {
  if (isInstalled(home)) return;
  const args = ['ci', '--no-workspaces', '--ignore-scripts', '--no-fund', '--no-audit', '--loglevel=error'];
  // The npm that started the bench, or the one on the path. What it says is no figure, so it goes to stderr.
  const cli = process.env.npm_execpath;
  const [program, all] = cli === undefined ? ['npm', args] : [process.execPath, [cli, ...args]];
  const { status } = spawnSync(program, all, { cwd: home, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`npm ci failed in ${home}`);
}

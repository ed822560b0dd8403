import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Runs the npm that started this script, or the one on the path. */
function npm(args, options) {
  const cli = process.env.npm_execpath;
  const [program, ...first] = cli === undefined ? ['npm'] : [process.execPath, cli];
  return spawnSync(program, [...first, ...args], { stdio: 'inherit', ...options }).status ?? 1;
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** What this platform has of the lockfile: npm leaves out what was made for another. */
function isInstalled(home) {
  const installed = readJson(join(home, 'node_modules/.package-lock.json'))?.packages ?? {};
  const wanted = Object.entries(readJson(join(home, 'package-lock.json')).packages).filter(([path]) => path !== '');
  return wanted.every(([path, { version, integrity, optional, peer }]) =>
    installed[path] === undefined ? optional || peer : installed[path].version === version && installed[path].integrity === integrity,
  );
}

/** Installs the packages of a folder with a lockfile of its own, unless they are there already. Gives whether they are. */
export function installLocked(home) {
  return isInstalled(home) || npm(['ci', '--no-workspaces', '--ignore-scripts', '--no-fund', '--no-audit'], { cwd: home }) === 0;
}

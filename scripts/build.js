/**
 * Builds every package. `tsc -b` checks and writes declarations to dist/.types, which is not published; then each entry of the
 * package's `exports` becomes one file per module system in dist/esm and dist/cjs, with its types.
 * `--force` builds what seems fresh too.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './build/bundle.js';
import { entriesOf, FORMATS } from './build/entries.js';
import { rollUpTypes } from './build/rollUpTypes.js';
import { writeOnly } from './build/writeOnly.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const isForced = process.argv.includes('--force');

async function publishable(home) {
  const entries = entriesOf(home);
  const [code, types] = await Promise.all([bundle(home, entries), rollUpTypes(home, entries, isForced)]);
  for (const format of FORMATS) {
    const files = new Map([...(code.get(format) ?? []), ...(types.get(format) ?? [])]);
    // Node reads .js files by the nearest package.json, and the packages themselves are ESM.
    if (format === 'cjs') files.set('package.json', '{ "type": "commonjs" }\n');
    writeOnly(join(home, 'dist', format), files);
  }
}

const { status } = spawnSync(process.execPath, [tsc, '-b', 'tsconfig.build.json', ...(isForced ? ['--force'] : [])], {
  cwd: root,
  stdio: 'inherit',
});
if (status === 0) {
  const homes = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name));
  await Promise.all(homes.filter((home) => existsSync(join(home, 'tsconfig.build.json'))).map(publishable));
}
process.exitCode = status ?? 1;

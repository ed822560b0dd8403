/** Builds every package to dist/esm and dist/cjs, each with its types. `--force` builds what seems fresh too. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

/** Node reads .js files by the nearest package.json, and the packages themselves are ESM. */
function markCommonJs() {
  for (const name of readdirSync(join(root, 'packages'))) {
    const home = join(root, 'packages', name);
    if (!existsSync(join(home, 'tsconfig.cjs.json'))) continue;
    mkdirSync(join(home, 'dist/cjs'), { recursive: true });
    writeFileSync(join(home, 'dist/cjs/package.json'), '{ "type": "commonjs" }\n');
  }
}

const force = process.argv.includes('--force') ? ['--force'] : [];
const { status } = spawnSync(process.execPath, [tsc, '-b', 'tsconfig.build.json', ...force], { cwd: root, stdio: 'inherit' });
markCommonJs();
process.exitCode = status ?? 1;

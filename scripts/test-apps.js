/**
 * Builds small apps on the packed core with the bundlers of test/apps, each against two versions of the OpenTelemetry API,
 * and runs what was built. Names as arguments choose among the bundlers. Ends stdout with one line: `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installLocked } from './installLocked.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const home = join(root, 'test/apps');
const apps = join(home, 'dist');
const only = process.argv.slice(2);

const APIS = ['1.9', '1.10'];
const BUNDLERS = ['esbuild', 'rollup', 'vite', 'webpack', 'next'];
/** What test/apps/app/run.js gives, however it was built. */
const WANTED = 'value 2 true CIRCUIT_OPEN 2';

function succeed(program, args, options = {}) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    ...options,
  });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}:\n${stdout}${stderr}`);
  return stdout;
}

/** The core as it would come from the registry, by the path of its tarball. */
function pack() {
  succeed(process.execPath, ['scripts/build.js']);
  const packed = succeed('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', apps], { cwd: join(root, 'packages/core') });
  return join(apps, packed.trim().split('\n').at(-1));
}

/** A folder with the app in it, the packed core and one version of the API. */
function prepare(bundler, api, tarball) {
  const directory = join(apps, `${bundler}-${api}`);
  const modules = join(directory, 'node_modules');
  cpSync(join(home, bundler === 'next' ? 'next' : 'app'), directory, { recursive: true });
  cpSync(join(home, 'app/run.js'), join(directory, 'run.js'));
  cpSync(join(home, `node_modules/api-${api}`), join(modules, '@opentelemetry/api'), { recursive: true });
  mkdirSync(join(modules, '@redress/core'), { recursive: true });
  succeed('tar', ['-xzf', tarball, '-C', join(modules, '@redress/core'), '--strip-components=1']);
  return directory;
}

const tally = { passed: 0, failed: 0 };

/** Each bundler builds one app in several ways; `said` is what the app built in one way said when it was run. */
async function check(bundler, api, tarball) {
  const { builds } = await import(join(home, `bundlers/${bundler}.js`));
  const directory = prepare(bundler, api, tarball);
  for (const [way, said] of Object.entries(builds)) {
    const name = `${bundler}, ${way}, API ${api}`;
    const startedAt = performance.now();
    const answer = await said(directory).catch((error) => error);
    const isRight = answer === WANTED;
    tally[isRight ? 'passed' : 'failed'] += 1;
    console.log(`${isRight ? 'ok  ' : 'FAIL'} ${name} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
    // A stack may quote a whole minified bundle.
    if (!isRight) console.error(`${name}: ${String(answer?.message ?? answer).slice(0, 2_000)}`);
  }
}

try {
  if (!installLocked(home)) throw new Error('the bundlers could not be installed');
  rmSync(apps, { recursive: true, force: true });
  mkdirSync(apps, { recursive: true });
  const tarball = pack();
  for (const bundler of BUNDLERS.filter((each) => only.length === 0 || only.includes(each)))
    for (const api of APIS) await check(bundler, api, tarball);
} catch (error) {
  tally.failed += 1;
  console.error(error);
}
process.exitCode = tally.failed === 0 ? 0 : 1;
console.log(`${tally.passed} passed, ${tally.failed} failed`);

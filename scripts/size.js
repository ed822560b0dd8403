/**
 * Bytes of core, minified and gzipped by esbuild without the OTel API, whole and by part; cockatiel beside it, made the same way.
 * Fails above a ceiling. Size is a price and no goal: the ceilings are where it would begin to be felt.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.base.json'), 'utf8'));

/** Ceilings in bytes, gzipped. */
const ROWS = [
  { name: '@redress/core, whole', code: `export * from '@redress/core';`, ceiling: 75_000 },
  { name: '@redress/core, policy() alone', code: `export { policy } from '@redress/core';` },
  { name: 'cockatiel 3.2.1, whole', code: `export * from 'cockatiel';` },
  {
    name: 'cockatiel 3.2.1, retry, breaker, timeout',
    code: `export { retry, circuitBreaker, timeout, wrap, handleAll, ExponentialBackoff, ConsecutiveBreaker } from 'cockatiel';`,
  },
];

/** Leaves out the sources in a folder. */
function without(folder) {
  return {
    name: 'without',
    setup({ onResolve }) {
      onResolve({ filter: /^\./ }, ({ path, resolveDir }) =>
        join(resolveDir, path).startsWith(folder) ? { path, external: true } : undefined,
      );
    },
  };
}

async function measure({ name, code, ceiling }, plugins = []) {
  const result = await build({
    stdin: { contents: code, resolveDir: root },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'node20',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['import'],
    external: ['@opentelemetry/api'],
    write: false,
    // Else the root's tsconfig.json would lead to the sources.
    tsconfigRaw: { compilerOptions },
    plugins,
    logLevel: 'error',
  });
  const [file] = result.outputFiles;
  return { name, minified: file.contents.length, gzipped: gzipSync(file.contents, { level: 9 }).length, ceiling };
}

/** What core weighs more for its telemetry: the sources whole, less the sources without that folder. */
async function telemetryAlone() {
  const sources = { code: `export * from './packages/core/src/index.ts';` };
  const [whole, rest] = await Promise.all([measure(sources), measure(sources, [without(join(root, 'packages/core/src/telemetry/'))])]);
  const [minified, gzipped] = ['minified', 'gzipped'].map((what) => whole[what] - rest[what]);
  return { name: '  of it telemetry', minified, gzipped, ceiling: 12_032 };
}

const [whole, ...others] = await Promise.all([...ROWS.map((row) => measure(row)), telemetryAlone()]);
const rows = [whole, ...others.splice(-1), ...others];
const pad = Math.max(...rows.map(({ name }) => name.length));
const line = (name, ...cells) => console.log([name.padEnd(pad), ...cells.map((cell) => String(cell ?? '–').padStart(7))].join('  '));

line('bytes without the OTel API', 'min', 'gzip', 'ceiling');
for (const { name, minified, gzipped, ceiling } of rows) {
  line(name, minified, gzipped, ceiling);
  if (gzipped > ceiling) {
    console.error(`${name} is above its ceiling`);
    process.exitCode = 1;
  }
}

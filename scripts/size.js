/**
 * Bytes of core, minified and gzipped by esbuild without the OTel API, whole and by part; cockatiel beside it, made the same way.
 * Fails above a ceiling, which stands a little over what was measured when it was last set.
 */
import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Aims and ceilings in bytes, gzipped. An aim that is missed is told and fails nothing; above its ceiling a row fails. */
const ROWS = [
  { name: '@redress/core, whole', code: `export * from '@redress/core';`, aim: 8_000, ceiling: 29_000 },
  { name: '@redress/core, policy() alone', code: `export { policy } from '@redress/core';`, ceiling: 27_500 },
  {
    name: '@redress/core, retry alone',
    code: `import { policy } from '@redress/core'; export const p = policy('a', { retry: { maxAttempts: 3 } });`,
    aim: 4_000,
    ceiling: 27_500,
  },
  { name: 'cockatiel 3.2.1, whole', code: `export * from 'cockatiel';` },
  {
    name: 'cockatiel 3.2.1, retry, breaker, timeout',
    code: `export { retry, circuitBreaker, timeout, wrap, handleAll, ExponentialBackoff, ConsecutiveBreaker } from 'cockatiel';`,
  },
];

async function measure({ name, code, aim, ceiling }) {
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
    tsconfigRaw: {},
    logLevel: 'error',
  });
  const [file] = result.outputFiles;
  return { name, minified: file.contents.length, gzipped: gzipSync(file.contents, { level: 9 }).length, aim, ceiling };
}

const rows = await Promise.all(ROWS.map(measure));
const pad = Math.max(...rows.map(({ name }) => name.length));
const line = (name, ...cells) => console.log([name.padEnd(pad), ...cells.map((cell) => String(cell ?? '–').padStart(7))].join('  '));

line('bytes without the OTel API', 'min', 'gzip', 'aim', 'ceiling');
for (const { name, minified, gzipped, aim, ceiling } of rows) {
  line(name, minified, gzipped, aim, ceiling);
  if (gzipped > ceiling) {
    console.error(`${name} is above its ceiling`);
    process.exitCode = 1;
  }
}

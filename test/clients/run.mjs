/**
 * Makes real clients fail on loopback, and prints a row for each: what the default rule makes of it. Names as arguments choose clients.
 * Needs the built packages.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createRegistry, defaultClassifier } from '@redress/core';
import { failureOf } from '@redress/core/telemetry';
import { instant } from '@redress/core/testing';
import { clients } from './list.mjs';
import { postgresHome } from './servers/postgres.mjs';
import { startUpstream } from './servers/upstream.mjs';

const require = createRequire(import.meta.url);
const THERE = {
  postgres: () => postgresHome() !== undefined,
  'redis-server': () => spawnSync('redis-server', ['--version']).status === 0,
};

/** The version that runs; none for what comes with Node. */
function versionOf(name) {
  if (name.startsWith('Node')) return undefined;
  for (let folder = dirname(require.resolve(name)); ; folder = dirname(folder)) {
    try {
      const found = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      if (found.name === name) return found.version;
    } catch {
      // Not the package's own folder.
    }
  }
}

const once = createRegistry().policy('once', { retry: false, timeoutMs: 8_000, attemptTimeoutMs: 8_000 });
const twice = createRegistry().policy('twice', { retry: { maxAttempts: 2, backoff: instant(), budget: false }, timeoutMs: 3_600_000 });

/** What a failure is to the default rule: class, error.type, milliseconds to wait, and whether a call is retried that is not idempotent. */
async function judged(run, strict) {
  const outcome = await once.settle(run);
  if (outcome.ok) return ['no failure'];
  if (outcome.stopReason === 'ABORTED') return ['ABORTED'];
  const { error } = outcome;
  const { errorClass, retryAfterMs } = defaultClassifier(error);
  let deferred = false;
  const sleep = () => {
    deferred = true;
    return 'abort';
  };
  await twice.settle(() => Promise.reject(error), { idempotent: false, sleep });
  const known = strict?.(error);
  return [errorClass, failureOf(error).errorType, retryAfterMs, deferred, typeof known === 'object' ? known.errorClass : known];
}

const upstream = await startUpstream();
const chosen = process.argv.slice(2);
const rows = [];
for (const client of clients) {
  if (chosen.length > 0 && !chosen.includes(client.name)) continue;
  const version = versionOf(client.name);
  if (client.needs !== undefined && !THERE[client.needs]()) {
    rows.push({ client: client.name, version, missing: client.needs });
    continue;
  }
  const { situations, stop } = await client.start(upstream);
  for (const { happened, run, then } of situations)
    rows.push({ client: client.name, version, happened, then, got: await judged(run, client.strict) });
  await stop?.();
}
upstream.stop();
process.stdout.write(JSON.stringify(rows), () => process.exit(0));

/** Bytes held for each key of a keyed policy that was called and is idle now, and what is left after its idle time. Needs --expose-gc. */
import { createRegistry } from '@redress/core';
import { report, tiny } from '../report.js';
import { succeed } from '../subjects/loop.js';

const KEYS = tiny ? 1_000 : 100_000;
const IDLE_MS = 600_000;

/** Its own, so that ten minutes pass in no time. */
let nowMs = 0;
const clock = { now: () => nowMs, setTimeout, clearTimeout };
const names = Array.from({ length: KEYS }, (_, number) => `tenant-${number}`);

const keyed = createRegistry().keyedPolicy('tenants', { circuitBreaker: {}, clock }, { maxKeys: KEYS, idleMs: IDLE_MS });

async function callAll() {
  for (const name of names) await keyed.for(name).call(succeed);
}

function heap() {
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

/** Once over, so that all code is made; its keys go before anything is weighed. */
await callAll();
nowMs += IDLE_MS;
const before = [keyed.size, heap()].at(-1);
await callAll();
const idle = (heap() - before) / KEYS;
const keys = keyed.size;
nowMs += IDLE_MS;
const left = keyed.size;
const after = Math.max(0, (heap() - before) / KEYS);

const count = KEYS.toLocaleString('en');
report({
  title: `Held by each of ${count} idle keys of a keyed policy, no SDK`,
  unit: 'bytes per key',
  rows: [
    { name: 'idle', value: idle, options: `circuitBreaker {}, the default budget; ${keys.toLocaleString('en')} keys, each called once` },
    { name: 'after its idle time', value: after, options: `${left} keys` },
  ],
  bars: [
    { what: 'bytes held per idle key', value: idle, atMost: 1_024 },
    // Half a megabyte in all, by which the heap differs from one look to the next.
    { what: 'bytes left per key after its idle time', value: after, atMost: 5 },
    { what: 'keys left after their idle time', value: left, atMost: 0 },
  ],
});

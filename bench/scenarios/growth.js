/**
 * What a million calls leave behind: timers, listeners, heap. Needs --expose-gc. `--everything`: by a policy that has every option at once,
 * each call with a key that its cache has not.
 */
import { getEventListeners } from 'node:events';
import { createRegistry } from '@redress/core';
import { report, tiny } from '../report.js';
import { loop, succeed } from '../subjects/loop.js';
import { policyOptions, redress, redressOptions } from '../subjects/redress.js';

const CALLS = tiny ? 1_000 : 1_000_000;
const { signal } = new AbortController();
const everything = process.argv.includes('--everything');

/** Calls by a policy with all there is. More keys than are kept, so that each is a miss. */
function byEverything() {
  const policy = createRegistry().policy('everything', {
    ...policyOptions,
    bulkhead: { maxConcurrent: 10, maxQueued: 10 },
    throttle: {},
    rateLimiter: { limit: 1e9, maxWaitMs: 1_000 },
    cache: { ttlMs: 10, staleWhileRevalidateMs: 10, staleIfErrorMs: 10, maxEntries: 100 },
    fallback: { value: 0 },
    hedge: { afterMs: { quantile: 0.95 } },
  });
  const all = Array.from({ length: 1_000 }, (_, number) => ({ signal, cacheKey: `stock-${number}` }));
  let turn = 0;
  return () => policy.call(succeed, all[(turn = (turn + 1) % all.length)]);
}

const options = { signal };
const run = loop(everything ? byEverything() : () => redress.call(succeed, options));
const described = everything ? 'every option that a policy may have, at once' : redressOptions;

/** What is there once the last call's own timers had their time. */
async function left() {
  await new Promise((resolve) => setTimeout(resolve, 20));
  globalThis.gc();
  return {
    heap: process.memoryUsage().heapUsed,
    timers: process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length,
    listeners: getEventListeners(signal, 'abort').length,
  };
}

await run(CALLS / 20);
const before = await left();
await run(CALLS);
const after = await left();
const heap = after.heap - before.heap;
const timers = after.timers - before.timers;

report({
  title: `Left behind by ${CALLS.toLocaleString('en')} successful calls with a caller's signal${everything ? ', by a policy with every option' : ''}, no SDK`,
  unit: 'as the row says',
  rows: [
    { name: 'heap, bytes more than before', value: heap, options: described },
    { name: 'timers more than before', value: timers, options: 'that keep the process alive' },
    { name: "listeners on the caller's signal", value: after.listeners, options: '' },
  ],
  bars: [
    { what: 'bytes of heap, per call', value: heap / CALLS, atMost: 0.5 },
    { what: 'timers', value: timers, atMost: 0 },
    { what: 'listeners', value: after.listeners, atMost: 0 },
  ],
});

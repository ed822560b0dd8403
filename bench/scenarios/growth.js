/** What a million calls leave behind: timers, listeners, heap. Needs --expose-gc. */
import { getEventListeners } from 'node:events';
import { report, tiny } from '../report.js';
import { loop, succeed } from '../subjects/loop.js';
import { redress, redressOptions } from '../subjects/redress.js';

const CALLS = tiny ? 1_000 : 1_000_000;
const { signal } = new AbortController();
const options = { signal };
const run = loop(() => redress.call(succeed, options));

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
  title: `Left behind by ${CALLS.toLocaleString('en')} successful calls with a caller's signal, no SDK`,
  unit: 'as the row says',
  rows: [
    { name: 'heap, bytes more than before', value: heap, options: redressOptions },
    { name: 'timers more than before', value: timers, options: 'that keep the process alive' },
    { name: "listeners on the caller's signal", value: after.listeners, options: '' },
  ],
  bars: [
    { what: 'bytes of heap, per call', value: heap / CALLS, atMost: 0.5 },
    { what: 'timers', value: timers, atMost: 0 },
    { what: 'listeners', value: after.listeners, atMost: 0 },
  ],
});

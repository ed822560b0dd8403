/** Bytes held for each call that waits in backoff, with very many of them at once. Needs --expose-gc. */
import { constant, createRegistry } from '@redress/core';
import { report, tiny } from '../report.js';

const CALLS = tiny ? 100 : 100_000;
const policy = createRegistry().policy('waiting', {
  timeoutMs: 600_000,
  retry: { maxAttempts: 2, backoff: constant(300_000), budget: false },
  circuitBreaker: { trip: { type: 'consecutive', failures: CALLS + 2 } },
});
const unavailable = Object.assign(new Error('unavailable'), { status: 503 });
const fail = () => Promise.reject(unavailable);

/** That many calls, in backoff by the time it is done. */
async function waiting(calls) {
  const promises = Array.from({ length: calls }, () => policy.call(fail));
  await new Promise((resolve) => setTimeout(resolve, 50));
  return promises;
}

await waiting(1);
globalThis.gc();
const before = process.memoryUsage().heapUsed;
const promises = await waiting(CALLS);
globalThis.gc();
const held = (process.memoryUsage().heapUsed - before) / promises.length;

report({
  title: `Held by each of ${CALLS.toLocaleString('en')} calls that wait in backoff, no SDK`,
  unit: 'bytes per call',
  rows: [
    {
      name: 'redress',
      value: held,
      options: "timeoutMs 600_000, retry backoff constant(300_000), circuitBreaker; the caller's promise included",
    },
  ],
  bars: [{ what: 'bytes held per waiting call', value: held, atMost: 1_024 }],
});

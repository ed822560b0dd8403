// Run with --expose-gc: says whether the store of a call that is over is kept by another one that hangs.
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { policy } from '@redress/core';

const requestOf = new AsyncLocalStorage();
const users = policy('users', { retry: { backoff: () => 1 }, timeoutMs: 60_000, attemptTimeoutMs: 50_000 });

/** A call that waits and is retried, in a store of its own that nobody else holds. */
async function finished() {
  const store = { customer: 'the first' };
  let attempts = 0;
  await requestOf.run(store, () =>
    users.call(async () => {
      await pause(2);
      if (++attempts < 2) throw Object.assign(new Error('busy'), { status: 503 });
    }),
  );
  return new WeakRef(store);
}

const store = await finished();
const controller = new AbortController();
const hanging = requestOf.run({ customer: 'the second' }, () => users.settle(() => new Promise(() => {}), { signal: controller.signal }));
for (let turn = 0; turn < 20 && store.deref() !== undefined; turn++) {
  await pause(5);
  globalThis.gc();
}
console.log(store.deref() === undefined ? 'let go' : 'kept');
controller.abort();
await hanging;
process.exit();

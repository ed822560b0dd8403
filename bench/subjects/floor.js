import { succeed } from './loop.js';

/**
 * What anything costs that may settle before its function does and knows how long that took: a promise of its own, a reaction to the
 * function's, and two readings of the clock. No timer, no retry, no breaker, no telemetry.
 */
const call = (fn) =>
  new Promise((resolve, reject) => {
    const startedAt = performance.now();
    fn().then((value) => {
      if (performance.now() - startedAt < 10_000) resolve(value);
      else reject(new Error('too late'));
    }, reject);
  });

export const floor = {
  run: () => call(succeed),
  call,
  options: 'no library: new Promise, then, performance.now twice',
};

import { succeed } from './loop.js';
import { loadPeer } from './peer.js';

const { module, title } = await loadPeer('rate-limiter-flexible');
const permits = new module.RateLimiterMemory({ points: 1e9, duration: 1 });

/** It runs no function itself, so this is how one is called behind it. */
async function call() {
  await permits.consume('inventory');
  return succeed();
}

/** A rate limiter that lets everything through. */
export const rateLimiter = { title, run: call, options: 'RateLimiterMemory points 1e9, duration 1; await consume, then the function' };

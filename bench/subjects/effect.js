import { succeed } from './loop.js';
import { loadPeer } from './peer.js';

const { module, title } = await loadPeer('effect');
const { Effect } = module;
const { RateLimiter } = (await loadPeer('effect', 'persistence')).module;

const makeLimited = await Effect.runPromise(
  RateLimiter.makeWithRateLimiter.pipe(Effect.provide(RateLimiter.layer), Effect.provide(RateLimiter.layerStoreMemory)),
);
const limited = makeLimited({ algorithm: 'token-bucket', window: 1_000, limit: 1e9, key: 'inventory' })(Effect.promise(succeed));

/** A rate limiter that lets everything through; the effect is made once, and run by each call. */
export const rateLimiter = {
  title,
  run: () => Effect.runPromise(limited),
  options: 'RateLimiter in memory, token-bucket, limit 1e9 in 1_000; runPromise',
};

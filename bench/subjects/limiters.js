import { loadPeer } from './peer.js';
import { succeed } from './loop.js';

/** Rate limiters that let everything through, each with one call of the function behind it. */
export async function limiterPeers() {
  const [flexible, effect] = await Promise.all([loadPeer('rate-limiter-flexible'), loadPeer('effect')]);
  const memory = new flexible.module.RateLimiterMemory({ points: 1e9, duration: 1 });
  const { Effect } = effect.module;
  const { layerStoreMemory, make } = (await loadPeer('effect', 'persistence/RateLimiter')).module;
  const limiter = await Effect.runPromise(Effect.provide(make, layerStoreMemory));
  const consume = limiter.consume({ algorithm: 'token-bucket', onExceeded: 'fail', window: '1 second', limit: 1e9, key: 'k' });
  const within = Effect.flatMap(consume, () => Effect.promise(succeed));
  return [
    {
      title: flexible.title,
      options: 'RateLimiterMemory, points 1e9 a second',
      run: async () => {
        await memory.consume('k', 1);
        return succeed();
      },
    },
    {
      title: effect.title,
      options: 'persistence/RateLimiter, token bucket of 1e9 a second, in memory; by runPromise',
      run: () => Effect.runPromise(within),
    },
  ];
}

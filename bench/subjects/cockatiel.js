import { succeed } from './loop.js';
import { loadPeer } from './peer.js';

const { module: cockatiel, title } = await loadPeer('cockatiel');

const breakerOf = () =>
  cockatiel.circuitBreaker(cockatiel.handleAll, {
    halfOpenAfter: 5_000,
    breaker: new cockatiel.SamplingBreaker({ threshold: 0.5, duration: 30_000 }),
  });
const retryOf = () => cockatiel.retry(cockatiel.handleAll, { maxAttempts: 3, backoff: new cockatiel.ExponentialBackoff() });
const retry = retryOf();
const breaker = breakerOf();
const timeout = cockatiel.timeout(10_000, cockatiel.TimeoutStrategy.Aggressive);
const policy = cockatiel.wrap(retry, breaker);
const policyWithTimeout = cockatiel.wrap(timeout, retry, breaker);

/** Without a timeout: cockatiel's costs an AbortController and a timer in each call. */
export const peer = {
  title,
  run: () => policy.execute(succeed),
  call: (fn) => policy.execute(fn),
  options: 'wrap(retry maxAttempts 3 ExponentialBackoff, circuitBreaker SamplingBreaker 0.5 in 30_000)',
};

export const withTimeout = {
  title: `${title} with timeout`,
  run: (fn) => policyWithTimeout.execute(fn),
  options: 'wrap(timeout 10_000 aggressive, retry, circuitBreaker), otherwise the same',
};

const places = cockatiel.bulkhead(100, 100);

/** A bulkhead that always has a place. */
export const bulkhead = { title, run: () => places.execute(succeed), options: 'bulkhead(100, 100)' };

/** One more like `peer`, of its own. */
export const another = () => cockatiel.wrap(retryOf(), breakerOf());

/** A breaker that is held open. */
export function refusing() {
  const isolated = breakerOf();
  isolated.isolate();
  return { title, run: () => isolated.execute(succeed), options: 'circuitBreaker, isolated' };
}

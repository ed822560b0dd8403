import * as cockatiel from 'cockatiel';
import { succeed } from './loop.js';

const retry = cockatiel.retry(cockatiel.handleAll, { maxAttempts: 3, backoff: new cockatiel.ExponentialBackoff() });
const breaker = cockatiel.circuitBreaker(cockatiel.handleAll, {
  halfOpenAfter: 5_000,
  breaker: new cockatiel.SamplingBreaker({ threshold: 0.5, duration: 30_000 }),
});
const timeout = cockatiel.timeout(10_000, cockatiel.TimeoutStrategy.Aggressive);
const policy = cockatiel.wrap(retry, breaker);
const policyWithTimeout = cockatiel.wrap(timeout, retry, breaker);

/** Without a timeout: cockatiel's costs an AbortController and a timer in each call. */
export const peer = {
  run: () => policy.execute(succeed),
  options: 'wrap(retry maxAttempts 3 ExponentialBackoff, circuitBreaker SamplingBreaker 0.5 in 30_000)',
};

export const withTimeout = {
  run: (fn) => policyWithTimeout.execute(fn),
  options: 'wrap(timeout 10_000 aggressive, retry, circuitBreaker), otherwise the same',
};

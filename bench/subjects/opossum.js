import { succeed } from './loop.js';
import { loadPeer } from './peer.js';

const { module, title } = await loadPeer('opossum');
const CircuitBreaker = module.default;

const breaker = new CircuitBreaker(succeed, {
  timeout: 10_000,
  errorThresholdPercentage: 50,
  rollingCountTimeout: 30_000,
  resetTimeout: 5_000,
});

export const peer = {
  title,
  run: () => breaker.fire(),
  options: 'timeout 10_000, errorThresholdPercentage 50, rollingCountTimeout 30_000, resetTimeout 5_000; no retry',
};

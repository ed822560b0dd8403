import CircuitBreaker from 'opossum';
import { succeed } from './loop.js';

const breaker = new CircuitBreaker(succeed, {
  timeout: 10_000,
  errorThresholdPercentage: 50,
  rollingCountTimeout: 30_000,
  resetTimeout: 5_000,
});

export const peer = {
  run: () => breaker.fire(),
  options: 'timeout 10_000, errorThresholdPercentage 50, rollingCountTimeout 30_000, resetTimeout 5_000; no retry',
};

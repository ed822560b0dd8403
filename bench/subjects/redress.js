import { createRegistry } from '@redress/core';

export const policyOptions = {
  timeoutMs: 10_000,
  attemptTimeoutMs: 2_000,
  retry: { maxAttempts: 4 },
  circuitBreaker: {},
};

export const redress = createRegistry().policy('inventory', policyOptions);

/** How it was made, for the report. */
export const redressOptions = 'timeoutMs 10_000, attemptTimeoutMs 2_000, retry.maxAttempts 4, circuitBreaker {} (rate 0.5 in 30_000)';

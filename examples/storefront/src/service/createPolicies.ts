import { createRegistry, type Policy } from '@redress/core';
import type { UpstreamName } from '../upstreams/index.js';

export interface PoliciesOptions {
  /** Shortens what the script's speed shortens. Default 1. */
  readonly speed?: number | undefined;
}

/** One policy per upstream. All of redress that the storefront needs stands here and in `createClients`. */
export function createPolicies({ speed = 1 }: PoliciesOptions = {}): Readonly<Record<UpstreamName, Policy>> {
  const registry = createRegistry();
  return {
    // No circuit breaker: only the retry budget, which is on by default, stands between an outage and three times the load.
    inventory: registry.policy('inventory', { timeoutMs: 5_000, attemptTimeoutMs: 1_000 }),
    // 429 is an answer of a service that is alive: a breaker does not count it unless told to.
    pricing: registry.policy('pricing', { timeoutMs: 5_000, attemptTimeoutMs: 500, circuitBreaker: {} }),
    payments: registry.policy('payments', {
      timeoutMs: 5_000,
      attemptTimeoutMs: 1_000,
      circuitBreaker: { trip: { type: 'rate', windowCalls: 20, minimumCalls: 20 }, recoveryMs: 3_000 / speed },
    }),
  };
}

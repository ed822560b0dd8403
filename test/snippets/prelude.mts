/** What the snippets of the pages take for granted: somewhere to fetch from, and the policy of the first page's first snippet. */
import { createRegistry, type PolicyWithCircuitBreaker } from '@redress/core';

declare global {
  var url: string;
  var inventory: PolicyWithCircuitBreaker;
}

globalThis.url = process.env['SNIPPET_URL'] ?? '';
// In a registry of its own, for a snippet may make an inventory too.
globalThis.inventory = createRegistry().policy('inventory', { timeoutMs: 10_000, attemptTimeoutMs: 2_000, circuitBreaker: {} });

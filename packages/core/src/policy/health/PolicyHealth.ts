import type { GateHealths } from '../../gates/list.js';

/** `ok`: nothing is wrong; `degraded`: something is, and calls may do; `unhealthy`: what is critical takes no calls. */
export type HealthStatus = 'ok' | 'degraded' | 'unhealthy';

/** Why something is not `ok`. */
export interface HealthReason {
  /** The policy; absent when it is the whole registry. */
  readonly policy?: string;
  /** What of it: the option of the gate (`circuitBreaker` …), `budget` or `drain`. */
  readonly part: string;
  /** What it makes of the status. */
  readonly status: 'degraded' | 'unhealthy';
  /** A sentence for people. */
  readonly message: string;
}

/** How a retry budget stands. */
export interface BudgetHealth {
  /** Whole retries that could be made now. */
  readonly remaining: number;
  /** The most there can be. */
  readonly limit: number;
}

/**
 * How a policy stands, with its gates by the names of their options (`circuitBreaker`, `bulkhead` …). Plain data that JSON can hold: what a
 * policy has not is absent, and what nobody knows is null. It has no counts of calls: without telemetry nobody counts them, since every call
 * would pay for it; the samples of `redress.retry.duration` are calls.
 */
export interface PolicyHealth extends GateHealths {
  /** Its name. */
  readonly policy: string;
  /** The worst that `reasons` say. */
  readonly status: HealthStatus;
  /** What is wrong; empty when nothing is. */
  readonly reasons: readonly HealthReason[];
  /** It was made with `critical: true`. */
  readonly critical: boolean;
  /** Its registry drains: it takes no calls. */
  readonly draining: boolean;
  /** Calls under way, those that wait for a place or a retry included. */
  readonly inFlight: number;
  /** Its retry budget; absent when it was made without one. */
  readonly budget?: BudgetHealth;
}

/** How the policies of a registry stand. */
export interface HealthReport {
  /** The worst that `reasons` say. */
  readonly status: HealthStatus;
  /** What is wrong, of all policies; empty when nothing is. */
  readonly reasons: readonly HealthReason[];
  /** The registry drains: it takes no calls. */
  readonly draining: boolean;
  /** Each policy, in the order in which they were made. */
  readonly policies: readonly PolicyHealth[];
}

/** The worst of some reasons. */
export function worstOf(reasons: readonly HealthReason[]): HealthStatus {
  if (reasons.length === 0) return 'ok';
  return reasons.some(({ status }) => status === 'unhealthy') ? 'unhealthy' : 'degraded';
}

import { wrong } from '../../model/rules.js';
import { defaultRegistry, type Registry } from '../Registry.js';
import { type HealthReason, type HealthReport, worstOf } from './PolicyHealth.js';

const DRAINS: HealthReason = { part: 'drain', status: 'unhealthy', message: 'The registry drains: it takes no calls.' };

/**
 * How the policies of a registry stand, the default one's unless another is given: each with its circuit, its calls in flight and what else it
 * has, and one status for all, with the reasons for it. Plain data that JSON can hold; a look changes nothing, and throws nothing whatever
 * state they are in.
 *
 * - `unhealthy`: a policy that was made with `critical: true` takes no calls, since its circuit is open or forced open; or the registry drains.
 * - `degraded`: another circuit is not closed, or a retry budget is empty. A circuit that only observes says nothing, whatever its state.
 *   A critical one that is half-open is degraded: it closes by calls, which nobody would send to what is unhealthy.
 *
 * @throws TypeError for what is no registry.
 */
export function healthCheck(registry: Registry = defaultRegistry()): HealthReport {
  if (typeof (registry as Partial<Registry> | null)?.policies !== 'function')
    throw wrong('healthCheck', 'registry', 'a registry', registry);
  const { draining } = registry;
  const policies = [...registry.policies(), ...(registry.keyedPolicies?.() ?? [])].map((policy) => policy.stats());
  const reasons = [...(draining ? [DRAINS] : []), ...policies.flatMap((policy) => policy.reasons)];
  return { status: worstOf(reasons), reasons, draining, policies };
}

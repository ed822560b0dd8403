import { type HealthReason, type PolicyHealth, worstOf } from '../health/PolicyHealth.js';

/** How the keys of a policy stand together. */
export interface KeyedHealth extends PolicyHealth {
  /** Keys that have a state now. */
  readonly keys: number;
}

/** So many reasons of keys are told one by one: an outage of all tenants has thousands. */
const MOST_REASONS = 20;

/**
 * How a keyed policy stands: what its keys share as a policy has it, the budget of the key that has least left, and the reasons of its keys, the
 * first of them one by one. A key that is down makes it degraded and no more: the others go on.
 */
export function keyedHealth(shared: PolicyHealth, keys: Iterable<PolicyHealth>): KeyedHealth {
  const reasons: HealthReason[] = [...shared.reasons];
  let [count, more] = [0, 0];
  let { budget } = shared;
  for (const key of keys) {
    count += 1;
    if (key.budget !== undefined && (budget === undefined || key.budget.remaining < budget.remaining)) budget = key.budget;
    for (const reason of key.reasons) {
      if (reasons.length < MOST_REASONS) reasons.push({ ...reason, status: 'degraded' });
      else more += 1;
    }
  }
  if (more > 0) {
    const message = `Keys of ${shared.policy} have ${more} more such reasons.`;
    reasons.push({ policy: shared.policy, part: 'keys', status: 'degraded', message });
  }
  return { ...shared, status: worstOf(reasons), reasons, ...(budget && { budget }), keys: count };
}

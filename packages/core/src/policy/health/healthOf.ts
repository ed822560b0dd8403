import { telemetry } from '../../telemetry/port/processTelemetry.js';
import type { GateHealth } from '../../gates/GateHealth.js';
import { timersOf } from '../../timers/timersOf.js';
import { isDraining } from '../drain/Drain.js';
import type { PolicyParts } from '../PolicyParts.js';
import { type BudgetHealth, type HealthReason, type PolicyHealth, worstOf } from './PolicyHealth.js';

/** How a policy stands. A look changes nothing. */
export function healthOf(parts: PolicyParts): PolicyHealth {
  const { options, plan } = parts;
  const { name: policy } = plan;
  const critical = options.critical === true;
  const draining = isDraining(parts);
  const reasons: HealthReason[] = [];
  const tell = (part: string, message: string, refuses: boolean): void => {
    reasons.push({ policy, part, status: refuses && critical ? 'unhealthy' : 'degraded', message });
  };
  if (draining) tell('drain', `Policy ${policy} drains: it takes no calls.`, true);
  const gates = gatesOf(parts);
  for (const [part, { trouble }] of gates) if (trouble !== undefined) tell(part, trouble.what, trouble.refuses);
  const budget = budgetOf(parts);
  if (budget?.remaining === 0) tell('budget', `The retry budget of ${policy} is empty: calls fail at their first error.`, false);
  return {
    policy,
    status: worstOf(reasons),
    reasons,
    critical,
    draining,
    inFlight: Math.max(0, plan.telemetry.active),
    ...(budget && { budget }),
    ...Object.fromEntries(gates.map(([part, { stats }]) => [part, stats])),
  };
}

function budgetOf({ plan: { budget, clock } }: PolicyParts): BudgetHealth | undefined {
  return budget && { remaining: budget.balance(timersOf(clock).now()), limit: budget.limit };
}

/** How each gate stands that says so: one of an older copy of core may not. */
function gatesOf({ inUse }: PolicyParts): [string, GateHealth][] {
  return inUse.flatMap((gate): [string, GateHealth][] => {
    const { part } = gate;
    try {
      const health = gate.health?.();
      return health === undefined ? [] : [[part.option, health]];
    } catch (error) {
      telemetry().warn(`the health of a ${part.noun} could not be read`, error);
      return [];
    }
  });
}

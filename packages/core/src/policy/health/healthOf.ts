import type { GateHealth } from '../../gates/GateHealth.js';
import type { GateInUse, GatePart } from '../../gates/GatePart.js';
import type { Clock } from '../../model/Clock.js';
import type { Budget } from '../../retry/budget/Budget.js';
import { telemetry } from '../../telemetry/port/processTelemetry.js';
import { timersOf } from '../../timers/timersOf.js';
import { type BudgetHealth, type HealthReason, type PolicyHealth, worstOf } from './PolicyHealth.js';

/** What the health of a policy is read from. */
export interface Standing {
  readonly policy: string;
  readonly critical: boolean;
  readonly draining: boolean;
  readonly inFlight: number;
  readonly budget: Budget | undefined;
  readonly clock: Clock | undefined;
  readonly gates: readonly (readonly [part: GatePart, gate: GateInUse])[];
}

/** How a policy stands. A look changes nothing. */
export function healthOf(standing: Standing): PolicyHealth {
  const { policy, critical, draining, inFlight } = standing;
  const reasons: HealthReason[] = [];
  const tell = (part: string, message: string, refuses: boolean): void => {
    reasons.push({ policy, part, status: refuses && critical ? 'unhealthy' : 'degraded', message });
  };
  if (draining) tell('drain', `Policy ${policy} drains: it takes no calls.`, true);
  const gates = gatesOf(standing);
  for (const [part, { trouble }] of gates) if (trouble !== undefined) tell(part, trouble.what, trouble.refuses);
  const budget = budgetOf(standing);
  if (budget?.remaining === 0) tell('budget', `The retry budget of ${policy} is empty: calls fail at their first error.`, false);
  return {
    policy,
    status: worstOf(reasons),
    reasons,
    critical,
    draining,
    inFlight: Math.max(0, inFlight),
    ...(budget && { budget }),
    ...Object.fromEntries(gates.map(([part, { stats }]) => [part, stats])),
  };
}

function budgetOf({ budget, clock }: Standing): BudgetHealth | undefined {
  return budget && { remaining: budget.balance(timersOf(clock).now()), limit: budget.limit };
}

/** How each gate stands that says so: one of an older copy of core may not. */
function gatesOf({ gates }: Standing): [string, GateHealth][] {
  return gates.flatMap(([part, gate]): [string, GateHealth][] => {
    try {
      const health = gate.health?.();
      return health === undefined ? [] : [[part.option, health]];
    } catch (error) {
      telemetry().warn(`the health of a ${part.noun} could not be read`, error);
      return [];
    }
  });
}

import type { Gate } from '../gates/Gate.js';
import type { GateHandle } from '../gates/GatePart.js';
import type { Plan } from '../runtime/Plan.js';
import type { PolicyTelemetry } from '../telemetry/port/Telemetry.js';
import type { Drained } from './drain/Drain.js';
import { isDraining } from './drain/DrainGate.js';
import { aroundHandleOf } from './around.js';
import { handleOf } from './gates.js';
import { healthOf } from './health/healthOf.js';
import type { PolicyHealth } from './health/PolicyHealth.js';
import type { PolicyState } from './PolicyHandle.js';
import type { PolicyParts } from './PolicyParts.js';

/** A policy in its registry: an update gives it other parts. */
export class LivePolicy implements PolicyState, Drained {
  constructor(
    public parts: PolicyParts,
    private readonly over: (policy: LivePolicy) => void,
  ) {}

  get name(): string {
    return this.parts.plan.name;
  }

  get plan(): Plan {
    return this.parts.plan;
  }

  get telemetry(): PolicyTelemetry {
    return this.parts.plan.telemetry;
  }

  gate(option: string): GateHandle | undefined {
    return handleOf(this.parts.gates, option);
  }

  around(option: string): object | undefined {
    return aroundHandleOf(this.parts.around, option);
  }

  stats(): PolicyHealth {
    const { options, inUse, plan } = this.parts;
    return healthOf({
      policy: plan.name,
      critical: options.critical === true,
      draining: isDraining(plan.callGate),
      inFlight: plan.telemetry.active,
      budget: plan.budget,
      clock: plan.clock,
      gates: inUse.map((gate) => [gate.part, gate]),
    });
  }

  standBefore(gateOf: (before: Gate | undefined) => Gate | undefined): void {
    const { parts } = this;
    this.parts = { ...parts, plan: { ...parts.plan, callGate: gateOf(parts.plan.callGate) } };
  }

  dispose(): void {
    this.over(this);
  }
}

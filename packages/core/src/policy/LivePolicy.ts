import type { GateHandle } from '../gates/GatePart.js';
import type { Plan } from '../runtime/Plan.js';
import { handleOf } from './gates.js';
import type { PolicyState } from './PolicyHandle.js';
import type { PolicyParts } from './PolicyParts.js';

/** A policy in its registry: an update gives it other parts. */
export class LivePolicy implements PolicyState {
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

  gate(option: string): GateHandle | undefined {
    return handleOf(this.parts.gates, option);
  }

  dispose(): void {
    this.over(this);
  }
}

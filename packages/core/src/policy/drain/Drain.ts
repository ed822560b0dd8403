import type { PolicyParts } from '../PolicyParts.js';
import { DrainGate } from './DrainGate.js';
import { DrainWait } from './DrainWait.js';
import type { DrainOptions } from './options.js';
import { watchActive } from './watchActive.js';

/** A policy as a drain sees it: its parts are put in place of those it has. */
export interface Drained {
  parts: PolicyParts;
}

/** Whether a policy takes no calls. */
export function isDraining({ plan }: PolicyParts): boolean {
  return plan.callGate instanceof DrainGate;
}

/**
 * The drain of a registry: its policies take no calls, and those in flight are waited for. What was let in goes on as it would at any time,
 * with its retries and the calls that are made in it as their `parent`.
 */
export class Drain {
  readonly #held = new Map<Drained, () => void>();
  readonly #waits = new Set<DrainWait>();
  #isEmpty = false;

  /** No call has been in flight since it began. */
  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  /** A policy takes no calls any more. Told again when its parts are others. */
  hold(state: Drained): void {
    const { parts } = state;
    const { plan } = parts;
    state.parts = { ...parts, plan: { ...plan, callGate: new DrainGate(plan.name, plan.callGate, this) } };
    if (!this.#held.has(state))
      this.#held.set(
        state,
        watchActive(plan.telemetry, () => this.#look()),
      );
  }

  /** Resolves with true once no call is in flight, with false when the time is up before. */
  wait({ timeoutMs, clock }: DrainOptions): Promise<boolean> {
    const wait = new DrainWait(timeoutMs, clock, (over) => this.#waits.delete(over));
    this.#waits.add(wait);
    this.#look();
    return wait.isDrained;
  }

  /** Calls are taken again. */
  end(): void {
    for (const [state, unwatch] of this.#held) {
      const { parts } = state;
      const { callGate } = parts.plan;
      unwatch();
      if (callGate instanceof DrainGate) state.parts = { ...parts, plan: { ...parts.plan, callGate: callGate.before } };
    }
    this.#held.clear();
    for (const wait of this.#waits) wait.cancel();
  }

  #look(): void {
    for (const { parts } of this.#held.keys()) if (parts.plan.telemetry.active > 0) return;
    this.#isEmpty = true;
    for (const wait of this.#waits) wait.empty();
  }
}

import type { CircuitBreaker } from '../gates/breaker/CircuitBreaker.js';
import type { GateHandle } from '../gates/GatePart.js';
import { PolicyHandle, type PolicyState } from './PolicyHandle.js';
import type { Policy } from './Policy.js';
import { updatedOptions } from './options.js';
import type { PolicyOptions, PolicyUpdate } from './PolicyOptions.js';
import { makeParts, type PolicyParts } from './PolicyParts.js';
import { properName } from '../model/properName.js';
import { aName, wrong } from '../model/rules.js';
import { processSlot } from '../telemetry/port/processSlot.js';
import { telemetry } from '../telemetry/port/processTelemetry.js';
import { install } from '../telemetry/otel/install.js';
import { tellOfClocks } from '../timers/trustedClock.js';

install();
tellOfClocks((what, error) => telemetry().warn(what, error));

/** A policy that has a circuit breaker. */
export type PolicyWithCircuitBreaker<F = never> = Policy<F> & { readonly circuitBreaker: CircuitBreaker };

/** Policies by name. */
export interface Registry {
  /**
   * Makes a policy and registers it; a second one under a name takes its place, told once through `diag`.
   *
   * @throws TypeError for a wrong option; it names the option, the value and the rule.
   */
  policy<F = never>(
    name: string,
    options: PolicyOptions<F> & { readonly circuitBreaker: Exclude<PolicyOptions['circuitBreaker'], false | undefined> },
  ): PolicyWithCircuitBreaker<F>;
  policy<F = never>(name: string, options?: PolicyOptions<F>): Policy<F>;
  // The last of them is what `ReturnType` and the like see.
  policy(name: string, options?: PolicyOptions): Policy;
  /** The policy of that name, if there is one. What its fallback gives is not known from its name: `as Policy<…>` says it. */
  getPolicy(name: string): Policy | undefined;
  /**
   * Changes a policy in place: the options given take the place of those it had (`retry` or `circuitBreaker` as a whole), the others
   * stay; `null` puts one back to its default, which is not off. Breaker and budget keep what they know where their options did not
   * change; a new clock takes them along. Calls that run go on as they began.
   *
   * @throws RangeError without a policy of that name; TypeError for a wrong option, and then nothing has changed.
   */
  updatePolicy(name: string, options: PolicyUpdate): Policy;
}

interface Entry {
  /** Whatever its fallback gives, which a name does not tell. */
  readonly policy: Policy;
  readonly state: PolicyState;
}

class Policies implements Registry {
  readonly #entries = new Map<string, Entry>();
  /** Who holds the name of a gate, by what it is and how it is called. */
  readonly #named = new Map<string, GateHandle>();

  policy<F = never>(name: string, options?: PolicyOptions<F>): PolicyWithCircuitBreaker<F>;
  policy<F>(given: string, options: PolicyOptions<F> = {}): Policy<F> {
    if (!aName.holds(given)) throw wrong('policy', 'name', aName.must, given);
    const name = properName(given);
    if (typeof options !== 'object' || options === null) throw wrong(`policy ${name}`, 'options', 'an object', options);
    const before = this.#entries.get(name);
    const parts = makeParts(name, options, undefined, before?.state.parts);
    if (before !== undefined) {
      telemetry().warn(`policy ${name} was made again; the new one takes the name over, with a state of its own`);
      this.#giveUp(before.state.parts, parts);
    }
    this.#takeNames(parts);
    const state: PolicyState = {
      parts,
      dispose: () => {
        if (this.#entries.get(name)?.state === state) this.#entries.delete(name);
        this.#giveUp(state.parts, undefined);
      },
    };
    const policy = new PolicyHandle<F>(state, undefined);
    this.#entries.set(name, { policy: policy as Policy<unknown> as Policy, state });
    return policy;
  }

  getPolicy(name: string): Policy | undefined {
    return this.#entry(name)?.policy;
  }

  updatePolicy(name: string, options: PolicyUpdate): Policy {
    const entry = this.#entry(name);
    if (entry === undefined) throw new RangeError(`updatePolicy: there is no policy ${JSON.stringify(name)}; make it with policy()`);
    if (typeof options !== 'object' || options === null) throw wrong(`policy ${name}`, 'options', 'an object', options);
    const { state } = entry;
    const before = state.parts;
    const { name: known } = before.plan;
    state.parts = makeParts(known, updatedOptions(`policy ${known}`, before.options, options), before);
    before.release();
    this.#giveUpGates(before, state.parts);
    this.#takeNames(state.parts);
    return entry.policy;
  }

  #entry(name: string): Entry | undefined {
    return typeof name === 'string' ? this.#entries.get(properName(name)) : undefined;
  }

  /** The gauges of a policy that is over read 0, unless another policy took its name over. */
  #giveUp(parts: PolicyParts, next: PolicyParts | undefined): void {
    parts.plan.telemetry.dispose();
    parts.release();
    this.#giveUpGates(parts, next);
  }

  /** Gates that a policy made go with it, but for those that `next` goes on with. */
  #giveUpGates({ gates }: PolicyParts, next: PolicyParts | undefined): void {
    for (const { part, handle, isOwn } of gates) {
      if (!isOwn || next?.gates.some((gate) => gate.handle === handle)) continue;
      const key = `${part.noun} ${handle.name}`;
      if (this.#named.get(key) === handle) this.#named.delete(key);
      handle.dispose?.();
    }
  }

  /** One is live per name: a later one takes the name over. */
  #takeNames({ gates }: PolicyParts): void {
    for (const { part, handle } of gates) {
      if (handle.name === undefined) continue;
      const key = `${part.noun} ${handle.name}`;
      const holder = this.#named.get(key);
      this.#named.set(key, handle);
      if (holder !== undefined && holder !== handle)
        telemetry().warn(`${key} was made again; the new one takes the name over, with a state of its own`);
    }
  }
}

/** A registry that shares nothing with the default one: for libraries and tests. */
export function createRegistry(): Registry {
  return new Policies();
}

/** The registry of `policy`, `getPolicy` and `updatePolicy`; one per process, also when two copies of core are loaded. */
export function defaultRegistry(): Registry {
  return processSlot('registry', createRegistry);
}

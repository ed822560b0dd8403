import { processSlot, telemetry } from '../telemetry/index.js';
import type { CircuitBreaker } from '../gates/breaker/CircuitBreaker.js';
import { LivePolicy, type PolicyState } from './PolicyHandle.js';
import type { Policy } from './Policy.js';
import type { PolicyOptions } from './PolicyOptions.js';
import { makeParts, ownBreaker, type PolicyParts } from './PolicyParts.js';
import { aName, wrong } from '../model/rules.js';

/** A policy that has a circuit breaker. */
export type PolicyWithCircuitBreaker = Policy & { readonly circuitBreaker: CircuitBreaker };

/** Policies by name. */
export interface Registry {
  /**
   * Makes a policy and registers it; a second one under a name takes its place, told once through `diag`.
   *
   * @throws TypeError for a wrong option; it names the option, the value and the rule.
   */
  policy(
    name: string,
    options: PolicyOptions & { readonly circuitBreaker: Exclude<PolicyOptions['circuitBreaker'], false | undefined> },
  ): PolicyWithCircuitBreaker;
  policy(name: string, options?: PolicyOptions): Policy;
  /** The policy of that name, if there is one. */
  getPolicy(name: string): Policy | undefined;
  /**
   * Changes a policy in place: the options given take the place of those it had (`retry` or `circuitBreaker` as a whole), the others
   * stay. Breaker and budget keep what they know where their options did not change. Calls that run go on as they began.
   *
   * @throws RangeError without a policy of that name; TypeError for a wrong option, and then nothing has changed.
   */
  updatePolicy(name: string, options: PolicyOptions): Policy;
}

interface Entry {
  readonly policy: Policy;
  readonly state: PolicyState;
}

class Policies implements Registry {
  readonly #entries = new Map<string, Entry>();
  /** Who holds the name of a circuit. */
  readonly #circuits = new Map<string, CircuitBreaker>();

  policy(name: string, options?: PolicyOptions): PolicyWithCircuitBreaker;
  policy(name: string, options: PolicyOptions = {}): Policy {
    if (!aName.holds(name)) throw wrong('policy', 'name', aName.must, name);
    if (typeof options !== 'object' || options === null) throw wrong(`policy ${name}`, 'options', 'an object', options);
    const before = this.#entries.get(name);
    const parts = makeParts(name, { ...options });
    if (before !== undefined) {
      telemetry().warn(`policy ${name} was made again; the new one takes the name over, with a state of its own`);
      this.#giveUp(before.state.parts, parts);
    }
    this.#takeCircuit(parts);
    const state: PolicyState = {
      parts,
      dispose: () => {
        if (this.#entries.get(name)?.state === state) this.#entries.delete(name);
        this.#giveUp(state.parts, undefined);
      },
    };
    const policy = new LivePolicy(state, undefined);
    this.#entries.set(name, { policy, state });
    return policy;
  }

  getPolicy(name: string): Policy | undefined {
    return this.#entries.get(name)?.policy;
  }

  updatePolicy(name: string, options: PolicyOptions): Policy {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new RangeError(`updatePolicy: there is no policy ${JSON.stringify(name)}; make it with policy()`);
    if (typeof options !== 'object' || options === null) throw wrong(`policy ${name}`, 'options', 'an object', options);
    const { state } = entry;
    const before = state.parts;
    const present = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    state.parts = makeParts(name, { ...before.options, ...present }, before);
    this.#giveUpCircuit(before, state.parts);
    this.#takeCircuit(state.parts);
    return entry.policy;
  }

  /** The gauges of a policy that is over read 0, unless another policy took its name over. */
  #giveUp(parts: PolicyParts, next: PolicyParts | undefined): void {
    parts.runtime.telemetry.dispose();
    this.#giveUpCircuit(parts, next);
  }

  #giveUpCircuit(parts: PolicyParts, next: PolicyParts | undefined): void {
    const breaker = ownBreaker(parts, next);
    if (breaker === undefined) return;
    if (this.#circuits.get(breaker.name) === breaker) this.#circuits.delete(breaker.name);
    breaker.dispose();
  }

  /** One breaker is live per name: a later one takes the name over. */
  #takeCircuit({ circuitBreaker }: PolicyParts): void {
    if (circuitBreaker === undefined) return;
    const { name } = circuitBreaker;
    const holder = this.#circuits.get(name);
    this.#circuits.set(name, circuitBreaker);
    if (holder === undefined || holder === circuitBreaker) return;
    telemetry().warn(`circuit ${name} was made again; the new one takes the name over, with a state of its own`);
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

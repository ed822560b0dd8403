import { Drain, type Drained } from './drain/Drain.js';
import { type DrainOptions, readDrainOptions } from './drain/options.js';
import type { CircuitBreaker } from '../gates/breaker/CircuitBreaker.js';
import type { GateHandle } from '../gates/GatePart.js';
import { KeyedHandle } from './keyed/KeyedHandle.js';
import type { KeyBounds, KeyedPolicy } from './keyed/KeyedPolicy.js';
import { LivePolicy } from './LivePolicy.js';
import { PolicyHandle } from './PolicyHandle.js';
import type { Policy } from './Policy.js';
import { updatedOptions } from './options.js';
import type { PolicyOptions, PolicyUpdate } from './PolicyOptions.js';
import { makeParts, type PolicyParts } from './PolicyParts.js';
import { tellTakeover } from './tellTakeover.js';
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
  /**
   * Makes a keyed policy and registers it: of one name there is one policy, keyed or not, and a later one takes its place.
   *
   * @throws TypeError for a wrong option, and for a `CircuitBreaker` instance, which all keys would open together.
   */
  keyedPolicy<F = never>(name: string, options?: PolicyOptions<F>, bounds?: KeyBounds): KeyedPolicy<F>;
  // The last of them is what `ReturnType` and the like see.
  keyedPolicy(name: string, options?: PolicyOptions, bounds?: KeyBounds): KeyedPolicy;
  /** The policy of that name, if there is one that is not keyed. What its fallback gives is not known from its name: `as Policy<…>` says it. */
  getPolicy(name: string): Policy | undefined;
  /** The keyed policy of that name, if there is one. */
  getKeyedPolicy(name: string): KeyedPolicy | undefined;
  /**
   * Changes a policy in place: the options given take the place of those it had (`retry` or `circuitBreaker` as a whole), the others
   * stay; `null` puts one back to its default, which is not off. Breaker and budget keep what they know where their options did not
   * change; a new clock takes them along. Calls that run go on as they began.
   *
   * @throws RangeError without a policy of that name, and for a keyed one, which has `update`; TypeError for a wrong option, and then
   * nothing has changed.
   */
  updatePolicy(name: string, options: PolicyUpdate): Policy;
  /** Its policies, in the order in which they were made. */
  policies(): readonly Policy[];
  /** Its keyed policies, in the order in which they were made. */
  keyedPolicies(): readonly KeyedPolicy<unknown>[];
  /** Takes no more calls, and waits for those in flight; see {@link drain}. Rejects with a TypeError for a wrong option. */
  drain(options: DrainOptions): Promise<boolean>;
  /** Takes calls again after `drain`, whose promise then resolves with false if it is pending. */
  resume(): void;
  /** Whether it takes no calls, since `drain` was called. */
  readonly draining: boolean;
}

interface Entry {
  /** Whatever its fallback gives, which a name does not tell. */
  readonly policy: Policy;
  readonly state: LivePolicy;
}

class Policies implements Registry {
  readonly #entries = new Map<string, Entry>();
  readonly #keyed = new Map<string, KeyedHandle>();
  /** Who holds the name of a gate, by what it is and how it is called. */
  readonly #named = new Map<string, GateHandle>();
  /** Those that left it while calls of theirs were in flight. */
  #leaving: Drained[] = [];
  /** How often a name was taken over. */
  readonly #takeovers = new Map<string, number>();
  #drain: Drain | undefined;

  policy<F = never>(name: string, options?: PolicyOptions<F>): PolicyWithCircuitBreaker<F>;
  policy<F>(given: string, options: PolicyOptions<F> = {}): Policy<F> {
    const name = nameOf(given);
    if (typeof options !== 'object' || options === null) throw wrong(`policy ${name}`, 'options', 'an object', options);
    const before = this.#entries.get(name);
    const parts = makeParts(name, options, undefined, before?.state.parts);
    if (before !== undefined) {
      this.#tellTakeover(name);
      this.#giveUp(before.state, parts);
    }
    this.#giveUpKeyed(name);
    this.#takeNames(parts);
    const state = new LivePolicy(parts, (over) => {
      if (this.#entries.get(name)?.state === over) {
        this.#entries.delete(name);
        this.#takeovers.delete(name);
      }
      this.#giveUp(over, undefined);
    });
    this.#drain?.hold(state);
    const policy = new PolicyHandle<F>({ state, preset: undefined });
    this.#entries.set(name, { policy: policy as Policy<unknown> as Policy, state });
    return policy;
  }

  keyedPolicy<F = never>(name: string, options?: PolicyOptions<F>, bounds?: KeyBounds): KeyedPolicy<F>;
  keyedPolicy(name: string, options?: PolicyOptions, bounds?: KeyBounds): KeyedPolicy;
  keyedPolicy<F>(given: string, options: PolicyOptions<F> = {}, bounds: KeyBounds = {}): KeyedPolicy<F> {
    const name = nameOf(given);
    const made = new KeyedHandle(name, options, bounds, (over) => {
      if (this.#keyed.get(name) === over) this.#keyed.delete(name);
      this.#leave(KeyedHandle.keysOf(over));
    });
    const before = this.#entries.get(name);
    if (before !== undefined) {
      before.policy.dispose();
      this.#tellTakeover(name);
    }
    this.#giveUpKeyed(name);
    this.#keyed.set(name, made);
    this.#drain?.hold(KeyedHandle.keysOf(made));
    return made as KeyedPolicy<unknown> as KeyedPolicy<F>;
  }

  getKeyedPolicy(name: string): KeyedPolicy | undefined {
    return typeof name === 'string' ? (this.#keyed.get(properName(name)) as KeyedPolicy | undefined) : undefined;
  }

  getPolicy(name: string): Policy | undefined {
    return this.#entry(name)?.policy;
  }

  updatePolicy(name: string, options: PolicyUpdate): Policy {
    const entry = this.#entry(name);
    if (entry === undefined && this.getKeyedPolicy(name) !== undefined)
      throw new RangeError(`updatePolicy: policy ${name} is a keyed one; change it with its own update()`);
    if (entry === undefined) throw new RangeError(`updatePolicy: there is no policy ${JSON.stringify(name)}; make it with policy()`);
    if (typeof options !== 'object' || options === null) throw wrong(`policy ${name}`, 'options', 'an object', options);
    const { state } = entry;
    const before = state.parts;
    const { name: known } = before.plan;
    state.parts = makeParts(known, updatedOptions(`policy ${known}`, before.options, options), before);
    before.release();
    this.#giveUpGates(before, state.parts);
    this.#takeNames(state.parts);
    this.#drain?.hold(state);
    return entry.policy;
  }

  policies(): readonly Policy[] {
    return [...this.#entries.values()].map(({ policy }) => policy);
  }

  keyedPolicies(): readonly KeyedPolicy<unknown>[] {
    return [...this.#keyed.values()];
  }

  get draining(): boolean {
    return this.#drain !== undefined;
  }

  async drain(options: DrainOptions): Promise<boolean> {
    const read = readDrainOptions(options);
    if (this.#drain === undefined) {
      this.#drain = new Drain();
      for (const { state } of this.#entries.values()) this.#drain.hold(state);
      for (const policy of this.#keyed.values()) this.#drain.hold(KeyedHandle.keysOf(policy));
      for (const state of this.#leaving) this.#drain.hold(state);
    }
    return this.#drain.wait(read);
  }

  resume(): void {
    this.#drain?.end();
    this.#drain = undefined;
  }

  #entry(name: string): Entry | undefined {
    return typeof name === 'string' ? this.#entries.get(properName(name)) : undefined;
  }

  #giveUpKeyed(name: string): void {
    const before = this.#keyed.get(name);
    if (before === undefined) return;
    this.#tellTakeover(name);
    before.dispose();
  }

  /** The gauges of a policy that is over read 0, unless another policy took its name over. */
  #giveUp(state: LivePolicy, next: PolicyParts | undefined): void {
    const { parts } = state;
    this.#leave(state);
    parts.plan.telemetry.dispose();
    parts.release();
    this.#giveUpGates(parts, next);
  }

  #tellTakeover(name: string): void {
    const times = (this.#takeovers.get(name) ?? 0) + 1;
    this.#takeovers.set(name, times);
    tellTakeover(name, times);
  }

  /** Calls of it may be in flight, which a drain waits for. */
  #leave(state: Drained): void {
    this.#leaving = [...this.#leaving.filter((each) => each !== state), state].filter(isBusy);
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

/** The name of a policy that is being made. */
function nameOf(given: string): string {
  if (!aName.holds(given)) throw wrong('policy', 'name', aName.must, given);
  return properName(given);
}

function isBusy({ telemetry: { active } }: Drained): boolean {
  return active > 0;
}

/** A registry that shares nothing with the default one: for libraries and tests. */
export function createRegistry(): Registry {
  return new Policies();
}

/** The registry of `policy`, `getPolicy` and `updatePolicy`; one per process, also when two copies of core are loaded. */
export function defaultRegistry(): Registry {
  return processSlot('registry', createRegistry);
}

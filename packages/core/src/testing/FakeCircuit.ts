import type { BreakerSnapshot, CircuitBreakerJSON } from '../gates/breaker/BreakerSnapshot.js';
import { CircuitRefusal } from '../gates/breaker/BreakerGate.js';
import { ATTACH, type Attachable, type BreakerInUse, CircuitBreaker } from '../gates/breaker/CircuitBreaker.js';
import { circuitTrouble, type CircuitHealth } from '../gates/breaker/circuitHealth.js';
import type { Gate, Lease, Verdict } from '../gates/Gate.js';
import type { GateOwner } from '../gates/GatePart.js';
import type { CircuitState } from '../model/CircuitState.js';
import { aName, check, oneOf, type Rules, waitMs } from '../model/rules.js';

/** What a fake circuit begins with. */
export interface FakeCircuitOptions {
  /** Its name. Default: that of the first policy that uses it. */
  readonly name?: string | undefined;
  /** The state it is in until it is given another. Default `closed`. */
  readonly state?: CircuitState | undefined;
  /** Milliseconds that it tells those whom it refuses to wait while it is open. Default 5_000. */
  readonly retryAfterMs?: number | undefined;
}

const STATES = ['closed', 'open', 'half_open', 'forced_open'];
const rules: Rules = { name: aName, state: oneOf(STATES), retryAfterMs: waitMs };

/**
 * A circuit breaker whose state a test sets, and nothing else does: no failure opens it, no success closes it, no time passes for it.
 * While open or forced open it refuses as a real one does, in any other state it lets everything through. It has no gauges.
 *
 * ```ts
 * import { policy } from '@redress/core';
 * import { fakeCircuit } from '@redress/core/testing';
 *
 * const circuit = fakeCircuit();
 * const inventory = policy('inventory', { circuitBreaker: circuit });
 * circuit.state = 'open';
 * (await inventory.settle(() => 'stock')).stopReason; // 'CIRCUIT_OPEN'
 * ```
 */
export class FakeCircuit extends CircuitBreaker {
  #name: string | undefined;
  #state: CircuitState;
  readonly #retryAfterMs: number;
  readonly #results: ('success' | 'failure' | 'none')[] = [];

  /** @throws TypeError that names the option, the value and the rule. */
  constructor(options: FakeCircuitOptions = {}) {
    super();
    const { name, state = 'closed', retryAfterMs = 5_000 } = check('fakeCircuit', options, rules);
    this.#name = name;
    this.#state = state;
    this.#retryAfterMs = retryAfterMs;
  }

  /** `circuit.name` in telemetry. */
  override get name(): string {
    return this.#name ?? 'circuit';
  }

  /** The state that it was given; set, a TypeError for what is no state of a circuit. */
  override get state(): CircuitState {
    return this.#state;
  }

  override set state(state: CircuitState) {
    this.#state = check<{ state: CircuitState }>('fakeCircuit', { state }, rules).state;
  }

  /** How what it let through ended, in that order; `none` is neither success nor failure. */
  get results(): readonly ('success' | 'failure' | 'none')[] {
    return this.#results;
  }

  /** Its state is `forced_open`. */
  override forceOpen(): void {
    this.#state = 'forced_open';
  }

  /** Its state is `closed`. */
  override forceClose(): void {
    this.#state = 'closed';
  }

  /** Its state is `closed`. */
  override reset(): void {
    this.#state = 'closed';
  }

  /** As that of a real circuit in its state. */
  override toJSON(): CircuitBreakerJSON {
    const remainingOpenMs = this.#state === 'open' ? this.#retryAfterMs : 0;
    const state: BreakerSnapshot = { version: 1, state: this.#state, remainingOpenMs, openings: this.#state === 'closed' ? 0 : 1 };
    return { name: this.name, state };
  }

  /** @internal */
  override [ATTACH](): Attachable {
    return { isHeldTo: () => false, use: (owner, circuit) => this.#use(owner, circuit) };
  }

  #use(owner: GateOwner, circuit: string): BreakerInUse {
    this.#name ??= circuit;
    owner.telemetry.circuit(this.name, false);
    const lease: Lease = { kind: 'lease', leave: (verdict) => void this.#results.push(resultOf(verdict)) };
    const gate: Gate = { enter: () => this.#refusal() ?? lease, refusal: () => this.#refusal() };
    return { gate, health: () => this.#health() };
  }

  #refusal(): CircuitRefusal | undefined {
    const { name, state } = this;
    if (state === 'closed' || state === 'half_open') return undefined;
    return new CircuitRefusal(name, state, state === 'open' ? this.#retryAfterMs : Infinity, undefined);
  }

  #health(): { stats: CircuitHealth; trouble: ReturnType<typeof circuitTrouble> } {
    const { name, state } = this;
    const probeInMs = state === 'open' ? this.#retryAfterMs : state === 'half_open' ? 0 : null;
    const stats = { name, state, probeInMs, observeOnly: false };
    return { stats, trouble: circuitTrouble(stats) };
  }
}

function resultOf(verdict: Verdict): 'success' | 'failure' | 'none' {
  return typeof verdict === 'string' ? verdict : 'failure';
}

/** A {@link FakeCircuit}: the option `circuitBreaker` of a policy takes it. */
export function fakeCircuit(options: FakeCircuitOptions = {}): FakeCircuit {
  return new FakeCircuit(options);
}

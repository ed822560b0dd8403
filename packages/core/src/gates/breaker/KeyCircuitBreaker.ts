import type { CircuitState } from '../../model/CircuitState.js';
import type { CircuitBreakerJSON } from './BreakerSnapshot.js';
import type { BreakerTransition } from './BreakerTransition.js';
import { ATTACH, CircuitBreaker } from './CircuitBreaker.js';
import type { CircuitBreakerEngine } from './CircuitBreakerEngine.js';
import type { ResolvedBreaker } from './options.js';

/** The circuit that a key has now. */
export interface CircuitOfKey {
  readonly name: string;
  readonly engine: CircuitBreakerEngine;
  now(): number;
  /** Milliseconds since 1970. */
  wallMs(): number;
  tellOutside(transition: BreakerTransition): void;
}

/** What users hold of a key's circuit: made when they ask for it. */
export class KeyCircuitBreaker extends CircuitBreaker {
  readonly #current: () => CircuitOfKey;

  constructor(options: ResolvedBreaker, current: () => CircuitOfKey) {
    super(options);
    this.#current = current;
  }

  override get name(): string {
    return this.#current().name;
  }

  override get state(): CircuitState {
    const circuit = this.#current();
    return circuit.engine.stateAt(circuit.now());
  }

  override forceOpen(): void {
    this.#change((engine, nowMs) => engine.forceOpen(nowMs));
  }

  override forceClose(): void {
    this.#change((engine, nowMs) => engine.forceClose(nowMs));
  }

  override reset(): void {
    this.#change((engine, nowMs) => engine.reset(nowMs));
  }

  /** Nothing: its key has it, and lets it go when it is forgotten. */
  override dispose(): void {}

  override toJSON(): CircuitBreakerJSON {
    const circuit = this.#current();
    return { name: circuit.name, state: circuit.engine.toJSON(circuit.now(), circuit.wallMs()) };
  }

  /** @internal */
  override [ATTACH](): never {
    throw new TypeError(`circuitBreaker must not be the circuit of a key (${this.name}): it is its keyed policy's alone`);
  }

  #change(how: (engine: CircuitBreakerEngine, nowMs: number) => BreakerTransition | undefined): void {
    const circuit = this.#current();
    const transition = how(circuit.engine, circuit.now());
    if (transition !== undefined) circuit.tellOutside(transition);
  }
}

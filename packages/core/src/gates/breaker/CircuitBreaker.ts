import { type BreakerSnapshot, type BreakerTransition, CircuitBreakerEngine } from './CircuitBreakerEngine.js';
import type { CircuitState } from '../../model/CircuitState.js';
import type { Clock } from '../../model/Clock.js';
import { BreakerGate } from './BreakerGate.js';
import { timersOf } from '../../timers/timersOf.js';
import { type CircuitTelemetry, type PolicyTelemetry, telemetry } from '../../telemetry/index.js';
import { DEFAULT_TIMEOUTS, resolveBreaker, type Timeouts } from './breakerOptions.js';
import { checkSnapshot } from './checkSnapshot.js';
import type { CircuitBreakerOptions } from '../../policy/PolicyOptions.js';

/** What a policy tells a breaker that it takes into use. */
export interface BreakerOwner {
  /** The name of a breaker that has none. */
  readonly circuit: string;
  readonly telemetry: PolicyTelemetry;
  readonly clock: Clock | undefined;
  readonly random: () => number;
  readonly timeouts: Timeouts;
}

/** A circuit breaker as JSON: its name and its state, not its options, which may hold functions. */
export interface CircuitBreakerJSON {
  /** `circuit.name` in telemetry. */
  readonly name: string;
  /** Where it stood. */
  readonly state: BreakerSnapshot;
}

/** By this, and not by its class, a breaker is known to another copy of this package. */
const ATTACH = Symbol.for('redress.breaker.attach');

/** Whether a value is a breaker, of this copy of the package or another. */
export function isCircuitBreaker(value: unknown): value is CircuitBreaker {
  return typeof value === 'object' && value !== null && ATTACH in value;
}

/** Takes a breaker into use by a policy: its first owner gives it the clock, the name where it has none, and tells of its transitions. */
export function attach(breaker: CircuitBreaker, owner: BreakerOwner): BreakerGate {
  return breaker[ATTACH](owner);
}

/**
 * Refuses calls to a dependency that fails, until probes show that it has recovered.
 * An instance may be shared between policies; one made from options belongs to its policy.
 *
 * Source: M. Nygard, "Release It!", Circuit Breaker.
 */
export class CircuitBreaker {
  #name: string | undefined;
  readonly #options: CircuitBreakerOptions;
  #engine: CircuitBreakerEngine;
  #clock: Clock | undefined;
  #owner: BreakerOwner | undefined;
  #telemetry: CircuitTelemetry | undefined;
  /** It was restored, which is told when an owner is there to tell it for. */
  #restoredUntold = false;

  /** @throws TypeError that names the option, the value and the rule. Without `name` it takes that of the first policy that uses it. */
  constructor(options: CircuitBreakerOptions = {}) {
    this.#options = { ...options };
    this.#name = options.name;
    this.#engine = this.#makeEngine(undefined);
    if (this.#name !== undefined) this.#show();
  }

  /** `circuit.name` in telemetry. */
  get name(): string {
    return this.#name ?? 'circuit';
  }

  /** Where it stands: around each attempt, or around the call. */
  get scope(): 'attempt' | 'call' {
    return this.#options.scope ?? 'attempt';
  }

  /** The state now; open turns half-open by itself once its time has come. */
  get state(): CircuitState {
    return this.#engine.stateAt(this.#now());
  }

  /** Refuses every call until `reset()` or `forceClose()`. */
  forceOpen(): void {
    this.#tell(this.#engine.forceOpen(this.#now()));
  }

  /** Lets every call through, whatever fails, until `reset()` or `forceOpen()`. */
  forceClose(): void {
    this.#tell(this.#engine.forceClose(this.#now()));
  }

  /** Closed, with empty counts, and no longer forced. */
  reset(): void {
    this.#tell(this.#engine.reset(this.#now()));
  }

  /** Its gauges read 0 from now on. It goes on working. */
  dispose(): void {
    this.#telemetry?.dispose();
    this.#telemetry = undefined;
  }

  /** Its name and state, the open time left included; for {@link CircuitBreaker.restore}. */
  toJSON(): CircuitBreakerJSON {
    return { name: this.name, state: this.#engine.toJSON(this.#now(), Date.now()) };
  }

  /**
   * A breaker that goes on where `json` was taken: time that passed since, by the wall clock, counts as open time.
   * Options are those of the constructor; `json.name` is the name unless they give one.
   *
   * @throws TypeError when `json` is not what `toJSON` gave.
   */
  static restore(json: unknown, options: CircuitBreakerOptions = {}): CircuitBreaker {
    const { name, state } = checkSnapshot(json);
    const breaker = new CircuitBreaker({ ...options, name: options.name ?? name });
    breaker.#engine.restore(state, breaker.#now(), Date.now());
    breaker.#restoredUntold = true;
    return breaker;
  }

  /** @internal */
  [ATTACH](owner: BreakerOwner): BreakerGate {
    if (this.#owner === undefined) {
      this.#owner = owner;
      this.#name ??= owner.circuit;
      this.dispose();
      this.#moveTo(owner);
      this.#show();
    }
    return new BreakerGate(this.name, this.#engine, owner.clock === this.#clock ? undefined : () => this.#now());
  }

  #now(): number {
    return timersOf(this.#clock).now();
  }

  /** Goes on, on the owner's clock, where it stood: it may have been restored or forced before it had an owner. */
  #moveTo(owner: BreakerOwner): void {
    const wallMs = Date.now();
    const before = this.#engine.toJSON(this.#now(), wallMs);
    this.#clock = owner.clock;
    this.#engine = this.#makeEngine(owner);
    if (before.state === 'closed') return;
    const transition = this.#engine.restore(before, this.#now(), wallMs);
    if (this.#restoredUntold) this.#tell(transition);
  }

  #makeEngine(owner: BreakerOwner | undefined): CircuitBreakerEngine {
    const where = this.#name === undefined ? 'circuit breaker' : `circuit breaker ${this.#name}`;
    const settings = resolveBreaker(where, this.#options, owner?.timeouts ?? DEFAULT_TIMEOUTS);
    return new CircuitBreakerEngine(settings, this.#now(), owner?.random ?? Math.random, tellBackoff);
  }

  #show(): void {
    this.#telemetry = telemetry().circuit({
      name: this.name,
      state: () => this.state,
      timeInState: () => this.#engine.timeInState(this.#now()),
      failureRate: () => this.#engine.failureRate(this.#now()),
    });
  }

  #tell(transition: BreakerTransition | undefined): void {
    if (transition === undefined) return;
    this.#restoredUntold = false;
    const teller = this.#owner?.telemetry ?? telemetry();
    teller.transition(transition, this.name);
  }
}

function tellBackoff(error: unknown): void {
  telemetry().warn('recoveryMs threw; it counts as 0 ms', error);
}

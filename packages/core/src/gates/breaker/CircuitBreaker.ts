import type { CircuitState } from '../../model/CircuitState.js';
import type { Clock } from '../../model/Clock.js';
import { isMarked } from '../../model/isMarked.js';
import { ownCopy } from '../../model/ownCopy.js';
import { DEFAULT_TIMEOUTS } from '../../model/Timeouts.js';
import { telemetry } from '../../telemetry/port/processTelemetry.js';
import type { GaugeObserver, GaugePlace } from '../../telemetry/port/Telemetry.js';
import { SharedTime } from '../../timers/SharedTime.js';
import { TimeReader } from '../../timers/TimeReader.js';
import type { GateInUse, GateOwner } from '../GatePart.js';
import type { GateHealth } from '../GateHealth.js';
import { PolicyBreakerGate } from './BreakerGate.js';
import type { CircuitBreakerJSON } from './BreakerSnapshot.js';
import type { BreakerTransition } from './BreakerTransition.js';
import { checkSnapshot } from './checkSnapshot.js';
import { CircuitBreakerEngine } from './CircuitBreakerEngine.js';
import { CIRCUITS, OBSERVING, observeCircuit, tellBackoff } from './circuitGauges.js';
import { TRANSITION_EVENT, transitionFacts } from './circuitFacts.js';
import { circuitHealth } from './circuitHealth.js';
import { Longest } from './Longest.js';
import { type CircuitBreakerOptions, ResolvedBreaker } from './options.js';
import { TransitionListener } from './TransitionListener.js';

/** By this, and not by its class, a breaker is known to another copy of this package. */
export const ATTACH: unique symbol = Symbol.for('redress.breaker.attach.3');

/** A breaker in use by a policy; where it stands is the breaker's own to say. */
export type BreakerInUse = Omit<GateInUse, 'scope'>;

/** How policies take a breaker into use. */
export interface Attachable {
  isHeldTo(clock: Clock | undefined, leaving: number): boolean;
  use(owner: GateOwner, circuit: string): BreakerInUse;
}

/** Whether a value is a breaker, of this copy of the package or another. */
export function isCircuitBreaker(value: unknown): value is CircuitBreaker {
  return isMarked(value, ATTACH);
}

/**
 * Takes a breaker into use by a policy: its first owner gives it the clock, the name `circuit` where it has none, and tells of its
 * transitions.
 */
export function attach(breaker: CircuitBreaker, owner: GateOwner, circuit: string): BreakerInUse {
  return breaker[ATTACH]().use(owner, circuit);
}

/** Whether policies use a breaker, `leaving` of them aside, that live by another clock. */
export function isHeldTo(breaker: CircuitBreaker, clock: Clock | undefined, leaving: number): boolean {
  return breaker[ATTACH]().isHeldTo(clock, leaving);
}

/**
 * Refuses calls to a dependency that fails, until probes show that it has recovered.
 * An instance may be shared between policies; one made from options belongs to its policy.
 *
 * Source: M. Nygard, "Release It!", Circuit Breaker.
 */
export class CircuitBreaker {
  readonly #options: ResolvedBreaker;
  #name: string | undefined;
  /** Made when it has an owner, or is used without one. */
  #made: CircuitBreakerEngine | undefined;
  readonly #time = new SharedTime();
  readonly #probeMs: Longest;
  readonly #listener: TransitionListener | undefined;
  #owner: GateOwner | undefined;
  #gauges: GaugePlace | undefined;
  /** It was restored, which is told when an owner is there to tell it for. */
  #restoredUntold = false;

  /** @throws TypeError that names the option, the value and the rule. Without `name` it takes that of the first policy that uses it. */
  constructor(options: CircuitBreakerOptions = {}) {
    this.#options = ResolvedBreaker.is(options) ? options : resolved(options);
    const { name, onTransition } = this.#options;
    this.#name = name;
    this.#listener = onTransition && new TransitionListener(onTransition);
    this.#probeMs = new Longest(this.#options.maxProbeMsFor(DEFAULT_TIMEOUTS));
    if (this.#name !== undefined) this.#show();
  }

  /** `circuit.name` in telemetry. */
  get name(): string {
    return this.#name ?? 'circuit';
  }

  /** Where it stands: around each attempt, or around the call. */
  get scope(): 'attempt' | 'call' {
    return this.#options.scope;
  }

  /** Whether it tells what it would have done and refuses nothing. */
  get observeOnly(): boolean {
    return this.#engine.settings.observeOnly;
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
    this.#gauges?.dispose();
    this.#gauges = undefined;
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
    const own = ownCopy('circuit breaker', options);
    const breaker = new CircuitBreaker(Object.assign(own, { name: own.name ?? name }));
    breaker.#engine.restore(state, breaker.#now(), Date.now());
    breaker.#restoredUntold = true;
    return breaker;
  }

  /** @internal */
  [ATTACH](): Attachable {
    return {
      isHeldTo: (clock, leaving) => this.#time.isHeldTo(clock, leaving),
      use: (owner, circuit) => this.#use(owner, circuit),
    };
  }

  #use(owner: GateOwner, circuit: string): BreakerInUse {
    if (this.#owner === undefined) {
      this.#owner = owner;
      this.#name ??= circuit;
      this.dispose();
      this.#startBy(owner.clock);
      this.#show();
    }
    owner.telemetry.circuit(this.name, this.#engine.settings.observeOnly);
    const reader = new TimeReader(this.#time);
    this.#time.join(reader, owner.clock);
    const gate = new PolicyBreakerGate(this.name, this.#engine, reader, this.#listener);
    const probeMs = this.#options.maxProbeMsFor(owner.timeouts);
    this.#probeMs.add(probeMs);
    this.#engine.maxProbeMs = this.#probeMs.ms;
    let isUsed = true;
    const release = (): void => {
      if (!isUsed) return;
      isUsed = false;
      this.#time.leave(reader);
      this.#probeMs.remove(probeMs);
      this.#engine.maxProbeMs = this.#probeMs.ms;
    };
    const health = (): GateHealth => circuitHealth(this.name, this.#engine, this.#now());
    return { gate, health, release };
  }

  get #engine(): CircuitBreakerEngine {
    this.#made ??= this.#makeEngine();
    return this.#made;
  }

  #now(): number {
    return this.#time.now();
  }

  /** Goes on, on its first owner's clock, where it stood: it may have been restored or forced before it had an owner. */
  #startBy(clock: Clock | undefined): void {
    const wallMs = Date.now();
    const before = this.#made?.toJSON(this.#now(), wallMs);
    this.#time.startBy(clock);
    this.#made = this.#makeEngine();
    if (before === undefined || before.state === 'closed') return;
    const transition = this.#made.restore(before, this.#now(), wallMs);
    if (this.#restoredUntold) this.#tell(transition);
  }

  #makeEngine(): CircuitBreakerEngine {
    const { timeouts = DEFAULT_TIMEOUTS, random = Math.random } = this.#owner ?? {};
    return new CircuitBreakerEngine(this.#options.settings(timeouts), this.#now(), random, tellBackoff);
  }

  #show(): void {
    const engine = this.#engine;
    const observe = (observer: GaugeObserver): void => observeCircuit(engine, this.#now(), observer);
    const more = engine.settings.observeOnly ? OBSERVING : undefined;
    this.#gauges = telemetry().gauges(CIRCUITS, this.name, { observe, inNeed: () => engine.stateAt(this.#now()) !== 'closed' }, more);
  }

  #tell(transition: BreakerTransition | undefined): void {
    if (transition === undefined) return;
    this.#restoredUntold = false;
    const event = TRANSITION_EVENT[transition.to];
    const facts = transitionFacts(this.name, transition);
    // Without an owner it is told under its own name.
    if (this.#owner === undefined) telemetry().event(this.name, event, facts);
    else this.#owner.telemetry.event(event, facts);
    this.#listener?.tell(this.name, transition);
  }
}

/** Options as they are now, each read once. */
function resolved(options: CircuitBreakerOptions): ResolvedBreaker {
  const own = ownCopy('circuit breaker', options);
  return new ResolvedBreaker(own.name === undefined ? 'circuit breaker' : `circuit breaker ${String(own.name)}`, own);
}

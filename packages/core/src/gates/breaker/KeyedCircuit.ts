import type { CircuitState } from '../../model/CircuitState.js';
import type { GaugeObserver, GaugePlace, GaugeSource } from '../../telemetry/port/Telemetry.js';
import type { TimeReader } from '../../timers/TimeReader.js';
import type { Refusal } from '../../model/Refusal.js';
import type { Entry, Gate, Lease, Verdict } from '../Gate.js';
import type { GateHealth } from '../GateHealth.js';
import type { GateOfKey, GatesOfKeys, KeyOwner } from '../GatePart.js';
import { BreakerGate } from './BreakerGate.js';
import type { BreakerLease } from './BreakerLease.js';
import type { BreakerTransition } from './BreakerTransition.js';
import type { CircuitBreakerEngine } from './CircuitBreakerEngine.js';
import { observeCircuit } from './circuitGauges.js';
import { TRANSITION_EVENT, transitionFacts } from './circuitFacts.js';
import { circuitHealth } from './circuitHealth.js';
import { KeyCircuitBreaker } from './KeyCircuitBreaker.js';
import type { ResolvedBreaker } from './options.js';
import type { TransitionListener } from './TransitionListener.js';

/** All circuits of a keyed policy, as one of them knows it. */
export interface Circuits extends GatesOfKeys {
  readonly options: ResolvedBreaker;
  readonly listener: TransitionListener | undefined;
  readonly maxProbeMs: number;
  now(): number;
  wallMs(): number;
  nameOf(key: string): string;
  show(name: string, source: GaugeSource): GaugePlace | undefined;
  join(sinceMs: number): void;
  leave(circuit: KeyedCircuit, sinceMs: number, nowMs: number): void;
  ails(circuit: KeyedCircuit): void;
}

/** Of a circuit that is forgotten, and may still be told what its last calls came to. */
const NOWHERE: GaugePlace = { isNamed: true, dispose: () => {} };

/** The circuit of one key, as a gate and as what the policy has in use: one object, for there are many. */
export class KeyedCircuit extends BreakerGate implements GateOfKey {
  private known: string | undefined;
  /** While it is shown by itself. */
  private place: GaugePlace | undefined;
  /** While it is not: since when its time is told with that of the others, if not since it was made. */
  private sinceMs: number | undefined;
  private user: KeyCircuitBreaker | undefined;

  constructor(
    readonly gates: Circuits,
    private readonly owner: KeyOwner,
    engine: CircuitBreakerEngine,
    reader: TimeReader,
  ) {
    super(engine, reader);
    gates.join(engine.madeMs);
  }

  get name(): string {
    this.known ??= this.gates.nameOf(this.owner.key);
    return this.known;
  }

  get gate(): Gate {
    return this;
  }

  get scope(): 'attempt' | 'call' {
    return this.gates.options.scope;
  }

  /** What the user holds goes by the circuit that the key has then: this one may be forgotten, and another one made. */
  get handle(): KeyCircuitBreaker {
    this.user ??= new KeyCircuitBreaker(this.gates.options, () => {
      const now = this.owner.inUse(this.gates);
      return now instanceof KeyedCircuit ? now : this;
    });
    return this.user;
  }

  now(): number {
    return this.gates.now();
  }

  wallMs(): number {
    return this.gates.wallMs();
  }

  override enter(nowMs: number, attempt: number, entry: Entry): Lease | Refusal {
    // An update may have changed it.
    if (this.engine.closedLease === undefined) this.engine.maxProbeMs = this.gates.maxProbeMs;
    return super.enter(nowMs, attempt, entry);
  }

  override leave(lease: BreakerLease, verdict: Verdict, nowMs: number, durationMs: number, attempt: number, entry: Entry): void {
    super.leave(lease, verdict, nowMs, durationMs, attempt, entry);
    if (typeof verdict === 'object' && this.place === undefined) this.gates.ails(this);
  }

  /** Tells what an operator did. */
  tellOutside(transition: BreakerTransition): void {
    this.changed(transition);
    this.owner.telemetry.event(TRANSITION_EVENT[transition.to], transitionFacts(this.name, transition));
    this.acts(transition);
  }

  health(): GateHealth {
    return circuitHealth(this.name, this.engine, this.now());
  }

  isAtRest(nowMs: number): boolean {
    return this.engine.isAtRest(this.time.at(nowMs));
  }

  forget(): void {
    if (this.place === undefined) this.gates.leave(this, this.sinceMs ?? this.engine.madeMs, this.now());
    else this.place.dispose();
    this.place = NOWHERE;
  }

  /** It is shown by itself from when it opens; closed again it goes back to the others, unless it got a name. */
  protected override changed({ to }: BreakerTransition): void {
    if (to !== 'closed') {
      if (this.place === undefined) this.show();
    } else if (this.place?.isNamed === false) {
      this.place.dispose();
      this.place = undefined;
      this.sinceMs = this.now();
      this.gates.join(this.sinceMs);
    }
  }

  protected override acts(transition: BreakerTransition): void {
    this.gates.listener?.tell(this.name, transition);
  }

  private show(): void {
    const nowMs = this.now();
    this.place = this.gates.show(this.name, new ShownCircuit(this, this.engine.timeInState(nowMs)));
    if (this.place !== undefined) this.gates.leave(this, this.sinceMs ?? this.engine.madeMs, nowMs);
  }
}

/** A circuit that is shown by itself, from when it opened. */
class ShownCircuit implements GaugeSource {
  constructor(
    private readonly circuit: KeyedCircuit,
    /** Milliseconds in each state that were told with those of the others. */
    private readonly before: Readonly<Record<CircuitState, number>>,
  ) {}

  inNeed(): boolean {
    const { circuit } = this;
    return circuit.engine.stateAt(circuit.now()) !== 'closed';
  }

  observe(observer: GaugeObserver): void {
    const { circuit, before } = this;
    observeCircuit(circuit.engine, circuit.now(), observer, before);
  }
}

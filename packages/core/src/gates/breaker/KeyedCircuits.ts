import { properName } from '../../model/properName.js';
import { telemetry } from '../../telemetry/port/processTelemetry.js';
import {
  METRIC_REDRESS_CIRCUIT_FAILURE_RATIO,
  METRIC_REDRESS_CIRCUIT_STATE,
  METRIC_REDRESS_CIRCUIT_TIME_IN_STATE,
} from '../../telemetry/port/semconv.js';
import type { GaugeKind, GaugeObserver, GaugePlace, GaugeSource } from '../../telemetry/port/Telemetry.js';
import type { KeyOwner, KeysOwner } from '../GatePart.js';
import type { BreakerSettings } from './BreakerSettings.js';
import { CIRCUITS, OBSERVING, tellBackoff } from './circuitGauges.js';
import { CircuitBreakerEngine } from './CircuitBreakerEngine.js';
import { type Circuits, KeyedCircuit } from './KeyedCircuit.js';
import type { ResolvedBreaker } from './options.js';
import { TransitionListener } from './TransitionListener.js';

/** A circuit of a keyed policy takes a name only when it opens. */
const CIRCUITS_OF_KEYS: GaugeKind = { ...CIRCUITS, onlyInNeed: true };

/**
 * The circuits of one keyed policy. Those that are not under a name of their own, mostly all, are told together: how many there are, and how
 * long they have been closed. So a key costs telemetry nothing while it is well.
 */
export class KeyedCircuits implements Circuits, GaugeSource {
  /** Told of the changes of them all. */
  readonly listener: TransitionListener | undefined;
  private readonly prefix: string;
  private readonly place: GaugePlace;
  private settings: BreakerSettings;
  /** Circuits told together, the sum of the times since when they are, and the milliseconds of those that no longer are. */
  private together = 0;
  private sinceMs = 0;
  private pastMs = 0;
  /** Those of them in whose window something failed. */
  private readonly ailing = new Set<KeyedCircuit>();
  private readonly hasRatio: boolean;
  private isOver = false;

  constructor(
    readonly options: ResolvedBreaker,
    name: string | undefined,
    private owner: KeysOwner,
  ) {
    this.prefix = name ?? owner.policy;
    this.settings = options.settings(owner.timeouts);
    this.listener = options.onTransition && new TransitionListener(options.onTransition);
    this.hasRatio = this.settings.trip.make(0).window !== undefined;
    this.place = telemetry().gauges(CIRCUITS_OF_KEYS, `${this.prefix}/*`, this, this.more);
  }

  use(owner: KeyOwner): KeyedCircuit {
    const engine = new CircuitBreakerEngine(this.settings, this.now(), this.owner.random, tellBackoff);
    return new KeyedCircuit(this, owner, engine, this.owner.reader);
  }

  update(owner: KeysOwner): void {
    this.owner = owner;
    this.settings = this.options.settings(owner.timeouts);
  }

  dispose(): void {
    this.isOver = true;
    this.place.dispose();
  }

  now(): number {
    return this.owner.time.now();
  }

  wallMs(): number {
    return Date.now();
  }

  get maxProbeMs(): number {
    return this.settings.maxProbeMs;
  }

  /** `circuit.name` of a key's circuit. */
  nameOf(key: string): string {
    return properName(`${this.prefix}/${key}`);
  }

  /** Shows a circuit that opened, under its own name as long as there are any; undefined when the policy is gone. */
  show(name: string, source: GaugeSource): GaugePlace | undefined {
    return this.isOver ? undefined : telemetry().gauges(CIRCUITS_OF_KEYS, name, source, this.more);
  }

  /** A circuit is told with the others from now on. */
  join(sinceMs: number): void {
    this.together += 1;
    this.sinceMs += sinceMs;
  }

  /** A circuit that was told with the others since then no longer is. */
  leave(circuit: KeyedCircuit, sinceMs: number, nowMs: number): void {
    this.together -= 1;
    this.sinceMs -= sinceMs;
    this.pastMs += nowMs - sinceMs;
    this.ailing.delete(circuit);
  }

  /** Something failed in a circuit that is told with the others. */
  ails(circuit: KeyedCircuit): void {
    this.ailing.add(circuit);
  }

  observe(observer: GaugeObserver): void {
    const nowMs = this.now();
    const closedMs = this.together * nowMs - this.sinceMs + this.pastMs;
    observer.observe(METRIC_REDRESS_CIRCUIT_STATE, this.together, 'closed');
    observer.observe(METRIC_REDRESS_CIRCUIT_TIME_IN_STATE, Math.max(0, closedMs) / 1_000, 'closed');
    if (this.hasRatio) observer.observe(METRIC_REDRESS_CIRCUIT_FAILURE_RATIO, this.highestRatio(nowMs));
  }

  private highestRatio(nowMs: number): number {
    let highest = 0;
    for (const circuit of this.ailing) {
      const ratio = circuit.engine.failureRatio(nowMs) ?? 0;
      if (ratio === 0) this.ailing.delete(circuit);
      else if (ratio > highest) highest = ratio;
    }
    return highest;
  }

  private get more() {
    return this.settings.observeOnly ? OBSERVING : undefined;
  }
}

import type { GateHandle, GateOfKey, GatesOfKeys, KeyOwner } from '../../gates/GatePart.js';
import type { Attributes } from '../../model/Attributes.js';
import type { EmittedAttributes } from '../../model/EmittedAttributes.js';
import type { EventName } from '../../model/EventName.js';
import { properName } from '../../model/properName.js';
import type { Plan } from '../../runtime/Plan.js';
import type { CallRecorder, SuccessCounter } from '../../telemetry/port/CallRecorder.js';
import { ATTR_REDRESS_KEY } from '../../telemetry/port/semconv.js';
import type { PolicyTelemetry } from '../../telemetry/port/Telemetry.js';
import type { PolicyHealth } from '../health/PolicyHealth.js';
import { type Insides, PolicyHandle, type PolicyState } from '../PolicyHandle.js';
import type { KeyedParts } from './KeyedParts.js';
import type { Link } from './KeyQueue.js';

/** Where a key is at home. */
export interface KeyHome {
  readonly name: string;
  /** That of all keys. */
  readonly telemetry: PolicyTelemetry;
  planFor(state: KeyState): Plan;
  handleOf(state: KeyState, option: string): GateHandle | undefined;
  /** That of all keys. */
  aroundOf(option: string): object | undefined;
  gateOf(state: KeyState, gates: GatesOfKeys): GateOfKey | undefined;
  /** A call of the key is under way; none any more. */
  began(state: KeyState): void;
  ended(state: KeyState): void;
  forget(state: KeyState): void;
  statsOf(state: KeyState): PolicyHealth;
}

const NONE: readonly GateOfKey[] = [];

/**
 * One key: what is its own, which is its gates, its budget and the calls under way. It is everything that a policy's handle, its telemetry and
 * its gates ask for in one object, for there may be a hundred thousand.
 */
export class KeyState implements PolicyState, PolicyTelemetry, KeyOwner, Insides, Link {
  queue: object | undefined = undefined;
  older: KeyState | undefined = undefined;
  newer: KeyState | undefined = undefined;
  /** Whether it is among the keys; else it has no state. */
  isLive = false;
  /** When a call of it was last under way. */
  usedMs = 0;
  /** What it was made of; undefined before its first call. */
  parts: KeyedParts | undefined = undefined;
  made: Plan | undefined = undefined;
  gates: readonly GateOfKey[] = NONE;
  /** Functions that outlived their calls included. */
  private underWay = 0;
  /** These alone. */
  private outlived = 0;
  private handle: PolicyHandle | undefined = undefined;

  constructor(
    readonly key: string,
    private readonly home: KeyHome,
  ) {}

  /** What its user holds. */
  get policy(): PolicyHandle {
    this.handle ??= new PolicyHandle(this);
    return this.handle;
  }

  get isInUse(): boolean {
    return this.underWay > 0;
  }

  /** Whether nothing would be missed if it was forgotten. */
  isAtRest(nowMs: number): boolean {
    if (this.underWay > 0) return false;
    // One budget may be that of all keys.
    if (this.parts?.budget !== undefined && this.made?.budget?.isAtRest(nowMs) === false) return false;
    for (const gate of this.gates) if (gate.isAtRest?.(nowMs) === false) return false;
    return true;
  }

  /** Its state goes. */
  clear(): void {
    this.isLive = false;
    for (const gate of this.gates) gate.forget();
    this.gates = NONE;
    this.parts = undefined;
    this.made = undefined;
  }

  // As what stands behind a policy.

  get state(): this {
    return this;
  }

  get preset(): undefined {
    return undefined;
  }

  get name(): string {
    return this.home.name;
  }

  get plan(): Plan {
    return this.home.planFor(this);
  }

  gate(option: string): GateHandle | undefined {
    return this.home.handleOf(this, option);
  }

  around(option: string): object | undefined {
    return this.home.aroundOf(option);
  }

  stats(): PolicyHealth {
    return this.home.statsOf(this);
  }

  dispose(): void {
    this.home.forget(this);
  }

  // As its gates know it.

  get telemetry(): this {
    return this;
  }

  inUse(gates: GatesOfKeys): GateOfKey | undefined {
    return this.home.gateOf(this, gates);
  }

  // As its calls tell: to the telemetry of all keys, with the key.

  get idle(): boolean {
    return this.home.telemetry.idle;
  }

  get active(): number {
    return this.underWay - this.outlived;
  }

  set active(count: number) {
    const delta = count - this.active;
    this.home.telemetry.active += delta;
    this.count(delta);
  }

  circuit(): void {}

  budget(): void {}

  counter(operation: string): SuccessCounter | undefined {
    return this.home.telemetry.counter(operation);
  }

  begin(operation: string, attributes: Attributes | undefined): CallRecorder | undefined {
    return this.home.telemetry.begin(operation, attributes, this.key);
  }

  abandoned(delta: 1 | -1): void {
    this.home.telemetry.abandoned(delta);
    this.outlived += delta;
    this.count(delta);
  }

  event(name: EventName, facts: Readonly<EmittedAttributes>): void {
    this.home.telemetry.event(name, { ...facts, [ATTR_REDRESS_KEY]: properName(this.key) });
  }

  private count(delta: number): void {
    const before = this.underWay;
    this.underWay += delta;
    if (before === 0) this.home.began(this);
    else if (this.underWay === 0) this.home.ended(this);
  }
}

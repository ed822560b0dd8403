import type { Clock } from '../model/Clock.js';
import type { GaugeObserver, PolicyTelemetry } from '../telemetry/port/Telemetry.js';
import type { Rules } from '../model/rules.js';
import type { Timeouts } from '../model/Timeouts.js';
import type { SharedTime } from '../timers/SharedTime.js';
import type { TimeReader } from '../timers/TimeReader.js';
import type { Gate } from './Gate.js';
import type { GateHealth } from './GateHealth.js';

/** The policy that takes a gate into use. */
export interface GateOwner {
  /** Its name. */
  readonly policy: string;
  readonly telemetry: PolicyTelemetry;
  readonly clock: Clock | undefined;
  readonly random: () => number;
  readonly timeouts: Timeouts;
}

/** What a user holds of a gate: `policy.circuitBreaker`, or an instance handed to several policies. */
export interface GateHandle {
  /** What tells one from another among its kind. */
  readonly name?: string;
  /** Its gauges read 0 from now on. */
  dispose?(): void;
}

/** A gate in use by one policy. */
export interface GateInUse {
  readonly gate: Gate;
  /** Around each attempt, or around the call. */
  readonly scope: 'attempt' | 'call';
  /** Its gauges by policy, when it has any. */
  observe?(observer: GaugeObserver): void;
  /**
   * Whether one made anew would do as well: nobody is in it, and nothing that it knows would be missed. A key whose gates are all at rest may
   * be forgotten. Default: it is.
   */
  isAtRest?(nowMs: number): boolean;
  /** How it stands now; it stands under its option in the health of the policy. A look changes nothing. Undefined for one that cannot say. */
  health?(): GateHealth | undefined;
  /** The policy uses it no more: told once or more often. */
  release?(): void;
}

/** A keyed policy, as its gates know it. */
export interface KeysOwner extends GateOwner {
  /** The time of all that its keys have, and how it is read off the policy's clock. */
  readonly time: SharedTime;
  readonly reader: TimeReader;
}

/** A key, as its gates know it. */
export interface KeyOwner {
  readonly key: string;
  readonly telemetry: PolicyTelemetry;
  /** Which of these gates the key has now, made where it has none; undefined when its policy has done with them. */
  inUse(gates: GatesOfKeys): GateOfKey | undefined;
}

/** A gate in use for one key. */
export interface GateOfKey extends GateInUse {
  /** Which gates it is one of. */
  readonly gates: GatesOfKeys;
  readonly handle: GateHandle;
  /** After an update: what the key goes on with, with all that it knows. Default: itself. */
  renew?(): GateOfKey;
  /** Its key is forgotten: its gauges read 0 from now on. */
  forget(): void;
}

/** The gates that the keys of one policy have, made of options that were resolved once: each key's knows what its own calls did. */
export interface GatesOfKeys {
  use(owner: KeyOwner): GateOfKey;
  /** The policy goes on with these under other options of its own, and perhaps another clock. */
  update?(owner: KeysOwner): void;
  /** The policy is gone: their gauges read 0 from now on. */
  dispose?(): void;
}

/** A kind of gate, as a policy takes it in: the one thing that its folder hands to the list. */
export interface GatePart<Handle extends GateHandle = GateHandle> {
  /** The policy's option: options, an instance, or `false`. */
  readonly option: string;
  /** What one is called in a message. */
  readonly noun: string;
  /** The rules of the options that a call has for it. One that no call asks for anything goes without. */
  readonly callRules?: Rules;
  /** Whether a value is an instance, of this copy of the package or another. */
  isInstance(value: unknown): value is Handle;
  /**
   * Makes one of its own for a policy; `scope` is where the policy's order puts it, when that says so. Throws a TypeError that names the
   * option, the value and the rule.
   */
  make(where: string, options: object, scope: GateInUse['scope'] | undefined): Handle;
  /** Where one has to stand; one that may stand around attempts and calls alike goes without. */
  scopeOf?(handle: Handle): GateInUse['scope'];
  /** Whether a call may wait in its queue. */
  waits?(handle: Handle): boolean;
  /** Whether it lends places to probes, which nobody may hold who does not run. */
  readonly lendsProbes?: boolean | undefined;
  /** Whether policies use one that live by another clock, `leaving` of them aside. One that measures no time may go without. */
  isHeldTo?(handle: Handle, clock: Clock | undefined, leaving: number): boolean;
  /** Why one instance cannot stand before all keys of a keyed policy. Absent where it can. */
  readonly notForAllKeys?: string;
  /** One for each key of a keyed policy, of options as `make` takes them. Default: each key's is made, and taken into use, as a policy's own. */
  forKeys?(where: string, options: object, owner: KeysOwner, scope: GateInUse['scope'] | undefined): GatesOfKeys;
  /** Takes one into use; `options` is the policy's option as it was given. */
  use(handle: Handle, owner: GateOwner, options: object): GateInUse;
}

import type { Clock } from '../model/Clock.js';
import type { GaugeObserver, PolicyTelemetry } from '../telemetry/port/Telemetry.js';
import type { Timeouts } from '../model/Timeouts.js';
import type { Gate } from './Gate.js';

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
  /** The policy uses it no more: told once or more often. */
  release?(): void;
}

/** A kind of gate, as a policy takes it in: the one thing that its folder hands to the list. */
export interface GatePart<Handle extends GateHandle = GateHandle> {
  /** The policy's option: options, an instance, or `false`. */
  readonly option: string;
  /** What one is called in a message. */
  readonly noun: string;
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
  /** Takes one into use; `options` is the policy's option as it was given. */
  use(handle: Handle, owner: GateOwner, options: object): GateInUse;
}

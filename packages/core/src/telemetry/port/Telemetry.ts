import type { Attributes } from '../../model/Attributes.js';
import type { EmittedAttributes } from '../../model/EmittedAttributes.js';
import type { ErrorClass } from '../../model/ErrorClass.js';
import type { EventName } from '../../model/EventName.js';
import type { CallRecorder, SuccessCounter } from './CallRecorder.js';
import type { MetricDefinition } from './semconv.js';

/** Whose calls are told. */
export interface Identity {
  /** `redress.policy`. */
  readonly policy: string;
  /** `redress.library`: another library than redress, whose calls these are. */
  readonly library?: string | undefined;
}

/** Takes what a source reads; `detail` is the value of the metric's attribute beside the one it is named by. */
export interface GaugeObserver {
  observe(metric: MetricDefinition, value: number, detail?: string): void;
}

/** What gauges are read from, when the SDK collects. One that throws is told through `diag`, and what it had read before counts. */
export interface GaugeSource {
  /** Whether it is to have a name of its own as long as there are any: a circuit that is not closed. */
  inNeed?(): boolean;
  /** Reads each gauge once. */
  observe(observer: GaugeObserver): void;
}

/** A kind of thing that has gauges under a name of its own, such as circuits. */
export interface GaugeKind {
  /** The attribute that holds the name. */
  readonly attribute: string;
  /** Rows that one of them takes of a metric, at most. */
  readonly rowsEach: number;
  /** Share of the names that is kept back for those in need. Default 0. */
  readonly keptBack?: number;
  /** What many of them are called. */
  readonly plural: string;
  /** Whether one of them has a name of its own only from when it is in need of it on, out of those kept back: before that it is read into `_other`. */
  readonly onlyInNeed?: boolean;
}

/** A place among the gauges. */
export interface GaugePlace {
  /** Whether it is under its own name. */
  readonly isNamed: boolean;
  /** Its owner is gone: its gauges read 0 from now on; what only rises stays as it was. */
  dispose(): void;
}

/** One policy's telemetry. */
export interface PolicyTelemetry {
  /** `redress.policy`. */
  readonly name: string;
  /** Whose calls these are among those of a keyed policy. */
  readonly key?: string | undefined;
  /** Nobody listens for certain, which one look at a global says: `begin` would give undefined. False says nothing. */
  readonly idle: boolean;
  /** Calls under way: whoever makes calls counts them here, whether anybody listens or not. */
  active: number;
  /** A circuit stands before its calls: what it may tell has rows of 0 from the start. */
  circuit(name: string, observeOnly: boolean): void;
  /** Its retries are paid from a budget, and these classes are retried: what that may tell has rows of 0 from the start. Undefined: without one. */
  budget(classes: readonly ErrorClass[] | undefined): void;
  /** What a success is told to, where counts and durations are all that is wanted; `begin` makes the recorder when the call has more to tell. */
  counter(operation: string): SuccessCounter | undefined;
  /**
   * A call begins. `undefined` when nothing listens: the call then pays this check and no more. `key` is the one it is made for, on its span
   * and its log events alone.
   */
  begin(operation: string, attributes: Attributes | undefined, key?: string): CallRecorder | undefined;
  /** A function outlived its call (1), or one that did has ended (-1). */
  abandoned(delta: 1 | -1): void;
  /** Something happened outside of any call, such as a circuit that was forced open; `facts` as for a call's events. */
  event(name: EventName, facts: Readonly<EmittedAttributes>): void;
  /** The policy is gone: its gauges read 0 from now on. Its counters stay. */
  dispose(): void;
}

/** The telemetry of a process. */
export interface Telemetry {
  /** Registers a policy; its gauges are read from `source`. A later one under the same name takes the gauges over. */
  policy(identity: Identity, source?: GaugeSource): PolicyTelemetry;
  /** Registers what has gauges by itself, with `more` attributes beside its name; of one name, the latest is read. */
  gauges(kind: GaugeKind, name: string, source: GaugeSource, more?: Readonly<EmittedAttributes>): GaugePlace;
  /** Something happened that no policy owns; it is told under `name` as policy and operation. */
  event(name: string, event: EventName, facts: Readonly<EmittedAttributes>): void;
  /** Tells OpenTelemetry's `diag` at level warn; never throws. */
  warn(message: string, cause?: unknown): void;
}

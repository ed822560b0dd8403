import type { Attributes } from '../../model/Attributes.js';
import type { EmittedAttributes } from '../../model/EmittedAttributes.js';
import type { ErrorClass } from '../../model/ErrorClass.js';
import type { EventName } from '../../model/EventName.js';
import type { CallRecorder, SuccessCounter } from '../port/CallRecorder.js';
import { ATTR_REDRESS_POLICY, METRIC_REDRESS_ACTIVE_CALLS, METRIC_REDRESS_ATTEMPT_ABANDONED } from '../port/semconv.js';
import type { GaugeKind, GaugeObserver, GaugePlace, GaugeSource, Identity, PolicyTelemetry } from '../port/Telemetry.js';
import type { Destinations } from './Destinations.js';
import { OperationIdentity } from './OperationIdentity.js';
import { OtelCallRecorder } from './spans/OtelCallRecorder.js';

/** Policies have one row of each gauge. */
export const POLICIES: GaugeKind = { attribute: ATTR_REDRESS_POLICY, rowsEach: 1, plural: 'policies' };

/** Where a policy's telemetry goes, which may change from one call to the next: the hub, as a policy sees it, so that the two make no circle. */
export interface DestinationSource {
  readonly idle: boolean;
  destinations(): Destinations | undefined;
}

/** One policy's telemetry, told through OpenTelemetry. */
export class PolicyRecorder implements PolicyTelemetry, GaugeSource {
  /** That of the last call: most policies have one operation, or one for a while. */
  private recent: OperationIdentity | undefined;
  private readonly known = new Map<string, OperationIdentity>();
  active = 0;
  private running = 0;
  /** Whether each circuit only observes. */
  private readonly circuits = new Map<string, boolean>();
  private retried: readonly ErrorClass[] = [];
  private place: GaugePlace | undefined;

  constructor(
    private readonly identity: Identity,
    private readonly hub: DestinationSource,
    private readonly source: GaugeSource | undefined,
  ) {}

  get name(): string {
    return this.identity.policy;
  }

  get idle(): boolean {
    return this.hub.idle;
  }

  /** Where its gauges are. */
  takePlace(place: GaugePlace): this {
    this.place = place;
    return this;
  }

  observe(observer: GaugeObserver): void {
    observer.observe(METRIC_REDRESS_ACTIVE_CALLS, Math.max(0, this.active));
    observer.observe(METRIC_REDRESS_ATTEMPT_ABANDONED, this.running);
    this.source?.observe(observer);
  }

  circuit(name: string, observeOnly: boolean): void {
    this.circuits.set(name, observeOnly);
    this.expectAnew();
  }

  budget(classes: readonly ErrorClass[] | undefined): void {
    this.retried = classes ?? [];
    this.expectAnew();
  }

  counter(operation: string): SuccessCounter | undefined {
    const destinations = this.hub.destinations();
    return destinations?.countsOnly === true ? this.operation(destinations, operation) : undefined;
  }

  begin(operation: string, attributes: Attributes | undefined, key?: string): CallRecorder | undefined {
    const destinations = this.hub.destinations();
    if (destinations === undefined) return undefined;
    try {
      return new OtelCallRecorder(this.operation(destinations, operation), attributes, key);
    } catch (error) {
      destinations.diagnostics.warnOnce('beginning a call threw', error);
      return undefined;
    }
  }

  abandoned(delta: 1 | -1): void {
    this.running += delta;
  }

  event(name: EventName, facts: Readonly<EmittedAttributes>): void {
    const destinations = this.hub.destinations();
    // Of no call: an operation that nobody calls has nothing to expect.
    if (destinations !== undefined)
      new OperationIdentity(destinations, this.identity, this.name, undefined).tell(name, 0, facts, undefined);
  }

  dispose(): void {
    this.place?.dispose();
  }

  private expectAnew(): void {
    this.recent = undefined;
    this.known.clear();
  }

  private operation(destinations: Destinations, operation: string): OperationIdentity {
    const { recent } = this;
    if (recent !== undefined && recent.destinations === destinations && recent.given === operation) return recent;
    if (recent !== undefined && recent.destinations !== destinations) this.known.clear();
    let found = this.known.get(operation);
    if (found === undefined) {
      found = new OperationIdentity(destinations, this.identity, operation, { circuits: [...this.circuits], retried: this.retried });
      // Bounded like the rows: an operation made of ids must not be kept for ever.
      if (this.known.size < destinations.config.limits.maxOperations) this.known.set(operation, found);
    }
    this.recent = found;
    return found;
  }
}

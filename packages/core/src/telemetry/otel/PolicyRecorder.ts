import type { Attributes } from '../../model/Attributes.js';
import type { CallRecorder, TransitionFacts } from '../port/CallRecorder.js';
import { CallSeries } from './OperationIdentity.js';
import type { Environment } from './Destinations.js';
import { LiveCall } from './spans/OtelCallRecorder.js';
import type { PolicyGauges } from './metrics/PolicyBoard.js';
import type { PolicyTelemetry } from './PolicyTelemetry.js';
import type { TelemetryHub } from './TelemetryHub.js';

/** The one implementation of PolicyTelemetry. */
export class LivePolicy implements PolicyTelemetry {
  /** The series of the last call: most policies have one operation, or one for a while. */
  private recent: CallSeries | undefined;
  private readonly known = new Map<string, CallSeries>();

  constructor(
    readonly name: string,
    private readonly hub: TelemetryHub,
    private readonly gauges: PolicyGauges,
  ) {}

  begin(operation: string, attributes: Attributes | undefined): CallRecorder | undefined {
    const environment = this.hub.environment();
    if (environment === undefined) return undefined;
    try {
      const series = this.series(environment, operation);
      return new LiveCall(series, attributes);
    } catch (error) {
      environment.diagnostics.warnOnce('beginning a call threw', error);
      return undefined;
    }
  }

  abandoned(delta: 1 | -1): void {
    this.gauges.abandoned(delta);
  }

  transition(transition: TransitionFacts, circuitName: string): void {
    const environment = this.hub.environment();
    if (environment === undefined) return;
    this.series(environment, this.name).transition(transition, circuitName, 0, undefined);
  }

  dispose(): void {
    this.gauges.dispose();
  }

  private series(environment: Environment, operation: string): CallSeries {
    const { recent } = this;
    if (recent !== undefined && recent.environment === environment && recent.operation === operation) return recent;
    if (recent !== undefined && recent.environment !== environment) this.known.clear();
    let series = this.known.get(operation);
    if (series === undefined) {
      series = new CallSeries(environment, this.name, operation);
      // Bounded like the rows: an operation made of ids must not be kept for ever.
      if (this.known.size < environment.config.limits.maxOperations) this.known.set(operation, series);
    }
    this.recent = series;
    return series;
  }
}

import type { BatchObservableResult, Context, Histogram, Meter, MeterProvider, Observable } from '@opentelemetry/api';
import type { EmittedAttributes } from '../../../model/EmittedAttributes.js';
import { METRIC_REDRESS_ATTEMPT_DURATION, METRIC_REDRESS_RETRY_DURATION, METRICS, type MetricDefinition } from '../../port/semconv.js';
import type { Limits } from '../config.js';
import type { Diagnostics } from '../Diagnostics.js';
import { SCOPE_NAME, SCOPE_VERSION } from '../scope.js';
import { Counters } from './Counters.js';
import type { Gauges } from './Gauges.js';

/** Seconds: from a cache's 1 ms to the longest default of two timeouts in a row. */
const DURATION_BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** By the metric's name, since another copy of core has definitions of its own. */
type Instruments = ReadonlyMap<string, Observable>;

/**
 * The metrics of one meter provider: an instrument for each metric of the registry that is read at collection, and tables that started at
 * zero with it. Counters are observed from the tables, because one synchronous `add` costs 0.5 to 1.2 µs in the SDK; a call records one
 * histogram sample.
 */
export class MetricPipeline {
  readonly counters: Counters;
  private readonly callDuration: Histogram;
  private attemptDurations: Histogram | undefined;
  private registered = false;
  private ending = false;
  private gaugesSeen = false;

  private constructor(
    private readonly meter: Meter,
    private readonly instruments: Instruments,
    private readonly gauges: Gauges,
    limits: Limits,
    private readonly diagnostics: Diagnostics,
  ) {
    this.counters = new Counters(limits, diagnostics);
    this.callDuration = histogram(meter, METRIC_REDRESS_RETRY_DURATION);
  }

  /** Undefined for a no-op provider, one that throws included. */
  static of(provider: MeterProvider, gauges: Gauges, limits: Limits, diagnostics: Diagnostics): MetricPipeline | undefined {
    try {
      const meter = provider.getMeter(SCOPE_NAME, SCOPE_VERSION);
      const observed = METRICS.filter(({ async }) => async);
      const instruments = new Map(observed.map((metric) => [metric.name, observable(meter, metric)]));
      // A no-op meter, of whichever copy of the API, hands out one instrument for every counter.
      const counters = observed.filter(({ instrument }) => instrument === 'counter').map(({ name }) => instruments.get(name));
      return new Set(counters).size === 1 ? undefined : new MetricPipeline(meter, instruments, gauges, limits, diagnostics);
    } catch (error) {
      diagnostics.warnOnce('making metric instruments threw', error);
      return undefined;
    }
  }

  start(): void {
    this.ending = false;
    if (this.registered) return;
    this.registered = true;
    try {
      this.meter.addBatchObservableCallback(this.collect, [...this.instruments.values()]);
    } catch (error) {
      this.diagnostics.warnOnce('registering a metric callback threw', error);
    }
  }

  /**
   * Nothing more is counted here. One more collection is answered, with what was counted since the last one and with gauges of 0:
   * the SDK goes on exporting what was observed last, and a circuit must not stay open on a dashboard for ever.
   */
  stop(): void {
    this.ending = true;
  }

  recordCall(seconds: number, attributes: Readonly<EmittedAttributes>, context: Context | undefined): void {
    try {
      this.callDuration.record(seconds, attributes, context);
    } catch (error) {
      this.diagnostics.warnOnce('recording a duration threw', error);
    }
  }

  recordAttempt(seconds: number, attributes: Readonly<EmittedAttributes>, context: Context | undefined): void {
    try {
      this.attemptDurations ??= histogram(this.meter, METRIC_REDRESS_ATTEMPT_DURATION);
      this.attemptDurations.record(seconds, attributes, context);
    } catch (error) {
      this.diagnostics.warnOnce('recording a duration threw', error);
    }
  }

  private readonly collect = (result: BatchObservableResult): void => {
    const observe = (metric: MetricDefinition, value: number, attributes: Readonly<EmittedAttributes>): void => {
      const instrument = this.instruments.get(metric.name);
      if (instrument !== undefined && Number.isFinite(value)) result.observe(instrument, value, attributes);
    };
    for (const { metric, rows } of this.counters.observed) for (const { value, attributes } of rows) observe(metric, value, attributes);
    // Gauges that were never seen need not be told to be over.
    if (this.gaugesSeen || !this.ending) {
      this.gaugesSeen = true;
      this.gauges.observe((metric, value, attributes) =>
        observe(metric, this.ending && metric.instrument !== 'counter' ? 0 : value, attributes),
      );
    }
    // Later, for the SDK is going through its list of callbacks now.
    if (this.ending) queueMicrotask(this.remove);
  };

  private readonly remove = (): void => {
    if (!this.ending || !this.registered) return;
    this.registered = false;
    try {
      this.meter.removeBatchObservableCallback(this.collect, [...this.instruments.values()]);
    } catch (error) {
      this.diagnostics.warnOnce('removing a metric callback threw', error);
    }
  };
}

function observable(meter: Meter, { name, instrument, unit, description }: MetricDefinition): Observable {
  const options = { unit, description };
  switch (instrument) {
    case 'counter':
      return meter.createObservableCounter(name, options);
    case 'updowncounter':
      return meter.createObservableUpDownCounter(name, options);
    default:
      return meter.createObservableGauge(name, options);
  }
}

function histogram(meter: Meter, { name, unit, description }: MetricDefinition): Histogram {
  return meter.createHistogram(name, { unit, description, advice: { explicitBucketBoundaries: DURATION_BOUNDS } });
}

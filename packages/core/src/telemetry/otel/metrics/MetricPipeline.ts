import type {
  BatchObservableResult,
  Context,
  Histogram,
  Meter,
  MeterProvider,
  Observable,
  ObservableCounter,
  ObservableGauge,
  ObservableUpDownCounter,
} from '@opentelemetry/api';
import type { CircuitBoard, CircuitObserver } from './CircuitBoard.js';
import type { Diagnostics } from '../Diagnostics.js';
import { MetricTables } from './Counters.js';
import type { PolicyBoard, PolicyObserver } from './PolicyBoard.js';
import type { Limits } from '../ResolvedConfig.js';
import type { EmittedAttributes, RowTable } from './CounterRows.js';
import {
  METRIC_REDRESS_ATTEMPTS,
  METRIC_REDRESS_ATTEMPT_ABANDONED,
  METRIC_REDRESS_ATTEMPT_DURATION,
  METRIC_REDRESS_BACKOFF_TIME,
  METRIC_REDRESS_CIRCUIT_FAILURE_RATE,
  METRIC_REDRESS_CIRCUIT_STATE,
  METRIC_REDRESS_CIRCUIT_TIME_IN_STATE,
  METRIC_REDRESS_EVENTS,
  METRIC_REDRESS_RETRIES,
  METRIC_REDRESS_RETRY_BUDGET,
  METRIC_REDRESS_RETRY_DURATION,
  METRIC_REDRESS_RETRY_SUCCESS_AFTER_RETRIES,
  type MetricDefinition,
} from '../../semconv.js';
import { SCOPE_NAME, SCOPE_VERSION } from '../scope.js';

/** Seconds: from a cache's 1 ms to the longest default of two timeouts in a row. */
const DURATION_BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** What a pipeline reads when the SDK collects. */
export interface Boards {
  readonly circuits: CircuitBoard;
  readonly policies: PolicyBoard;
}

interface Instruments {
  readonly events: ObservableCounter;
  readonly attempts: ObservableCounter;
  readonly retries: ObservableCounter;
  readonly rescues: ObservableCounter;
  readonly backoff: ObservableCounter;
  readonly circuitState: ObservableGauge;
  readonly timeInState: ObservableCounter;
  readonly failureRate: ObservableGauge;
  readonly budget: ObservableGauge;
  readonly abandoned: ObservableUpDownCounter;
}

/**
 * The metrics of one meter provider: its instruments, and tables that started at zero with it.
 * Counters are observed from the tables, because one synchronous `add` costs 0.5 to 1.2 µs in the SDK; a call records one histogram sample.
 */
export class MetricPipeline implements CircuitObserver, PolicyObserver {
  readonly tables: MetricTables;
  private readonly callDuration: Histogram;
  private attemptDurations: Histogram | undefined;
  private result: BatchObservableResult | undefined;
  private registered = false;
  private ending = false;
  private gaugesSeen = false;

  private constructor(
    private readonly meter: Meter,
    private readonly instruments: Instruments,
    private readonly boards: Boards,
    limits: Limits,
    private readonly diagnostics: Diagnostics,
  ) {
    this.tables = new MetricTables(limits, diagnostics);
    this.callDuration = meter.createHistogram(METRIC_REDRESS_RETRY_DURATION.name, withBounds(METRIC_REDRESS_RETRY_DURATION));
  }

  /** Undefined for a no-op provider, one that throws included. */
  static of(provider: MeterProvider, boards: Boards, limits: Limits, diagnostics: Diagnostics): MetricPipeline | undefined {
    try {
      const meter = provider.getMeter(SCOPE_NAME, SCOPE_VERSION);
      const events = counter(meter, METRIC_REDRESS_EVENTS);
      const attempts = counter(meter, METRIC_REDRESS_ATTEMPTS);
      // A no-op meter, of whichever copy of the API, hands out one instrument for every name.
      if (events === attempts) return undefined;
      const instruments: Instruments = {
        events,
        attempts,
        retries: counter(meter, METRIC_REDRESS_RETRIES),
        rescues: counter(meter, METRIC_REDRESS_RETRY_SUCCESS_AFTER_RETRIES),
        backoff: counter(meter, METRIC_REDRESS_BACKOFF_TIME),
        circuitState: gauge(meter, METRIC_REDRESS_CIRCUIT_STATE),
        timeInState: counter(meter, METRIC_REDRESS_CIRCUIT_TIME_IN_STATE),
        failureRate: gauge(meter, METRIC_REDRESS_CIRCUIT_FAILURE_RATE),
        budget: gauge(meter, METRIC_REDRESS_RETRY_BUDGET),
        abandoned: meter.createObservableUpDownCounter(METRIC_REDRESS_ATTEMPT_ABANDONED.name, METRIC_REDRESS_ATTEMPT_ABANDONED),
      };
      return new MetricPipeline(meter, instruments, boards, limits, diagnostics);
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
      this.meter.addBatchObservableCallback(this.collect, this.observables());
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
      this.attemptDurations ??= this.meter.createHistogram(
        METRIC_REDRESS_ATTEMPT_DURATION.name,
        withBounds(METRIC_REDRESS_ATTEMPT_DURATION),
      );
      this.attemptDurations.record(seconds, attributes, context);
    } catch (error) {
      this.diagnostics.warnOnce('recording a duration threw', error);
    }
  }

  state(value: number, attributes: Readonly<EmittedAttributes>): void {
    this.result?.observe(this.instruments.circuitState, this.ending ? 0 : value, attributes);
  }

  timeInState(seconds: number, attributes: Readonly<EmittedAttributes>): void {
    this.result?.observe(this.instruments.timeInState, seconds, attributes);
  }

  failureRate(value: number, attributes: Readonly<EmittedAttributes>): void {
    this.result?.observe(this.instruments.failureRate, this.ending ? 0 : value, attributes);
  }

  budget(retries: number, attributes: Readonly<EmittedAttributes>): void {
    this.result?.observe(this.instruments.budget, this.ending ? 0 : retries, attributes);
  }

  abandoned(attempts: number, attributes: Readonly<EmittedAttributes>): void {
    this.result?.observe(this.instruments.abandoned, this.ending ? 0 : attempts, attributes);
  }

  private observables(): Observable[] {
    return Object.values(this.instruments);
  }

  private readonly collect = (result: BatchObservableResult): void => {
    const { tables, instruments } = this;
    observeTable(result, instruments.events, tables.events);
    observeTable(result, instruments.attempts, tables.attempts);
    observeTable(result, instruments.retries, tables.retries);
    observeTable(result, instruments.rescues, tables.rescues);
    observeTable(result, instruments.backoff, tables.backoff);
    // Gauges that were never seen need not be told to be over.
    if (this.gaugesSeen || !this.ending) {
      this.gaugesSeen = true;
      this.result = result;
      try {
        this.boards.circuits.observe(this);
        this.boards.policies.observe(this);
      } finally {
        this.result = undefined;
      }
    }
    // Later, for the SDK is going through its list of callbacks now.
    if (this.ending) queueMicrotask(this.remove);
  };

  private readonly remove = (): void => {
    if (!this.ending || !this.registered) return;
    this.registered = false;
    try {
      this.meter.removeBatchObservableCallback(this.collect, this.observables());
    } catch (error) {
      this.diagnostics.warnOnce('removing a metric callback threw', error);
    }
  };
}

function observeTable(result: BatchObservableResult, instrument: ObservableCounter, table: RowTable): void {
  for (const row of table.rows) result.observe(instrument, row.value, row.attributes);
}

function counter(meter: Meter, metric: MetricDefinition): ObservableCounter {
  return meter.createObservableCounter(metric.name, metric);
}

function gauge(meter: Meter, metric: MetricDefinition): ObservableGauge {
  return meter.createObservableGauge(metric.name, metric);
}

function withBounds({ unit, description }: MetricDefinition) {
  return { unit, description, advice: { explicitBucketBoundaries: DURATION_BOUNDS } };
}

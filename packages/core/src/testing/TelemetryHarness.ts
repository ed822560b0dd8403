import type { Attributes, TracerProvider } from '@opentelemetry/api';
import { REGISTRY } from './semconv.registry.js';
import type { TelemetryConfig } from '../telemetry/otel/TelemetryConfig.js';
import { telemetry } from '../telemetry/otel/install.js';
import { CallExpectation } from './CallExpectation.js';
import { type Conserved, conserve } from './conserve.js';
import { describeSeries, describeSpans } from './describeSpans.js';
import type { EmittedHistogram, EmittedLog, EmittedNumber, EmittedSeries, EmittedSpan } from './Emitted.js';
import type { InMemorySdk } from './InMemorySdk.js';
import { carries, seriesSince } from './seriesSince.js';
import { TelemetryAssertionError } from './TelemetryAssertionError.js';

/** What redress emitted, and sentences about it. Made by `inMemoryTelemetry()`. */
export class TelemetryHarness {
  private readonly sdk: InMemorySdk;
  private readonly config: TelemetryConfig;
  private readonly unbind: () => void;
  private giveBackContext: () => void;
  private before: readonly EmittedSeries[] = [];
  private last: readonly EmittedSeries[] | undefined;

  /** Binds core to the SDK. `giveBackContext` is called by {@link shutdown}. */
  constructor(sdk: InMemorySdk, config: TelemetryConfig, giveBackContext: () => void) {
    this.sdk = sdk;
    this.config = config;
    this.giveBackContext = giveBackContext;
    const { tracerProvider, meterProvider, logSink } = sdk;
    this.unbind = telemetry().bind({ tracerProvider, meterProvider, logSink, config });
  }

  /** For spans of a test's own, around a call or inside its function. */
  get tracerProvider(): TracerProvider {
    return this.sdk.tracerProvider;
  }

  /** Every span that ended, in that order: those of calls, and a test's own. */
  spans(): readonly EmittedSpan[] {
    return this.sdk.spans();
  }

  /** Spans of calls, of this operation when one is given. */
  calls(operation?: string): readonly EmittedSpan[] {
    return this.spans().filter(({ attributes }) => {
      return 'redress.outcome' in attributes && (operation === undefined || attributes['operation'] === operation);
    });
  }

  /** One series for each set of attributes; counters and histograms since the harness began, or since {@link reset}. */
  async metrics(): Promise<readonly EmittedSeries[]> {
    return this.last ?? seriesSince(await this.sdk.series(), this.before);
  }

  /** Log records, in the order they were emitted. */
  logs(): readonly EmittedLog[] {
    return this.sdk.logs();
  }

  /** There was exactly one call (of this operation): what it was like is said by what comes back. */
  expectOneCall(operation?: string): CallExpectation {
    const [call] = this.spansOf(1, operation);
    if (call === undefined) throw new RangeError('one call is not there');
    return new CallExpectation(call);
  }

  /** There were so many calls (of this operation): one expectation for each, in the order they ended. */
  expectCalls(count: number, operation?: string): readonly CallExpectation[] {
    return this.spansOf(count, operation).map((span) => new CallExpectation(span));
  }

  /** There was no call (of this operation). */
  expectNoCall(operation?: string): void {
    this.spansOf(0, operation);
  }

  /**
   * The sum over a counter's series that have these attributes (and any others), 0 when there are none; durations in seconds.
   * Throws a RangeError for a name that redress has no counter of.
   */
  async counter(name: string, attributes: Attributes = {}): Promise<number> {
    const found = await this.series(name, 'counter', attributes);
    return found.reduce((sum, one) => sum + (isNumber(one) ? one.value : 0), 0);
  }

  /**
   * The value of the one series of a gauge or up-down counter that has these attributes.
   * Throws a TelemetryAssertionError when none or several have, a RangeError for a name that redress has no gauge of.
   */
  async gauge(name: string, attributes: Attributes = {}): Promise<number> {
    const found = (await this.series(name, 'gauge', attributes)).filter(isNumber);
    const [one] = found;
    if (one !== undefined && found.length === 1) return one.value;
    const all = (await this.metrics()).filter((series) => series.name === name);
    throw new TelemetryAssertionError(
      `expected one series of ${name} with ${JSON.stringify(attributes)}`,
      1,
      found.length,
      describeSeries(all),
    );
  }

  /**
   * Samples, and their sum in seconds, over a histogram's series that have these attributes.
   * Throws a RangeError for a name that redress has no histogram of.
   */
  async histogram(name: string, attributes: Attributes = {}): Promise<{ readonly count: number; readonly sum: number }> {
    const found = (await this.series(name, 'histogram', attributes)).filter(isHistogram);
    return found.reduce((total, one) => ({ count: total.count + one.count, sum: total.sum + one.sum }), { count: 0, sum: 0 });
  }

  /**
   * The sums over all series equal what happened, by the spans: calls by outcome, attempts, retries, rescues, events. To be asked when
   * no call runs. Throws an Error unless every call gets a span with its events (`spans: 'always'`, `spanEvents: true`).
   */
  async conserve(): Promise<Conserved> {
    const { spans = 'always', spanEvents = true } = this.config;
    if (spans !== 'always' || !spanEvents)
      throw new Error(`conserve needs spans 'always' and spanEvents true, not '${spans}' and ${spanEvents}`);
    return conserve(this.calls(), await this.metrics());
  }

  /** Forgets what was emitted so far; counters and histograms count from here. */
  async reset(): Promise<void> {
    this.before = this.last ?? (await this.sdk.series());
    if (this.last !== undefined) this.last = [];
    this.sdk.forget();
  }

  /** Takes the binding back and keeps what there is: another harness begins. */
  async hold(): Promise<void> {
    this.last ??= await this.metrics();
    this.unbind();
  }

  /** Takes the binding back, after which core is silent until something else binds it. What was emitted can still be asked for. */
  async shutdown(): Promise<void> {
    await this.hold();
    const giveBack = this.giveBackContext;
    this.giveBackContext = () => undefined;
    giveBack();
  }

  private spansOf(count: number, operation: string | undefined): readonly EmittedSpan[] {
    const calls = this.calls(operation);
    if (calls.length === count) return calls;
    const which = operation === undefined ? '' : ` of ${operation}`;
    const what = `${count === 0 ? 'no' : count} call${count === 1 ? '' : 's'}${which}`;
    throw new TelemetryAssertionError(`expected ${what}, not ${calls.length}`, count, calls.length, describeSpans(this.calls()));
  }

  private async series(name: string, kind: 'counter' | 'gauge' | 'histogram', attributes: Attributes): Promise<readonly EmittedSeries[]> {
    const known = REGISTRY.metrics.filter(({ instrument }) => kindOf(instrument) === kind).map((metric) => metric.name);
    if (!known.includes(name)) throw new RangeError(`redress has no ${kind} ${name}; it has ${known.join(', ')}`);
    return (await this.metrics()).filter((series) => series.name === name && carries(series.attributes, attributes));
  }
}

function kindOf(instrument: string): string {
  return instrument === 'updowncounter' ? 'gauge' : instrument;
}

function isNumber(series: EmittedSeries): series is EmittedNumber {
  return series.kind !== 'histogram';
}

function isHistogram(series: EmittedSeries): series is EmittedHistogram {
  return series.kind === 'histogram';
}

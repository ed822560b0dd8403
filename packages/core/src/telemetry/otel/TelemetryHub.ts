import type { MeterProvider, Tracer, TracerProvider } from '@opentelemetry/api';
import type { EmittedAttributes } from '../../model/EmittedAttributes.js';
import type { EventName } from '../../model/EventName.js';
import { hasOlderCopy } from '../port/processSlot.js';
import { ATTR_REDRESS_LIBRARY } from '../port/semconv.js';
import type { GaugeKind, GaugePlace, GaugeSource, Identity, PolicyTelemetry } from '../port/Telemetry.js';
import { type Limits, type ResolvedConfig, resolveConfig } from './config.js';
import { Destinations } from './Destinations.js';
import { Diagnostics } from './Diagnostics.js';
import { FirstRefusals } from './FirstRefusals.js';
import type { LogSink } from './LogSink.js';
import { Gauges } from './metrics/Gauges.js';
import { MetricPipeline } from './metrics/MetricPipeline.js';
import { OperationIdentity } from './OperationIdentity.js';
import type { OtelTelemetry, TelemetryBinding } from './OtelTelemetry.js';
import { type DestinationSource, POLICIES, PolicyRecorder } from './PolicyRecorder.js';
import { ProcessTime } from './ProcessTime.js';
import { ProviderWatch } from './ProviderWatch.js';
import {
  globalLoggers,
  globalMeters,
  globalTracers,
  isNoopTracer,
  isNoopTracerProvider,
  isProxyLoggerProvider,
  registeredApis,
  tracersBehind,
} from './providers.js';
import { SCOPE_NAME, SCOPE_VERSION } from './scope.js';
import { properName } from '../../model/properName.js';

type Loggers = ReturnType<typeof globalLoggers>;

/**
 * The telemetry of a process, told through OpenTelemetry. It finds the real providers, and finds them anew when they change:
 * meters are not proxied, so an instrument made before the SDK started would be dead for ever.
 */
export class TelemetryHub implements OtelTelemetry, DestinationSource {
  private readonly diagnostics = new Diagnostics();
  private readonly limits: Limits;
  private readonly boards: Gauges;
  private readonly refusals = new FirstRefusals();
  private readonly time = new ProcessTime();
  /** Per provider, so that counters go on when one comes back. `undefined` for a no-op. */
  private readonly pipelines = new WeakMap<MeterProvider, MetricPipeline | 'noop'>();

  private binding: TelemetryBinding | undefined = {};
  private config: ResolvedConfig;
  private current: Destinations | undefined;
  private pipeline: MetricPipeline | undefined;

  private readonly watch = new ProviderWatch();
  private stale = true;
  private seenTracers: TracerProvider | undefined;
  private seenMeters: MeterProvider | undefined;
  private seenLoggers: Loggers;
  /** What a bound tracer provider was when it was last found to be a no-op. */
  private idleTracers: TracerProvider | undefined;
  private boundMetersAreReal = false;

  constructor() {
    this.config = resolveConfig({}, this.diagnostics);
    this.limits = { ...this.config.limits };
    this.boards = new Gauges(this.limits, this.diagnostics);
  }

  policy(given: Identity, source?: GaugeSource): PolicyTelemetry {
    const identity = { ...given, policy: properName(given.policy) };
    const { policy, library } = identity;
    const recorder = new PolicyRecorder(identity, this, source);
    recorder.takePlace(
      this.boards.add(POLICIES, policy, recorder, library === undefined ? undefined : { [ATTR_REDRESS_LIBRARY]: library }),
    );
    this.destinations();
    this.tellOfOlderCopy();
    return recorder;
  }

  gauges(kind: GaugeKind, name: string, source: GaugeSource, more?: Readonly<EmittedAttributes>): GaugePlace {
    const place = this.boards.add(kind, properName(name), source, more);
    this.destinations();
    this.tellOfOlderCopy();
    return place;
  }

  event(name: string, event: EventName, facts: Readonly<EmittedAttributes>): void {
    const destinations = this.destinations();
    if (destinations !== undefined)
      new OperationIdentity(destinations, { policy: properName(name) }, name, undefined).tell(event, 0, facts, undefined);
  }

  bind(binding: TelemetryBinding): () => void {
    this.rebind(binding);
    return () => {
      if (this.binding === binding) this.rebind(undefined);
    };
  }

  warn(message: string, cause?: unknown): void {
    this.diagnostics.warn(message, cause);
  }

  /** Nobody listens for certain: nothing was ever registered or bound. False says nothing. */
  get idle(): boolean {
    return this.watch.idle && registeredApis() === undefined;
  }

  /** Where telemetry goes now; undefined when nothing listens. Asked by every call, so it compares identities and no more. */
  destinations(): Destinations | undefined {
    if (this.binding === undefined) return undefined;
    try {
      if (this.stale || this.watch.changed) this.lookAgain(this.binding);
    } catch (error) {
      this.diagnostics.warnOnce('looking for a provider threw', error);
    }
    return this.current;
  }

  private lookAgain(binding: TelemetryBinding): void {
    const tracers = this.tracersNow();
    const meters = this.boundMetersAreReal ? this.seenMeters : globalMeters();
    const loggers = globalLoggers();
    if (this.stale || tracers !== this.seenTracers || meters !== this.seenMeters || loggers !== this.seenLoggers) {
      this.resolve(binding, tracers, meters, loggers);
    }
    this.watch.look(binding.tracerProvider, this.current === undefined);
  }

  /** Looked at again with each policy and circuit, since the other copy may come to work later. */
  private tellOfOlderCopy(): void {
    if (hasOlderCopy())
      this.diagnostics.warnOnce(
        'another copy of @redress/core, older than 0.2, is loaded too: each tells its own calls, and registries, circuits and budgets are not shared between the two',
      );
  }

  private rebind(binding: TelemetryBinding | undefined): void {
    this.binding = binding?.enabled === false ? undefined : binding;
    this.stale = true;
    this.watch.idle = false;
    this.diagnostics.forget();
    this.idleTracers = undefined;
    this.boundMetersAreReal = false;
    if (this.binding === undefined) {
      this.current = undefined;
      this.listenWith(undefined);
      return;
    }
    this.config = resolveConfig(this.binding.config ?? {}, this.diagnostics);
    Object.assign(this.limits, this.config.limits);
    this.destinations();
  }

  private tracersNow(): TracerProvider {
    const bound = this.binding?.tracerProvider;
    if (bound !== undefined) {
      const behind = tracersBehind(bound);
      if (behind !== this.idleTracers) return behind;
    }
    return tracersBehind(globalTracers());
  }

  private resolve(binding: TelemetryBinding, tracers: TracerProvider, meters: MeterProvider | undefined, loggers: Loggers): void {
    this.stale = false;
    let provider = tracers;
    if (binding.tracerProvider !== undefined && isNoopTracerProvider(provider)) {
      this.idleTracers = provider;
      provider = tracersBehind(globalTracers());
    }
    const boundMeters = binding.meterProvider;
    const boundPipeline = boundMeters === undefined ? undefined : this.pipelineOf(boundMeters);
    this.boundMetersAreReal = boundPipeline !== undefined;
    this.seenTracers = provider;
    this.seenMeters = boundPipeline === undefined ? meters : boundMeters;
    this.seenLoggers = loggers;

    const tracer = this.tracerOf(provider);
    const pipeline = boundPipeline ?? (meters === undefined ? undefined : this.pipelineOf(meters));
    const logs = this.sinkOf(binding, loggers);
    this.listenWith(pipeline);
    const nothing = tracer === undefined && pipeline === undefined && logs === undefined;
    this.current = nothing
      ? undefined
      : new Destinations(this.config, this.diagnostics, !isNoopTracerProvider(provider), tracer, pipeline, logs, this.refusals, this.time);
  }

  private tracerOf(provider: TracerProvider): Tracer | undefined {
    if (this.config.spans === 'never' || isNoopTracerProvider(provider)) return undefined;
    try {
      const tracer = provider.getTracer(SCOPE_NAME, SCOPE_VERSION);
      return isNoopTracer(tracer) ? undefined : tracer;
    } catch (error) {
      this.diagnostics.warnOnce('making a tracer threw', error);
      return undefined;
    }
  }

  private sinkOf(binding: TelemetryBinding, loggers: Loggers): LogSink | undefined {
    if (this.config.logSeverity === Number.POSITIVE_INFINITY && !this.config.logSuccess) return undefined;
    if (binding.logSink !== undefined) return binding.logSink;
    if (loggers === undefined || isProxyLoggerProvider(loggers)) return undefined;
    try {
      return loggers.getLogger(SCOPE_NAME, SCOPE_VERSION);
    } catch (error) {
      this.diagnostics.warnOnce('making a logger threw', error);
      return undefined;
    }
  }

  private pipelineOf(provider: MeterProvider): MetricPipeline | undefined {
    let pipeline = this.pipelines.get(provider);
    if (pipeline === undefined) {
      pipeline = MetricPipeline.of(provider, this.boards, this.limits, this.diagnostics) ?? 'noop';
      this.pipelines.set(provider, pipeline);
    }
    return pipeline === 'noop' ? undefined : pipeline;
  }

  private listenWith(pipeline: MetricPipeline | undefined): void {
    if (pipeline === this.pipeline) return;
    this.pipeline?.stop();
    this.pipeline = pipeline;
    pipeline?.start();
  }
}

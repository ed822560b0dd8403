import type { MeterProvider, Tracer, TracerProvider } from '@opentelemetry/api';
import type { TransitionFacts } from '../port/CallRecorder.js';
import { CallSeries } from './OperationIdentity.js';
import { CircuitBoard } from './metrics/CircuitBoard.js';
import type { CircuitSource, CircuitTelemetry } from './CircuitTelemetry.js';
import { Diagnostics } from './Diagnostics.js';
import { Environment } from './Destinations.js';
import { LivePolicy } from './PolicyRecorder.js';
import type { LogSink } from './LogSink.js';
import { MetricPipeline } from './metrics/MetricPipeline.js';
import { PolicyBoard } from './metrics/PolicyBoard.js';
import type { PolicySources, PolicyTelemetry } from './PolicyTelemetry.js';
import { ProviderWatch } from './ProviderWatch.js';
import {
  globalLoggers,
  globalMeters,
  globalTracers,
  isNoopTracer,
  isNoopTracerProvider,
  isProxyLoggerProvider,
  tracersBehind,
} from './providers.js';
import { type Limits, type ResolvedConfig, resolveConfig } from './ResolvedConfig.js';
import { SCOPE_NAME, SCOPE_VERSION } from './scope.js';
import type { Telemetry, TelemetryBinding } from './Telemetry.js';

type Loggers = ReturnType<typeof globalLoggers>;

/**
 * The one implementation of Telemetry. It finds the real providers, and finds them anew when they change:
 * meters are not proxied, so an instrument made before the SDK started would be dead for ever.
 */
export class TelemetryHub implements Telemetry {
  private readonly diagnostics = new Diagnostics();
  private readonly limits: Limits;
  private readonly circuits: CircuitBoard;
  private readonly policies: PolicyBoard;
  /** Per provider, so that counters go on when one comes back. `undefined` for a no-op. */
  private readonly pipelines = new WeakMap<MeterProvider, MetricPipeline | 'noop'>();

  private binding: TelemetryBinding | undefined = {};
  private config: ResolvedConfig;
  private current: Environment | undefined;
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
    this.circuits = new CircuitBoard(this.limits, this.diagnostics);
    this.policies = new PolicyBoard(this.limits, this.diagnostics);
  }

  policy(name: string, sources: PolicySources): PolicyTelemetry {
    const policy = new LivePolicy(name, this, this.policies.add(name, sources));
    this.environment();
    return policy;
  }

  circuit(source: CircuitSource): CircuitTelemetry {
    const circuit = this.circuits.add(source);
    this.environment();
    return circuit;
  }

  transition(transition: TransitionFacts, circuitName: string): void {
    const environment = this.environment();
    if (environment !== undefined) new CallSeries(environment, circuitName, circuitName).transition(transition, circuitName, 0, undefined);
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

  /** Where telemetry goes now; undefined when nothing listens. Asked by every call, so it compares identities and no more. */
  environment(): Environment | undefined {
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
    this.watch.look(binding.tracerProvider);
  }

  private rebind(binding: TelemetryBinding | undefined): void {
    this.binding = binding?.enabled === false ? undefined : binding;
    this.stale = true;
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
    this.environment();
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
      : new Environment(this.config, this.diagnostics, !isNoopTracerProvider(provider), tracer, pipeline, logs);
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
      pipeline = MetricPipeline.of(provider, { circuits: this.circuits, policies: this.policies }, this.limits, this.diagnostics) ?? 'noop';
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

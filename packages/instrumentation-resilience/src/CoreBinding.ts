import { metrics, type MeterProvider, type TracerProvider } from '@opentelemetry/api';
import { telemetry, type LogSink, type TelemetryConfig } from '@redress/core/telemetry';

/** Holds what core is told (providers, options, on or off) and tells it again whenever one of them changes. */
export class CoreBinding {
  private tracerProvider: TracerProvider | undefined;
  private meterProvider: MeterProvider | undefined;
  private logSink: LogSink | undefined;
  private config: TelemetryConfig = {};
  private isEnabled = false;
  private release: (() => void) | undefined;

  get enabled(): boolean {
    return this.isEnabled;
  }

  setTracerProvider(provider: TracerProvider): void {
    // A proxy stands for the global provider, which core finds by itself, from whichever copy of the API it was set.
    this.tracerProvider = 'getDelegate' in provider ? undefined : provider;
    this.tell();
  }

  setMeterProvider(provider: MeterProvider): void {
    // Before the SDK's own, the global one is a no-op, and no proxy: held on to, it would stay one.
    this.meterProvider = provider === metrics.getMeterProvider() ? undefined : provider;
    this.tell();
  }

  /** Not before there is something to log to: a sink is reason enough for core to record its calls. */
  setLogSink(sink: LogSink): void {
    this.logSink = sink;
    this.tell();
  }

  configure(config: TelemetryConfig, enabled: boolean): void {
    this.config = config;
    this.enable(enabled);
  }

  enable(enabled: boolean): void {
    this.isEnabled = enabled;
    this.tell();
  }

  private tell(): void {
    if (this.isEnabled) {
      const { tracerProvider, meterProvider, logSink, config } = this;
      this.release = telemetry().bind({ tracerProvider, meterProvider, logSink, config, enabled: true });
    } else if (this.release === undefined) {
      // Core emits to the global providers without any instrumentation: one that was off from the start has to say so.
      this.release = telemetry().bind({ enabled: false });
    } else {
      // Releasing does nothing once another instrumentation took this one's place.
      this.release();
    }
  }
}

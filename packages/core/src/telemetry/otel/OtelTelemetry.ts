import type { MeterProvider, TracerProvider } from '@opentelemetry/api';
import type { Telemetry } from '../port/Telemetry.js';
import type { LogSink } from './LogSink.js';
import type { TelemetryConfig } from './TelemetryConfig.js';

/** What an instrumentation hands to core. */
export interface TelemetryBinding {
  /** Wins over the global one unless it is a no-op. */
  readonly tracerProvider?: TracerProvider | undefined;
  /** Wins over the global one unless it is a no-op. */
  readonly meterProvider?: MeterProvider | undefined;
  /** Default: the Logs API of `@opentelemetry/api` 1.10 and later, where there is one. */
  readonly logSink?: LogSink | undefined;
  /** Default: all defaults. May be changed at run time by binding again with the same providers. */
  readonly config?: TelemetryConfig | undefined;
  /** `false` silences core. Default true. */
  readonly enabled?: boolean | undefined;
}

/** The telemetry of a process, told through OpenTelemetry. */
export interface OtelTelemetry extends Telemetry {
  /**
   * Hands providers, sink and options to core, in place of an earlier binding; `bind({})` means the global providers and the defaults.
   * The returned function takes the binding back, after which core is silent until the next `bind`; it does nothing once another binding took its place.
   */
  bind(binding: TelemetryBinding): () => void;
}

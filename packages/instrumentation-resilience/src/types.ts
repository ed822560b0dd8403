import type { InstrumentationConfig } from '@opentelemetry/instrumentation';
import type { TelemetryConfig } from '@redress/core/telemetry';

/** Options of {@link ResilienceInstrumentation}: what core emits, and whether it emits at all. `undefined` means the default. */
export interface ResilienceInstrumentationConfig extends TelemetryConfig {
  /**
   * `false` silences core until `enable()` or `setConfig({ enabled: true })`. Default true.
   *
   * Unlike other instrumentations, one configured `false` stays off when the SDK starts.
   */
  readonly enabled?: boolean | undefined;
}

/** What `getConfig()` gives back: the options as given, and whether core is heard at the moment. */
export type ActiveConfig = InstrumentationConfig & TelemetryConfig;

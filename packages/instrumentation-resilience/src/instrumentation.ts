import type { MeterProvider, TracerProvider } from '@opentelemetry/api';
import { InstrumentationBase, type InstrumentationModuleDefinition } from '@opentelemetry/instrumentation';
import { configFile, optionsOfConfigFile } from './configFile.js';
import { CoreBinding } from './CoreBinding.js';
import { globalTracerProvider } from './globalTracerProvider.js';
import { LoggerProviderSink } from './LoggerProviderSink.js';
import { numberingProvider } from './numberingProvider.js';
import { checkOptions } from './options.js';
import type { ActiveConfig, ResilienceInstrumentationConfig } from './types.js';
import { VERSION } from './version.js';

/** A logger provider, as the installed line of `@opentelemetry/instrumentation` types it. */
type GivenLoggerProvider = Parameters<InstrumentationBase['setLoggerProvider']>[0];

const NAME = '@redress/instrumentation-resilience';

/**
 * Hands the providers of an OpenTelemetry SDK, and the options of what is emitted, to `@redress/core`.
 *
 * Core emits to the global providers by itself; register this one to set options, to get log events on every SDK line,
 * and to have metrics from the first call on. One is in charge at a time: the latest that was made or changed.
 */
export class ResilienceInstrumentation extends InstrumentationBase<ActiveConfig> {
  // The base's constructor calls setConfig and enable before fields of this class are set up: a field that is only
  // declared is not set back to undefined afterwards.
  declare private core: CoreBinding | undefined;
  declare private beingRegistered: boolean | undefined;

  /**
   * Under OTEL_CONFIG_FILE options that are not given here are those of the file's section, and client spans are numbered by their attempt
   * without a span processor, which a file cannot name.
   *
   * @throws TypeError for an unknown option or a wrong value, here or in the file.
   */
  constructor(config: ResilienceInstrumentationConfig = {}) {
    checkOptions(config);
    const given = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
    const options: ResilienceInstrumentationConfig = { ...optionsOfConfigFile(), ...given };
    super(NAME, VERSION, { ...options, enabled: options.enabled ?? true });
    if (configFile() !== undefined) globalTracerProvider.wrap(numberingProvider);
  }

  protected override init(): InstrumentationModuleDefinition[] {
    return [];
  }

  override setTracerProvider(tracerProvider: TracerProvider): void {
    super.setTracerProvider(tracerProvider);
    this.beingRegistered = !this.binding.enabled;
    this.binding.setTracerProvider(tracerProvider);
  }

  override setMeterProvider(meterProvider: MeterProvider): void {
    super.setMeterProvider(meterProvider);
    this.binding.setMeterProvider(meterProvider);
  }

  override setLoggerProvider(loggerProvider: GivenLoggerProvider): void {
    super.setLoggerProvider(loggerProvider);
    this.binding.setLogSink(new LoggerProviderSink(loggerProvider));
  }

  /**
   * Replaces the options at once; calls under way keep those they began with. Without `enabled`, on stays on and off stays off.
   *
   * @throws TypeError for an unknown option or a wrong value; the old options then stay.
   */
  override setConfig(config: ResilienceInstrumentationConfig = {}): void {
    checkOptions(config);
    const { enabled = this.binding.enabled, ...rest } = config;
    super.setConfig({ ...rest, enabled });
    this.binding.configure(rest, enabled);
  }

  /** Core is heard again. */
  override enable(): void {
    // registerInstrumentations enables whatever was configured `enabled: false`, right after handing its providers over.
    // Whoever wrote false meant it, so that one call is passed by; any other is somebody's wish.
    const byRegistration = this.beingRegistered;
    this.beingRegistered = false;
    if (!byRegistration) this.switchTo(true);
  }

  /** Silences core: no spans, metrics or log events until `enable()`. Calls go on as before. */
  override disable(): void {
    this.beingRegistered = false;
    this.switchTo(false);
  }

  private switchTo(enabled: boolean): void {
    this._config = { ...this._config, enabled };
    this.binding.enable(enabled);
  }

  private get binding(): CoreBinding {
    return (this.core ??= new CoreBinding());
  }
}

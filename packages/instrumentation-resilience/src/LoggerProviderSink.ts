import { SCOPE_NAME, SCOPE_VERSION, type LogEvent, type LogSink } from '@redress/core/telemetry';
import { globalLoggerProvider, isProxy, providerOf, type LoggerLike, type LoggerProviderLike } from './globalLoggerProvider.js';

/**
 * Sends log events to whatever logger provider there is when one is emitted.
 *
 * The provider that an instrumentation is handed when NodeSDK starts is a proxy, which learns of the real one only when
 * both come from the same copy of the Logs API. Two copies are common (0.223.0 beside 0.223.1, ESM beside CommonJS), and
 * such a proxy swallows everything for ever. So a proxy is only the last resort here, after the global provider.
 */
export class LoggerProviderSink implements LogSink {
  private provider: LoggerProviderLike | undefined;
  private logger: LoggerLike | undefined;

  constructor(private readonly given: unknown) {}

  emit(event: LogEvent): void {
    const given = providerOf(this.given);
    const provider = given === undefined || isProxy(given) ? (globalLoggerProvider() ?? given) : given;
    if (provider === undefined) return;
    if (provider !== this.provider || this.logger === undefined) {
      this.logger = provider.getLogger(SCOPE_NAME, SCOPE_VERSION);
      this.provider = provider;
    }
    this.logger.emit(event);
  }
}

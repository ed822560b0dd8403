import * as api from '@opentelemetry/api';
import type { LogEvent } from '@redress/core/telemetry';

/** A logger of either OpenTelemetry line. */
export interface LoggerLike {
  emit(event: LogEvent): void;
}

/** What a logger provider of either OpenTelemetry line has; their own types differ between the lines. */
export interface LoggerProviderLike {
  getLogger(name: string, version?: string): LoggerLike;
}

/** Where `@opentelemetry/api-logs` keeps the global provider beside SDK 2.x: a function of the API's compatibility version. */
const API_LOGS_KEY = Symbol.for('io.opentelemetry.js.api.logs');
const API_LOGS_COMPATIBILITY = 1;

/** The global provider of `@opentelemetry/api` 1.10 and later, or else that of `@opentelemetry/api-logs`. */
export function globalLoggerProvider(): LoggerProviderLike | undefined {
  const ofApi = providerOf(callMethod(property(api, 'logs'), 'getLoggerProvider'));
  if (ofApi !== undefined && !isProxy(ofApi)) return ofApi;
  return providerOf(callMethod(globalThis, API_LOGS_KEY, API_LOGS_COMPATIBILITY)) ?? ofApi;
}

/** The value as a logger provider, when it is one. */
export function providerOf(value: unknown): LoggerProviderLike | undefined {
  return isProvider(value) ? value : undefined;
}

function isProvider(value: unknown): value is LoggerProviderLike {
  return typeof property(value, 'getLogger') === 'function';
}

/** Both lines' proxies can be told of a delegate; no provider of an SDK can. */
export function isProxy(provider: LoggerProviderLike): boolean {
  return typeof property(provider, '_setDelegate') === 'function';
}

function property(holder: unknown, key: string | symbol): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, key) : undefined;
}

function callMethod(holder: unknown, key: string | symbol, ...args: readonly unknown[]): unknown {
  const method = property(holder, key);
  return typeof method === 'function' ? Reflect.apply(method, holder, args) : undefined;
}

import * as api from '@opentelemetry/api';
import type { Tracer, TracerProvider } from '@opentelemetry/api';
import type { LogSink } from './LogSink.js';

interface LoggerProvider {
  getLogger(name: string, version?: string): LogSink;
}

interface LogsApi {
  getLoggerProvider(): LoggerProvider;
}

type Proxy<Provider> = Provider & { readonly getDelegate?: () => Provider };

/** The Logs API of `@opentelemetry/api` 1.10 and later. Bundlers refuse a name that 1.9 lacks when they can see it. */
const logsApi: LogsApi | undefined = Reflect.get(api, 'logs');

const NOOP_TRACER_PROVIDER = new api.ProxyTracerProvider().getDelegate();

/** Where every copy of the API keeps what is registered, so that they find each other's; it is the same for all of major version 1. */
const REGISTERED = Symbol.for('opentelemetry.js.api.1');

/** What is registered, by the name of its API. */
export interface RegisteredApis {
  readonly trace?: object;
  readonly metrics?: object;
  readonly logs?: object;
}

const host: typeof globalThis & { readonly [REGISTERED]?: RegisteredApis } = globalThis;

/** What is registered now; undefined while nothing ever was. */
export function registeredApis(): RegisteredApis | undefined {
  return host[REGISTERED];
}

/** What stands behind a proxy now: a proxy stays the same object when the SDK starts. */
export function tracersBehind(provider: TracerProvider): TracerProvider {
  const proxy: Proxy<TracerProvider> = provider;
  return typeof proxy.getDelegate === 'function' ? proxy.getDelegate() : provider;
}

/** Whether nothing is made of its spans. By name too, since another copy of the API has a class of its own. */
export function isNoopTracerProvider(provider: TracerProvider): boolean {
  return provider === NOOP_TRACER_PROVIDER || provider.constructor?.name === 'NoopTracerProvider';
}

export function isNoopTracer(tracer: Tracer): boolean {
  return tracer.constructor?.name === 'NoopTracer';
}

/** The global tracer provider, which may be a proxy. */
export function globalTracers(): TracerProvider {
  return api.trace.getTracerProvider();
}

export function globalMeters(): api.MeterProvider {
  return api.metrics.getMeterProvider();
}

/** The global logger provider; undefined before API 1.10. */
export function globalLoggers(): LoggerProvider | undefined {
  return logsApi?.getLoggerProvider();
}

/** Before an SDK is there the Logs API hands out a proxy, afterwards the SDK's own provider. */
export function isProxyLoggerProvider(provider: LoggerProvider): boolean {
  return '_getDelegateLogger' in provider || provider.constructor?.name === 'NoopLoggerProvider';
}

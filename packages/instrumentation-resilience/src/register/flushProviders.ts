import { metrics } from '@opentelemetry/api';
import { globalLoggerProvider } from '../globalLoggerProvider.js';
import { globalTracerProvider } from '../globalTracerProvider.js';

/** Asks the global providers to send what they hold; resolves when each has done so or failed. */
export async function flushProviders(): Promise<void> {
  await Promise.allSettled([globalTracerProvider.get(), metrics.getMeterProvider(), globalLoggerProvider()].map(flush));
}

/** Flushing is a matter of SDKs, not of the API's types. */
async function flush(provider: object | undefined): Promise<unknown> {
  const method: unknown = provider === undefined ? undefined : Reflect.get(provider, 'forceFlush');
  return typeof method === 'function' ? method.call(provider) : undefined;
}

import type { Tracer, TracerProvider } from '@opentelemetry/api';
import { NumberingTracer } from './NumberingTracer.js';

/**
 * The same provider, but its tracers number client spans by their attempt. Everything else of it stays in reach under the same name
 * (`forceFlush`, `shutdown`), because there are those who look for it behind the global proxy.
 */
export function numberingProvider(provider: TracerProvider): TracerProvider {
  const numbering = new WeakMap<Tracer, Tracer>();
  const getTracer: TracerProvider['getTracer'] = (name, version, options) => {
    const tracer = provider.getTracer(name, version, options);
    const known = numbering.get(tracer) ?? new NumberingTracer(tracer);
    numbering.set(tracer, known);
    return known;
  };
  return new Proxy(provider, {
    get(target, key): unknown {
      if (key === 'getTracer') return getTracer;
      const value: unknown = Reflect.get(target, key);
      // Bound, since a private field is not found on a proxy.
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

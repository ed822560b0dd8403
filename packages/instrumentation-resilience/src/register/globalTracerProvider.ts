import { trace, type ProxyTracerProvider, type TracerProvider } from '@opentelemetry/api';

/** `@opentelemetry/api` gives everybody who asks a proxy; not asked with instanceof, since there may be two copies of it. */
function isProxy(provider: TracerProvider): provider is ProxyTracerProvider {
  return 'getDelegateTracer' in provider && 'setDelegate' in provider;
}

/** The tracer provider that an SDK has registered, behind the proxy. */
export const globalTracerProvider = {
  /** Undefined before any SDK has registered one. */
  get(): TracerProvider | undefined {
    const provider = trace.getTracerProvider();
    if (!isProxy(provider)) return provider;
    return provider.getDelegateTracer('@redress/instrumentation-resilience') === undefined ? undefined : provider.getDelegate();
  },

  /** Takes effect for tracers that have started no span yet. */
  replace(replacement: TracerProvider): void {
    const provider = trace.getTracerProvider();
    if (isProxy(provider)) provider.setDelegate(replacement);
  },
};

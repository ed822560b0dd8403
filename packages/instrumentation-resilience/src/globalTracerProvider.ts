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

  /** Puts another in the place of the one that there is, or of the one that an SDK registers later. Takes effect for tracers that have started no span yet. */
  wrap(wrapped: (provider: TracerProvider) => TracerProvider): void {
    const proxy = trace.getTracerProvider();
    if (!isProxy(proxy)) return;
    const present = this.get();
    if (present !== undefined) return proxy.setDelegate(wrapped(present));
    const { setDelegate } = proxy;
    proxy.setDelegate = (provider) => {
      // As it was: of a later one nothing is known.
      proxy.setDelegate = setDelegate;
      proxy.setDelegate(wrapped(provider));
    };
  },
};

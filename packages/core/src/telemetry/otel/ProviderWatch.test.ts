import { metrics, ProxyTracerProvider, trace } from '@opentelemetry/api';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { ProviderWatch } from './ProviderWatch.js';

afterEach(() => {
  trace.disable();
  metrics.disable();
});

const tracers = new TracerProvider();
const meters = new MeterProvider();
const registered = (): void => {
  trace.setGlobalTracerProvider(tracers);
  metrics.setGlobalMeterProvider(meters);
};

describe('ProviderWatch', () => {
  it.each<{ given: () => void; when: string; then: (bound: ProxyTracerProvider) => unknown; changed: boolean }>([
    { given: () => {}, when: 'nothing happens', then: () => undefined, changed: false },
    { given: registered, when: 'nothing happens to what is registered', then: () => undefined, changed: false },
    { given: () => {}, when: 'a tracer provider is registered', then: () => trace.setGlobalTracerProvider(tracers), changed: true },
    { given: () => {}, when: 'a meter provider is registered', then: () => metrics.setGlobalMeterProvider(meters), changed: true },
    { given: registered, when: 'the tracer provider is taken away', then: () => trace.disable(), changed: true },
    { given: registered, when: 'the meter provider is taken away', then: () => metrics.disable(), changed: true },
    {
      given: registered,
      when: 'another tracer provider comes in its place',
      then: () => {
        trace.disable();
        trace.setGlobalTracerProvider(new TracerProvider());
      },
      changed: true,
    },
    {
      given: registered,
      when: 'the global proxy gets another delegate',
      then: () => (trace.getTracerProvider() as ProxyTracerProvider).setDelegate(new TracerProvider()),
      changed: true,
    },
    { given: () => {}, when: 'a bound proxy gets a delegate', then: (bound) => bound.setDelegate(tracers), changed: true },
  ])('sees whether something changed when $when', ({ given, then, changed }) => {
    given();
    const bound = new ProxyTracerProvider();
    const watch = new ProviderWatch();
    watch.look(bound);
    then(bound);
    expect(watch.changed).toBe(changed);
    watch.look(bound);
    expect(watch.changed).toBe(false);
  });

  it('asks to be shown what is there before it has looked at all', () => {
    registered();
    expect(new ProviderWatch().changed).toBe(true);
  });
});

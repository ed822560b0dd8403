import * as api from '@opentelemetry/api';
import { createNoopMeter, metrics, trace } from '@opentelemetry/api';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { InMemorySdk } from '../../testing/InMemorySdk.js';
import { startInMemorySdk } from '../../testing/startInMemorySdk.js';
import { begin, budget, circuitFacts, failure, showCircuit, succeed } from '../fixtures/calls.js';
import { telemetry } from './install.js';

const noopMeters = { getMeter: () => createNoopMeter() };

async function attempts(sdk: InMemorySdk): Promise<number> {
  let sum = 0;
  for (const series of await sdk.series()) if (series.name === 'redress.attempts' && series.kind === 'counter') sum += series.value;
  return sum;
}

let sdk: InMemorySdk;
let second: InMemorySdk;
beforeEach(async () => {
  sdk = await startInMemorySdk();
  second = await startInMemorySdk();
  telemetry().bind({});
});
afterEach(async () => {
  trace.disable();
  metrics.disable();
  await Promise.all([sdk.shutdown(), second.shutdown()]);
});

const policy = telemetry().policy(
  { policy: 'inventory' },
  budget(() => 10),
);

describe('without an SDK', () => {
  it.each([
    ['nothing is bound', () => undefined],
    ['no-op providers are bound', () => telemetry().bind({ meterProvider: noopMeters, tracerProvider: trace.getTracerProvider() })],
    ['core is disabled', () => telemetry().bind({ enabled: false, tracerProvider: sdk.tracerProvider, meterProvider: sdk.meterProvider })],
    ['the binding was taken back', () => telemetry().bind({ tracerProvider: sdk.tracerProvider, meterProvider: sdk.meterProvider })()],
    [
      'spans and logs are off and there are no metrics',
      () => telemetry().bind({ tracerProvider: sdk.tracerProvider, logSink: sdk.logSink, config: { spans: 'never', logSeverity: 'OFF' } }),
    ],
  ])('a call has no recorder when %s', (_, bind) => {
    bind();
    expect(policy.begin('op', undefined)).toBeUndefined();
    expect(() => policy.event('circuit_opened', circuitFacts('stock', 'open'))).not.toThrow();
  });
});

describe('an SDK', () => {
  it('that is registered globally after core was loaded is found by the next call', async () => {
    expect(policy.begin('op', undefined)).toBeUndefined();
    trace.setGlobalTracerProvider(sdk.tracerProvider);
    metrics.setGlobalMeterProvider(sdk.meterProvider);
    succeed(policy);
    expect(sdk.spans()).toHaveLength(1);
    expect(await attempts(sdk)).toBe(1);
  });

  it('with metrics alone gets metrics and no spans', async () => {
    metrics.setGlobalMeterProvider(sdk.meterProvider);
    succeed(policy);
    expect(await attempts(sdk)).toBe(1);
    expect(sdk.spans()).toEqual([]);
  });

  it('with traces alone gets spans', () => {
    trace.setGlobalTracerProvider(sdk.tracerProvider);
    succeed(policy);
    expect(sdk.spans()).toHaveLength(1);
  });

  it('with logs alone gets log events', () => {
    telemetry().bind({ logSink: sdk.logSink });
    succeed(policy, 'op', 2);
    expect(sdk.logs().map(({ eventName }) => eventName)).toEqual(['redress.retry']);
  });

  it('with the Logs API of its own, from API 1.10 on, gets log events there', () => {
    const { logs } = api as { readonly logs?: { setGlobalLoggerProvider(provider: LoggerProvider): boolean; disable(): void } };
    const exporter = new InMemoryLogRecordExporter();
    logs?.setGlobalLoggerProvider(new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] }));
    const call = policy.begin('op', undefined);
    call?.retry(1, failure(), 5);
    call?.endSuccess(2, 10);
    logs?.disable();
    expect(call === undefined).toBe(logs === undefined);
    expect(exporter.getFinishedLogRecords().map(({ eventName }) => eventName)).toEqual(logs === undefined ? [] : ['redress.retry']);
    expect(policy.begin('op', undefined)).toBeUndefined();
  });

  it('that is global is not hidden by a no-op that an instrumentation was handed', async () => {
    telemetry().bind({ meterProvider: noopMeters, tracerProvider: trace.getTracerProvider() });
    metrics.setGlobalMeterProvider(sdk.meterProvider);
    trace.setGlobalTracerProvider(sdk.tracerProvider);
    succeed(policy);
    expect(await attempts(sdk)).toBe(1);
    expect(sdk.spans()).toHaveLength(1);
  });

  it('that is global is not hidden by a no-op of another copy of the API, which shares no class with ours', async () => {
    class NoopTracerProvider {
      getTracer = (): never => {
        throw new Error('a no-op is not asked for a tracer');
      };
    }
    trace.setGlobalTracerProvider(sdk.tracerProvider);
    telemetry().bind({ tracerProvider: new NoopTracerProvider() });
    succeed(policy);
    succeed(policy);
    expect(sdk.spans()).toHaveLength(2);
  });

  it('that is bound wins over the global one', async () => {
    metrics.setGlobalMeterProvider(sdk.meterProvider);
    trace.setGlobalTracerProvider(sdk.tracerProvider);
    telemetry().bind({ meterProvider: second.meterProvider, tracerProvider: second.tracerProvider });
    succeed(policy);
    expect([await attempts(sdk), sdk.spans().length]).toEqual([0, 0]);
    expect([await attempts(second), second.spans().length]).toEqual([1, 1]);
  });

  it('sees the gauges of a policy and a circuit that were made before it, and before any call', async () => {
    showCircuit('early').dispose();
    showCircuit('early');
    metrics.setGlobalMeterProvider(sdk.meterProvider);
    telemetry().policy({ policy: 'another' });
    const names = new Set((await sdk.series()).map(({ name }) => name));
    expect([...names].sort()).toEqual([
      'redress.active_calls',
      'redress.attempt.abandoned',
      'redress.circuit.failure_ratio',
      'redress.circuit.state',
      'redress.circuit.time_in_state',
      'redress.retry.budget',
    ]);
  });

  it('that takes over starts from zero; the other is observed no more, and goes on where it stood when it comes back', async () => {
    telemetry().bind({ meterProvider: sdk.meterProvider });
    succeed(policy);
    succeed(policy);
    telemetry().bind({ meterProvider: second.meterProvider });
    succeed(policy);
    expect([await attempts(sdk), await attempts(second)]).toEqual([2, 1]);
    telemetry().bind({ meterProvider: sdk.meterProvider });
    succeed(policy);
    expect([await attempts(sdk), await attempts(second)]).toEqual([3, 1]);
  });

  it('bound twice is observed once', async () => {
    telemetry().bind({ meterProvider: sdk.meterProvider });
    succeed(policy);
    telemetry().bind({ meterProvider: sdk.meterProvider });
    succeed(policy);
    expect(await attempts(sdk)).toBe(2);
  });

  it('is counted for by a call that began under it, also when it was replaced meanwhile', async () => {
    telemetry().bind({ meterProvider: sdk.meterProvider });
    const call = begin(policy);
    call.attempt(1);
    telemetry().bind({ meterProvider: second.meterProvider });
    call.attempt(2);
    call.endSuccess(2, 5);
    expect(await attempts(second)).toBe(0);
    telemetry().bind({ meterProvider: sdk.meterProvider });
    expect(await attempts(sdk)).toBe(2);
  });

  it('that stops being listened to gets what was counted since its last collection, and gauges of 0', async () => {
    const valueOf = async (name: string, state: string): Promise<unknown[]> =>
      (await sdk.series())
        .filter(
          (series) => series.name === name && series.attributes['circuit.name'] === 'last' && series.attributes['circuit.state'] === state,
        )
        .map((series) => (series.kind === 'histogram' ? series.count : series.value));
    showCircuit('last', { state: () => 'open', timeInState: () => ({ closed: 0, open: 4_000, half_open: 0, forced_open: 0 }) });
    telemetry().bind({ meterProvider: sdk.meterProvider });
    expect(await valueOf('redress.circuit.state', 'open')).toEqual([1]);
    succeed(policy);
    telemetry().bind({ enabled: false });
    expect(await valueOf('redress.circuit.state', 'open')).toEqual([0]);
    expect(await valueOf('redress.circuit.time_in_state', 'open')).toEqual([4]);
    expect(await attempts(sdk)).toBe(1);
    showCircuit('later');
    const names = (await sdk.series()).map((series) => series.attributes['circuit.name']);
    expect(names).toContain('last');
    expect(names).not.toContain('later');
    telemetry().bind({ meterProvider: sdk.meterProvider });
    expect(await valueOf('redress.circuit.state', 'open')).toEqual([1]);
    expect(await attempts(sdk)).toBe(1);
  });

  it('hears nothing while core is disabled, and everything when it is enabled again', async () => {
    const binding = { meterProvider: sdk.meterProvider, tracerProvider: sdk.tracerProvider };
    telemetry().bind(binding);
    succeed(policy);
    telemetry().bind({ ...binding, enabled: false });
    expect(policy.begin('op', undefined)).toBeUndefined();
    telemetry().bind(binding);
    succeed(policy);
    expect(await attempts(sdk)).toBe(2);
    expect(sdk.spans()).toHaveLength(2);
  });

  it('a binding taken back after another took its place changes nothing', () => {
    const unbind = telemetry().bind({ tracerProvider: sdk.tracerProvider });
    telemetry().bind({ tracerProvider: second.tracerProvider });
    unbind();
    succeed(policy);
    expect(second.spans()).toHaveLength(1);
  });

  it('that was shut down does no harm', async () => {
    const provider = new MeterProvider();
    await provider.shutdown();
    telemetry().bind({ meterProvider: provider });
    expect(policy.begin('op', undefined)).toBeUndefined();
  });
});

describe('two copies of core in one process', () => {
  it('share one hub, so that nothing is counted twice and no counter is observed twice', async () => {
    telemetry().bind({ meterProvider: sdk.meterProvider, tracerProvider: sdk.tracerProvider });
    let copy: typeof import('../index.js') | undefined;
    await jest.isolateModulesAsync(async () => {
      copy = await import('../index.js');
    });
    if (copy === undefined) throw new Error('not loaded');
    expect(copy.telemetry).not.toBe(telemetry);
    expect(copy.telemetry()).toBe(telemetry());
    succeed(policy);
    succeed(copy.telemetry().policy({ policy: 'inventory' }));
    expect(await attempts(sdk)).toBe(2);
    expect(sdk.spans()).toHaveLength(2);
  });

  it('share the registry slot', async () => {
    const { processSlot } = await import('../port/processSlot.js');
    const first = processSlot('registry', () => ({ made: 1 }));
    expect(processSlot('registry', () => ({ made: 2 }))).toBe(first);
  });
});

import { ROOT_CONTEXT } from '@opentelemetry/api';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { SCOPE_NAME, SCOPE_VERSION, type LogEvent } from '@redress/core/telemetry';
import { LoggerProviderSink } from './LoggerProviderSink.js';
import { anotherLogsApi, logsApi } from './fixtures/logsApi.js';

const event: LogEvent = {
  timestamp: [1_700_000_000, 123_456_000],
  eventName: 'redress.retry',
  severityNumber: 13,
  severityText: 'WARN',
  attributes: { 'redress.policy': 'inventory' },
  context: ROOT_CONTEXT,
};

function memory() {
  const exporter = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] });
  const events = () => exporter.getFinishedLogRecords().map((record) => record.eventName);
  return { exporter, provider, events };
}

const sinkOf = (given: unknown) => new LoggerProviderSink(given);

describe('LoggerProviderSink', () => {
  afterEach(() => logsApi.disable());

  it('emits the event whole, under the scope of core', () => {
    const { provider, exporter } = memory();
    sinkOf(provider).emit(event);
    const [record] = exporter.getFinishedLogRecords();
    expect(record).toMatchObject({
      eventName: 'redress.retry',
      severityNumber: 13,
      severityText: 'WARN',
      attributes: event.attributes,
      hrTime: event.timestamp,
    });
    expect(record?.instrumentationScope).toMatchObject({ name: SCOPE_NAME, version: SCOPE_VERSION });
  });

  it.each`
    given                                      | given_       | global    | reaches
    ${'nothing'}                               | ${'nothing'} | ${'one'}  | ${'global'}
    ${'the proxy of the same copy of the API'} | ${'proxy'}   | ${'one'}  | ${'global'}
    ${'the proxy of another copy of the API'}  | ${'other'}   | ${'one'}  | ${'global'}
    ${'a provider of its own'}                 | ${'own'}     | ${'one'}  | ${'own'}
    ${'a provider of its own, no global one'}  | ${'own'}     | ${'none'} | ${'own'}
  `('with $given reaches the $reaches provider', ({ given_, global, reaches }) => {
    const own = memory();
    const globally = memory();
    const given = {
      nothing: undefined,
      proxy: logsApi.getLoggerProvider(),
      other: anotherLogsApi().getLoggerProvider(),
      own: own.provider,
    };
    const sink = sinkOf(given[given_ as keyof typeof given]);
    if (global === 'one') logsApi.setGlobalLoggerProvider(globally.provider);
    sink.emit(event);
    expect({ own: own.events(), global: globally.events() }).toEqual({ own: [], global: [], [reaches]: ['redress.retry'] });
  });

  it('follows a global provider that comes later, and one that takes its place', () => {
    const sink = sinkOf(logsApi.getLoggerProvider());
    sink.emit(event);
    const first = memory();
    logsApi.setGlobalLoggerProvider(first.provider);
    sink.emit(event);
    logsApi.disable();
    const second = memory();
    logsApi.setGlobalLoggerProvider(second.provider);
    sink.emit(event);
    expect([first.events(), second.events()]).toEqual([['redress.retry'], ['redress.retry']]);
  });

  it('drops events quietly without any provider', () => {
    expect(() => sinkOf(undefined).emit(event)).not.toThrow();
  });
});

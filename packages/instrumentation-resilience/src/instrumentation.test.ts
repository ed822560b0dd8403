import { DiagLogLevel, diag, trace, type DiagLogger, type Span } from '@opentelemetry/api';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { telemetry, type CallSummary, type FailureFacts } from '@redress/core/telemetry';
import { startNodeSdk, type MemorySdk } from './fixtures/startNodeSdk.js';
import { ResilienceInstrumentation } from './instrumentation.js';
import type { ResilienceInstrumentationConfig } from './types.js';

const failure: FailureFacts = { errorClass: 'TRANSIENT', failedBy: 'exception', error: new Error('reset'), errorType: 'Error' };
const inventory = telemetry().policy({ policy: 'inventory' });

/** A call of one attempt that succeeds, told as the runtime tells it. */
function succeed(): void {
  const call = inventory.begin('get-stock', undefined);
  call?.attempt(1);
  call?.run(1, () => 'stock', undefined);
  call?.attemptEnded(1, 5, undefined);
  call?.endSuccess(1, 5);
}

/** A call of two attempts that fails. */
function fail(): void {
  const call = inventory.begin('get-stock', undefined);
  for (const number of [1, 2]) {
    call?.attempt(number);
    call?.run(number, () => 'nothing', undefined);
    call?.attemptEnded(number, 5, failure);
    if (number === 1) call?.retry(1, failure, 10);
  }
  call?.end({ kind: 'failure', attempts: 2, stopReason: 'MAX_ATTEMPTS_GLOBAL', failure }, 20);
}

const ALL = {
  spans: ['get-stock'],
  events: ['retry', 'max_attempts_exceeded', 'exception'],
  logs: ['redress.retry', 'redress.max_attempts_exceeded'],
  metrics: expect.arrayContaining(['redress.attempts', 'redress.retries', 'redress.events', 'redress.retry.duration']),
  operations: ['get-stock'],
};
const NOTHING = { spans: [], events: [], logs: [], metrics: [], operations: [] };

describe('ResilienceInstrumentation', () => {
  let sdk: MemorySdk | undefined;
  const start = (...instrumentations: readonly ResilienceInstrumentation[]) => (sdk = startNodeSdk(...instrumentations));

  afterEach(async () => {
    await sdk?.stop();
    sdk = undefined;
    // What the next test starts from: core on its own, with the global providers.
    telemetry().bind({});
  });

  it('hands the providers of NodeSDK to core: spans, metrics and log events, from the first call on', async () => {
    const { heard } = start(new ResilienceInstrumentation());
    fail();
    expect(await heard()).toEqual(ALL);
  });

  it('hears of a second SDK when the first is gone', async () => {
    const instrumentation = new ResilienceInstrumentation();
    await start(instrumentation).stop();
    fail();
    const { heard } = start(instrumentation);
    expect(await heard()).toMatchObject({ spans: [], events: [], logs: [] });
    fail();
    expect(await heard()).toEqual(ALL);
  });

  it('follows the global providers to an SDK that it was never registered with', async () => {
    await start(new ResilienceInstrumentation()).stop();
    const { heard } = start();
    fail();
    expect(await heard()).toEqual(ALL);
  });

  it('hands over providers that are not the global ones, which then win', async () => {
    const { heard } = start();
    const exporter = new InMemorySpanExporter();
    const tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
    registerInstrumentations({ instrumentations: [new ResilienceInstrumentation()], tracerProvider });
    succeed();
    expect(exporter.getFinishedSpans().map((span) => span.name)).toEqual(['get-stock']);
    expect(await heard()).toMatchObject({ spans: [], metrics: expect.arrayContaining(['redress.attempts']) });
  });

  it('is silenced by disable() and heard again after enable()', async () => {
    const instrumentation = new ResilienceInstrumentation();
    const { heard } = start(instrumentation);
    instrumentation.disable();
    fail();
    expect(await heard()).toEqual(NOTHING);
    expect(instrumentation.getConfig().enabled).toBe(false);
    instrumentation.enable();
    expect(instrumentation.getConfig().enabled).toBe(true);
    fail();
    expect(await heard()).toEqual(ALL);
  });

  it('is heard after enable() when it was setConfig that silenced it', async () => {
    const instrumentation = new ResilienceInstrumentation();
    const { heard } = start(instrumentation);
    instrumentation.setConfig({ enabled: false });
    instrumentation.enable();
    fail();
    expect(await heard()).toEqual(ALL);
  });

  it.each`
    wish                              | act
    ${'enable()'}                     | ${(each: ResilienceInstrumentation) => each.enable()}
    ${'setConfig({ enabled: true })'} | ${(each: ResilienceInstrumentation) => each.setConfig({ enabled: true })}
  `('configured enabled: false it stays off when the SDK starts, until $wish', async ({ act }) => {
    const instrumentation = new ResilienceInstrumentation({ enabled: false });
    const { heard } = start(instrumentation);
    fail();
    expect(await heard()).toEqual(NOTHING);
    act(instrumentation);
    fail();
    expect(await heard()).toEqual(ALL);
  });

  it('configured enabled: false and enabled before the SDK starts, it is heard', async () => {
    const instrumentation = new ResilienceInstrumentation({ enabled: false });
    instrumentation.enable();
    const { heard } = start(instrumentation);
    fail();
    expect(await heard()).toEqual(ALL);
  });

  it.each`
    state    | config                | after
    ${'on'}  | ${{}}                 | ${'on'}
    ${'off'} | ${{}}                 | ${'off'}
    ${'off'} | ${{ enabled: true }}  | ${'on'}
    ${'on'}  | ${{ enabled: false }} | ${'off'}
  `('$state, setConfig($config) leaves it $after', async ({ state, config, after }) => {
    const instrumentation = new ResilienceInstrumentation();
    const { heard } = start(instrumentation);
    if (state === 'off') instrumentation.disable();
    instrumentation.setConfig(config);
    fail();
    expect(await heard()).toEqual(after === 'on' ? ALL : NOTHING);
    expect(instrumentation.getConfig().enabled).toBe(after === 'on');
  });

  it('the latest one is in charge, and disabling an earlier one changes nothing', async () => {
    const earlier = new ResilienceInstrumentation({ spans: 'never' });
    const { heard } = start(earlier, new ResilienceInstrumentation());
    earlier.disable();
    fail();
    expect(await heard()).toEqual(ALL);
  });

  it.each<[ResilienceInstrumentationConfig, 'succeeds' | 'fails', object]>([
    [{}, 'succeeds', { spans: ['get-stock'], events: [], logs: [] }],
    [{ spans: 'never' }, 'fails', { spans: [], logs: ALL.logs }],
    [{ spans: 'on-problem' }, 'succeeds', { spans: [] }],
    [{ spans: 'on-problem' }, 'fails', { spans: ALL.spans, events: ALL.events }],
    [{ spanEvents: false }, 'fails', { spans: ALL.spans, events: ['exception'], logs: ALL.logs }],
    [{ exceptionEvents: false }, 'fails', { events: ['retry', 'max_attempts_exceeded'] }],
    [{ logSeverity: 'ERROR' }, 'fails', { logs: ['redress.max_attempts_exceeded'] }],
    [{ logSeverity: 'OFF' }, 'fails', { logs: [], events: ALL.events }],
    [{ logSeverity: 'DEBUG' }, 'succeeds', { logs: [] }],
    [{ logSuccess: true }, 'succeeds', { logs: ['redress.success'] }],
    [{ attemptSpans: true }, 'succeeds', { spans: [expect.any(String), 'get-stock'] }],
    [{ attemptDuration: true }, 'succeeds', { metrics: expect.arrayContaining(['redress.attempt.duration']) }],
    [{ attemptDuration: false }, 'succeeds', { metrics: expect.not.arrayContaining(['redress.attempt.duration']) }],
    [{ requireParentSpan: true }, 'succeeds', { spans: [], metrics: expect.arrayContaining(['redress.attempts']) }],
  ])('with %p a call that %s shows as %p, set at the start or at run time', async (config, ending, shows) => {
    const call = ending === 'fails' ? fail : succeed;
    const fromStart = start(new ResilienceInstrumentation(config));
    call();
    expect(await fromStart.heard()).toMatchObject(shows);
    await fromStart.stop();

    const instrumentation = new ResilienceInstrumentation();
    const { heard } = start(instrumentation);
    instrumentation.setConfig(config);
    call();
    expect(await heard()).toMatchObject(shows);
    expect(instrumentation.getConfig()).toEqual({ enabled: true, ...config });
  });

  it('requireParentSpan: a call inside a span has its own', async () => {
    const { heard } = start(new ResilienceInstrumentation({ requireParentSpan: true }));
    trace.getTracer('test').startActiveSpan('request', (span) => {
      succeed();
      span.end();
    });
    expect(await heard()).toMatchObject({ spans: ['get-stock', 'request'] });
  });

  it('sums the operations past maxOperations into one', async () => {
    const { heard } = start(new ResilienceInstrumentation({ maxOperations: 1 }));
    for (const operation of ['a', 'b', 'c']) inventory.begin(operation, undefined)?.endSuccess(1, 1);
    expect(await heard()).toMatchObject({ spans: ['a', 'b', 'c'], operations: ['a', '_other'] });
  });

  it('refuses a wrong option at run time and keeps the old ones', async () => {
    const instrumentation = new ResilienceInstrumentation({ spans: 'never' });
    const { heard } = start(instrumentation);
    expect(() => Reflect.apply(instrumentation.setConfig, instrumentation, [{ spans: 'sometimes' }])).toThrow(TypeError);
    expect(instrumentation.getConfig()).toEqual({ enabled: true, spans: 'never' });
    fail();
    expect(await heard()).toMatchObject({ spans: [], logs: ALL.logs });
  });

  it('tells the hook of each call, before its span ends', async () => {
    const told: CallSummary[] = [];
    const callHook = (span: Span, call: CallSummary) => {
      told.push(call);
      span.setAttribute('shop', 'berlin');
    };
    start(new ResilienceInstrumentation({ callHook }));
    fail();
    expect(told).toEqual([
      {
        policy: 'inventory',
        operation: 'get-stock',
        outcome: 'failure',
        attempts: 2,
        durationS: 0.02,
        stopReason: 'MAX_ATTEMPTS_GLOBAL',
        errorClass: 'TRANSIENT',
      },
    ]);
  });

  it('[call.observer-throw-told] a hook that throws changes nothing and is told through diag', async () => {
    const warnings: unknown[] = [];
    const logger: DiagLogger = {
      error: ignore,
      warn: (...args) => void warnings.push(args.join(' ')),
      info: ignore,
      debug: ignore,
      verbose: ignore,
    };
    const callHook = () => {
      throw new Error('broken hook');
    };
    const { heard } = start(new ResilienceInstrumentation({ callHook }));
    diag.setLogger(logger, DiagLogLevel.WARN);
    expect(fail).not.toThrow();
    expect(await heard()).toEqual(ALL);
    expect(warnings).toContainEqual(expect.stringContaining('broken hook'));
  });
});

function ignore(): void {}

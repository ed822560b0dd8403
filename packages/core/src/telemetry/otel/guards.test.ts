import { type Context, type ContextManager, ROOT_CONTEXT, context, createNoopMeter, trace } from '@opentelemetry/api';
import { TracerProvider, type SpanProcessor } from '@opentelemetry/sdk-trace';
import { attempt, begin, budget, circuitFacts, failure, showCircuit } from '../fixtures/calls.js';
import { told, withDiag } from '../fixtures/diag.js';
import { type Listening, listen } from '../fixtures/listen.js';
import type { TelemetryBinding } from './OtelTelemetry.js';
import type { TelemetryConfig } from './TelemetryConfig.js';
import { telemetry } from './install.js';

function boom(): never {
  throw new Error('boom');
}

const quiet: SpanProcessor = { onStart() {}, onEnd() {}, forceFlush: async () => undefined, shutdown: async () => undefined };
const spansThat = (processor: Partial<SpanProcessor>): Partial<TelemetryBinding> => ({
  tracerProvider: new TracerProvider({ spanProcessors: [{ ...quiet, ...processor }] }),
});
const spanWithout = (
  method: 'addEvent' | 'addLink' | 'setAttributes' | 'setStatus' | 'spanContext' | 'isRecording',
): Partial<TelemetryBinding> => ({
  tracerProvider: {
    getTracer: () => ({
      startSpan: (name, options, parent) =>
        Object.defineProperty(new TracerProvider().getTracer('real').startSpan(name, options, parent), method, { value: boom }),
      startActiveSpan: boom,
    }),
  },
});

const brokenHistogram: Partial<TelemetryBinding> = {
  meterProvider: {
    getMeter: () => {
      const meter = createNoopMeter();
      const fresh = () => ({ addCallback() {}, removeCallback() {} });
      return Object.assign(Object.create(meter), {
        createObservableCounter: fresh,
        createHistogram: () => ({ record: boom }),
        addBatchObservableCallback: boom,
      });
    },
  },
};

const hostile: readonly {
  readonly given: string;
  readonly binding: Partial<TelemetryBinding>;
  readonly config?: TelemetryConfig;
  readonly place: string;
}[] = [
  { given: 'a processor that throws in onStart', binding: spansThat({ onStart: boom }), place: 'starting a span' },
  { given: 'a processor that throws in onEnd', binding: spansThat({ onEnd: boom }), place: 'ending a span' },
  {
    given: 'a tracer that throws',
    binding: { tracerProvider: { getTracer: () => ({ startSpan: boom, startActiveSpan: boom }) } },
    place: 'starting a span',
  },
  { given: 'a tracer provider that throws', binding: { tracerProvider: { getTracer: boom } }, place: 'making a tracer' },
  { given: 'a span whose addEvent throws', binding: spanWithout('addEvent'), place: 'adding an event' },
  { given: 'a span whose addLink throws', binding: spanWithout('addLink'), place: 'adding a link' },
  { given: 'a span whose setAttributes throws', binding: spanWithout('setAttributes'), place: 'describing the end' },
  { given: 'a span whose setStatus throws', binding: spanWithout('setStatus'), place: 'describing the end' },
  { given: 'a span whose spanContext throws', binding: spanWithout('spanContext'), place: 'reading a span context' },
  { given: 'a span whose isRecording throws', binding: spanWithout('isRecording'), place: 'starting a span' },
  {
    given: 'attempt spans that throw',
    binding: spansThat({ onEnd: boom }),
    config: { attemptSpans: true },
    place: 'ending the span of an attempt',
  },
  { given: 'a meter provider that throws', binding: { meterProvider: { getMeter: boom } }, place: 'making metric instruments' },
  { given: 'a meter whose histogram throws', binding: brokenHistogram, place: 'recording a duration' },
  {
    given: 'a meter whose histogram throws for the call alone',
    binding: brokenHistogram,
    config: { attemptDuration: false },
    place: 'recording a duration',
  },
  { given: 'a log sink that throws', binding: { logSink: { emit: boom } }, place: 'emitting a log event' },
  { given: 'a call hook that throws', binding: {}, config: { callHook: boom }, place: 'callHook' },
];

let sdk: Listening;
beforeEach(() => withDiag());
afterEach(() => sdk.stop());

/** Each method of a recorder once, the function's value coming back through it. */
async function aCall(): Promise<unknown> {
  const call = begin(telemetry().policy({ policy: 'inventory' }), 'op', { 'app.x': 1 });
  call.link({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 });
  call.attempt(1);
  expect(() => call.run(1, boom, attempt(1))).toThrow('boom');
  call.attemptTimeout(1, failure());
  call.cause();
  call.attemptEnded(1, 5, failure());
  call.retry(1, failure(), 5);
  call.waited('TRANSIENT', 5);
  call.attempt(2);
  const value = await call.run(2, async () => 'value', attempt(2));
  call.event('slow_call', 2);
  call.event('circuit_opened', 2, circuitFacts('stock', 'open'));
  call.attemptEnded(2, 5, undefined);
  call.end({ kind: 'failure', attempts: 2, stopReason: 'MAX_ATTEMPTS_GLOBAL', failure: failure() }, 10);
  return value;
}

describe('[call.observers-cannot-break] [call.observer-throw-told] a call is not changed, and diag is told once, by', () => {
  it.each(hostile)('$given', async ({ binding, config, place }) => {
    sdk = await listen({ attemptDuration: true, ...config }, binding);
    expect(await aCall()).toBe('value');
    expect(await aCall()).toBe('value');
    expect(told().filter((line) => line.includes(place))).toHaveLength(1);
  });
});

describe('[call.observers-cannot-break] [call.observer-throw-told] a context manager', () => {
  const manager = (parts: Partial<ContextManager>): ContextManager => {
    const made: ContextManager = {
      active: () => ROOT_CONTEXT,
      with: (_context, fn, thisArg, ...args) => fn.call(thisArg, ...args),
      bind: (_context, target) => target,
      enable: () => made,
      disable: () => made,
      ...parts,
    };
    return made;
  };
  const cases: readonly { readonly given: string; readonly parts: Partial<ContextManager>; readonly tells: string | undefined }[] = [
    { given: 'that works', parts: {}, tells: undefined },
    { given: 'that throws before it calls', parts: { with: boom }, tells: 'the context manager threw' },
    {
      given: 'that throws after it called',
      parts: {
        with: (_context: Context, fn, thisArg, ...args) => {
          fn.call(thisArg, ...args);
          return boom();
        },
      },
      tells: 'the context manager threw',
    },
    {
      given: 'that calls twice',
      parts: {
        with: (_context: Context, fn, thisArg, ...args) => {
          fn.call(thisArg, ...args);
          return fn.call(thisArg, ...args);
        },
      },
      tells: undefined,
    },
    {
      given: 'that never calls',
      parts: { with: () => undefined as never },
      tells: undefined,
    },
    { given: 'whose active context throws', parts: { active: boom }, tells: 'reading the active context threw' },
  ];

  it.each(cases)('$given: the function runs exactly once, and its value or error comes through', async ({ parts, tells }) => {
    const spans: unknown[] = [];
    sdk = await listen({}, spansThat({ onEnd: (span) => spans.push(span.attributes['redress.outcome']) }));
    context.disable();
    context.setGlobalContextManager(manager(parts));
    const policy = telemetry().policy({ policy: 'inventory' });
    const ran: string[] = [];
    const call = begin(policy);
    expect(call.run(1, ({ number }) => ran.push(`attempt ${number}`), attempt(1))).toBe(1);
    const own = new Error('own');
    expect(() =>
      call.run(
        2,
        () => {
          ran.push('throws');
          throw own;
        },
        attempt(2),
      ),
    ).toThrow(own);
    call.endSuccess(2, 5);
    expect(ran).toEqual(['attempt 1', 'throws']);
    expect(told()).toEqual(tells === undefined ? [] : [expect.stringContaining(tells)]);
    expect(spans).toEqual(['success']);
  });
});

it('a diag logger that throws changes nothing', async () => {
  sdk = await listen({}, { logSink: { emit: boom } });
  const { diag } = await import('@opentelemetry/api');
  diag.setLogger({ error: boom, warn: boom, info: boom, debug: boom, verbose: boom }, { suppressOverrideMessage: true });
  expect(() => telemetry().warn('something', new Error('x'))).not.toThrow();
  expect(await aCall()).toBe('value');
});

it("a refusal of another library's gate whose facts throw is told by its reason, and its span ends", async () => {
  sdk = await listen();
  const call = begin(telemetry().policy({ policy: 'inventory' }));
  const refusal = { stopReason: 'BULKHEAD_FULL', facts: boom } as const;
  call.end({ kind: 'rejected', attempts: 0, stopReason: 'BULKHEAD_FULL', refusal, failure: undefined }, 1);
  expect(sdk.span().attributes).toMatchObject({ 'redress.outcome': 'rejected', 'redress.stop_reason': 'BULKHEAD_FULL' });
  expect(sdk.span().events).toEqual([
    expect.objectContaining({ attributes: expect.objectContaining({ 'redress.stop_reason': 'BULKHEAD_FULL' }) }),
  ]);
  expect(told()).toEqual([expect.stringContaining('reading the facts of a refusal')]);
});

it('sources that throw cost their own value, and the collection goes on', async () => {
  sdk = await listen();
  let broken = false;
  showCircuit('bad', { state: () => (broken ? boom() : 'open') });
  showCircuit('good');
  telemetry().policy(
    { policy: 'bad' },
    budget(() => (broken ? boom() : 1)),
  );
  telemetry().policy(
    { policy: 'good' },
    budget(() => 4),
  );
  expect(await sdk.values('redress.circuit.state', 'circuit.name')).toEqual({ bad: 1, good: 1 });
  expect(await sdk.values('redress.circuit.time_in_state', 'circuit.name')).toEqual({ bad: 2, good: 2 });
  broken = true;
  expect(await sdk.values('redress.circuit.state', 'circuit.name')).toEqual({ bad: 0, good: 1 });
  expect(await sdk.values('redress.circuit.time_in_state', 'circuit.name')).toEqual({ bad: 2, good: 2 });
  expect(await sdk.values('redress.circuit.failure_ratio', 'circuit.name')).toEqual({ bad: 0, good: 0.25 });
  expect(await sdk.values('redress.retry.budget', 'redress.policy')).toEqual({ bad: 0, good: 4 });
});

it('a span that is not sampled is active but records nothing, and is no cause to link to', async () => {
  const { AlwaysOffSampler } = await import('@opentelemetry/sdk-trace');
  const tracerProvider = new TracerProvider({ sampler: new AlwaysOffSampler(), spanProcessors: [quiet] });
  const hook = jest.fn();
  sdk = await listen({ callHook: hook }, { tracerProvider });
  const call = begin(telemetry().policy({ policy: 'inventory' }));
  const active = call.run(1, () => trace.getActiveSpan()?.spanContext().traceFlags, attempt());
  expect(active).toBe(0);
  expect(call.cause()).toBeUndefined();
  call.endSuccess(1, 1);
  expect(hook).not.toHaveBeenCalled();
  expect(await sdk.values('redress.attempts')).toEqual({});
  expect(await sdk.values('redress.retry.duration')).toEqual({ '': 1 });
});

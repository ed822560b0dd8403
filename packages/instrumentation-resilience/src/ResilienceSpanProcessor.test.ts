import {
  DiagLogLevel,
  ROOT_CONTEXT,
  SpanKind,
  createContextKey,
  diag,
  trace,
  type Attributes,
  type Context,
  type DiagLogger,
} from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { ResilienceSpanProcessor } from './ResilienceSpanProcessor.js';

const inAttempt = (number: number, outer: Context = ROOT_CONTEXT): Context => outer.setValue(createContextKey('redress.attempt'), number);
const get: Attributes = { 'http.request.method': 'GET' };

/** Attributes of a span that the SDK exports after it was started in that context. */
function exported(kind: SpanKind, attributes: Attributes, context: Context): Attributes | undefined {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter }), new ResilienceSpanProcessor()] });
  provider.getTracer('test').startSpan('GET', { kind, attributes }, context).end();
  return exporter.getFinishedSpans()[0]?.attributes;
}

describe('ResilienceSpanProcessor', () => {
  it.each`
    span                                   | kind                 | attributes                                    | context                       | count
    ${'a client span of no attempt'}       | ${SpanKind.CLIENT}   | ${get}                                        | ${ROOT_CONTEXT}               | ${undefined}
    ${'a client span of a first attempt'}  | ${SpanKind.CLIENT}   | ${get}                                        | ${inAttempt(1)}               | ${undefined}
    ${'a client span of a second attempt'} | ${SpanKind.CLIENT}   | ${get}                                        | ${inAttempt(2)}               | ${1}
    ${'a client span of a fifth attempt'}  | ${SpanKind.CLIENT}   | ${get}                                        | ${inAttempt(5)}               | ${4}
    ${'one of the older convention'}       | ${SpanKind.CLIENT}   | ${{ 'http.method': 'GET' }}                   | ${inAttempt(2)}               | ${1}
    ${'one that no HTTP client made'}      | ${SpanKind.CLIENT}   | ${{ 'db.system.name': 'redis' }}              | ${inAttempt(2)}               | ${undefined}
    ${'a server span'}                     | ${SpanKind.SERVER}   | ${get}                                        | ${inAttempt(2)}               | ${undefined}
    ${'an internal span'}                  | ${SpanKind.INTERNAL} | ${get}                                        | ${inAttempt(2)}               | ${undefined}
    ${'one of a nested, first attempt'}    | ${SpanKind.CLIENT}   | ${get}                                        | ${inAttempt(1, inAttempt(3))} | ${undefined}
    ${'one of a nested, later attempt'}    | ${SpanKind.CLIENT}   | ${get}                                        | ${inAttempt(2, inAttempt(3))} | ${1}
    ${'one whose client counts by itself'} | ${SpanKind.CLIENT}   | ${{ ...get, 'http.request.resend_count': 9 }} | ${inAttempt(2)}               | ${9}
  `('$span has resend count $count', ({ kind, attributes, context, count }) => {
    const found = exported(kind, attributes, context);
    expect(found).toMatchObject(attributes);
    expect(found?.['http.request.resend_count']).toBe(count);
  });

  describe('a client span', () => {
    const exporter = new InMemorySpanExporter();
    const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter }), new ResilienceSpanProcessor()] });
    const tracer = provider.getTracer('test');
    const ours = provider.getTracer('@redress/core');
    const call = { 'redress.policy': 'inventory' };
    const under = (outer: Context, attributes: Attributes = {}): Context =>
      trace.setSpan(outer, ('redress.policy' in attributes ? ours : tracer).startSpan('outer', { attributes }, outer));

    it.each([
      { given: 'outside of any call', context: ROOT_CONTEXT, attempt: undefined },
      { given: 'under a span that is none of ours', context: under(ROOT_CONTEXT), attempt: undefined },
      { given: 'right under a call', context: under(ROOT_CONTEXT, call), attempt: 1 },
      { given: 'of a second attempt', context: inAttempt(2, under(ROOT_CONTEXT, call)), attempt: 2 },
      { given: 'under a span of the first attempt', context: under(under(under(ROOT_CONTEXT, call))), attempt: 1 },
      { given: 'under a span of the third attempt', context: under(inAttempt(3, under(ROOT_CONTEXT, call))), attempt: 3 },
      { given: 'under the span of an attempt', context: under(under(ROOT_CONTEXT, call), { ...call, 'retry.attempt': 1 }), attempt: 1 },
      {
        given: 'of a call in the second attempt of another',
        context: under(inAttempt(1, inAttempt(2, under(ROOT_CONTEXT, call))), call),
        attempt: 1,
      },
      { given: 'of a database', context: inAttempt(2, under(ROOT_CONTEXT, call)), attributes: { 'db.system.name': 'redis' }, attempt: 2 },
    ])('$given has retry.attempt $attempt', ({ context, attributes = get, attempt }) => {
      exporter.reset();
      tracer.startSpan('client', { kind: SpanKind.CLIENT, attributes }, context).end();
      const [span] = exporter.getFinishedSpans();
      expect(span?.attributes['retry.attempt']).toBe(attempt);
      const resent = attempt !== undefined && attempt > 1 && attributes === get ? attempt - 1 : undefined;
      expect(span?.attributes['http.request.resend_count']).toBe(resent);
    });
  });

  it('has nothing to flush', async () => {
    await expect(new ResilienceSpanProcessor().forceFlush()).resolves.toBeUndefined();
  });

  it('tells once, through diag, that spans which end after the shutdown are lost', async () => {
    const warnings: string[] = [];
    const logger: DiagLogger = {
      error: ignore,
      warn: (message) => void warnings.push(message),
      info: ignore,
      debug: ignore,
      verbose: ignore,
    };
    diag.setLogger(logger, DiagLogLevel.WARN);
    const provider = new TracerProvider({ spanProcessors: [new ResilienceSpanProcessor()] });
    const tracer = provider.getTracer('test');
    const [before, first, second] = ['before', 'first', 'second'].map((name) => tracer.startSpan(name));
    before?.end();
    await provider.shutdown();
    expect(warnings).toEqual([]);
    first?.end();
    second?.end();
    diag.disable();
    expect(warnings).toEqual([expect.stringContaining('a span ended after the SDK was shut down; it is lost')]);
  });
});

function ignore(): void {}

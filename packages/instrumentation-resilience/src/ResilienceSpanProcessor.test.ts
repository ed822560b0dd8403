import {
  DiagLogLevel,
  ROOT_CONTEXT,
  SpanKind,
  createContextKey,
  diag,
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

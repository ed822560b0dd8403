import { trace, context } from '@opentelemetry/api';
import { aborted, attempt, begin, circuitFacts, failure, rejectedBy, succeed } from '../fixtures/calls.js';
import { type Listening, listen } from '../fixtures/listen.js';
import type { CallSummary, TelemetryConfig } from './TelemetryConfig.js';
import { telemetry } from './install.js';
import { told, withDiag } from '../fixtures/diag.js';

const policy = telemetry().policy({ policy: 'inventory' });
let sdk: Listening;
afterEach(async () => {
  jest.useRealTimers();
  await sdk.stop();
});

const fail = (): void => begin(policy).end({ kind: 'failure', attempts: 1, stopReason: 'NO_STRATEGY', failure: failure() }, 5);
const abort = (): void => begin(policy).end(aborted(1, 1), 5);
const reject = (): void => begin(policy).end(rejectedBy('stock', 'open'), 5);
const success = (): void => succeed(policy);
const rescue = (): void => succeed(policy, 'inventory', 2);

describe('spans', () => {
  it.each<{ spans: TelemetryConfig['spans']; call: () => void; given: string; made: number }>([
    { spans: 'always', given: 'a success', call: success, made: 1 },
    { spans: 'on-problem', given: 'a success', call: success, made: 0 },
    { spans: 'on-problem', given: 'an abort', call: abort, made: 0 },
    { spans: 'on-problem', given: 'a rescue', call: rescue, made: 1 },
    { spans: 'on-problem', given: 'a failure', call: fail, made: 1 },
    { spans: 'on-problem', given: 'a refusal', call: reject, made: 1 },
    { spans: 'never', given: 'a failure', call: fail, made: 0 },
  ])('$spans: $given makes $made', async ({ spans, call, made }) => {
    sdk = await listen({ spans });
    call();
    expect(sdk.spans()).toHaveLength(made);
    expect(Object.values(await sdk.values('redress.retry.duration'))).toEqual([1]);
  });

  it('on-problem: the span has the start of the call and all its events and links, and is active from then on', async () => {
    sdk = await listen({ spans: 'on-problem' });
    const tracer = sdk.tracerProvider.getTracer('test');
    const linked = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 };
    const real = ['nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'setTimeout', 'clearTimeout'] as const;
    jest.useFakeTimers({ now: 1_700_000_000_000, doNotFake: [...real] });
    const call = begin(policy, 'get-stock', { 'app.user': 'x' });
    call.event('circuit_half_open', 1, circuitFacts('stock', 'half_open'));
    call.link(linked);
    call.run(1, () => tracer.startSpan('first').end(), attempt(1));
    jest.setSystemTime(1_700_000_000_040);
    call.retry(1, failure(), 5);
    call.run(2, () => tracer.startSpan('second').end(), attempt(2));
    call.endSuccess(2, 5);
    const [first, second, span] = sdk.spans();
    expect(span?.events.map(({ name }) => name)).toEqual(['circuit_half_open', 'retry', 'success']);
    expect(span?.links).toMatchObject([{ traceId: linked.traceId, spanId: linked.spanId }]);
    expect(span?.attributes).toMatchObject({ 'app.user': 'x', 'redress.policy': 'inventory', operation: 'get-stock' });
    expect([span?.startMs, Math.floor(span?.endMs ?? 0)]).toEqual([1_700_000_000_000, 1_700_000_000_040]);
    expect(span?.events.map(({ timeMs }) => Math.floor(timeMs) - 1_700_000_000_000)).toEqual([0, 40, 40]);
    expect(first?.parentSpanId).toBeUndefined();
    expect(second?.parentSpanId).toBe(span?.spanId);
  });

  it('on-problem: an attempt that failed has a span to link to at once', async () => {
    sdk = await listen({ spans: 'on-problem' });
    const call = begin(policy);
    const cause = call.cause();
    call.end({ kind: 'failure', attempts: 1, stopReason: 'NO_STRATEGY', failure: failure() }, 5);
    expect(cause).toMatchObject({ traceId: sdk.span().traceId, spanId: sdk.span().spanId });
  });

  it.each([
    { inside: true, made: 1 },
    { inside: false, made: 0 },
  ])('requireParentSpan, inside a span $inside: $made', async ({ inside, made }) => {
    sdk = await listen({ requireParentSpan: true });
    const parent = trace.wrapSpanContext({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 });
    context.with(inside ? trace.setSpan(context.active(), parent) : context.active(), success);
    expect(sdk.spans()).toHaveLength(made);
    expect(await sdk.values('redress.attempts', 'retry.attempt')).toEqual({ 1: 1 });
  });

  it('attemptSpans: a child for each attempt, active in its function, ERROR where the attempt failed', async () => {
    sdk = await listen({ attemptSpans: true });
    const tracer = sdk.tracerProvider.getTracer('test');
    const call = begin(policy, 'get-stock');
    call.attempt(1);
    call.run(1, () => tracer.startSpan('client').end(), attempt(1));
    call.attemptEnded(1, 5, failure());
    call.retry(1, failure(), 5);
    call.attempt(2);
    call.endSuccess(2, 5);
    const [client, first, second, span] = sdk.spans();
    expect(first).toMatchObject({ name: 'get-stock attempt 1', status: 'error', parentSpanId: span?.spanId });
    expect(first?.attributes).toEqual({
      'redress.policy': 'inventory',
      operation: 'get-stock',
      'retry.attempt': 1,
      'error.class': 'TRANSIENT',
      'error.type': 'TypeError',
    });
    expect(client?.parentSpanId).toBe(first?.spanId);
    expect(second).toMatchObject({ name: 'get-stock attempt 2', status: 'unset', parentSpanId: span?.spanId });
  });
});

describe('events', () => {
  it.each([
    { config: {}, events: ['retry', 'success'] },
    { config: { spanEvents: false }, events: [] },
  ])('on the span with $config: $events', async ({ config, events }) => {
    sdk = await listen(config);
    rescue();
    expect(sdk.span().events.map(({ name }) => name)).toEqual(events);
  });

  it.each([
    { config: {}, events: ['permanent_fail', 'exception'] },
    { config: { exceptionEvents: false }, events: ['permanent_fail'] },
  ])('of a failed call with $config: $events', async ({ config, events }) => {
    sdk = await listen(config);
    begin(policy).end({ kind: 'failure', attempts: 1, stopReason: 'NON_RETRYABLE_CLASS', failure: failure() }, 5);
    expect(sdk.span().events.map(({ name }) => name)).toEqual(events);
  });

  const all = (): void => {
    rescue();
    abort();
    fail();
  };
  it.each<{ config: TelemetryConfig; logs: string[] }>([
    { config: {}, logs: ['retry', 'aborted', 'no_strategy_configured'] },
    { config: { logSeverity: 'DEBUG' }, logs: ['retry', 'aborted', 'no_strategy_configured'] },
    { config: { logSeverity: 'WARN' }, logs: ['no_strategy_configured'] },
    { config: { logSeverity: 'ERROR' }, logs: ['no_strategy_configured'] },
    { config: { logSeverity: 'OFF' }, logs: [] },
    { config: { logSeverity: 'OFF', logSuccess: true }, logs: ['success'] },
    { config: { logSuccess: true }, logs: ['retry', 'success', 'aborted', 'no_strategy_configured'] },
  ])('as log events with $config: $logs', async ({ config, logs }) => {
    sdk = await listen(config);
    all();
    expect(sdk.logs().map(({ eventName }) => eventName)).toEqual(logs.map((name) => `redress.${name}`));
  });
});

describe('attemptDuration', () => {
  it.each([
    { config: {}, values: {} },
    { config: { attemptDuration: true }, values: { TRANSIENT: 1, undefined: 1 } },
  ])('with $config', async ({ config, values }) => {
    sdk = await listen(config);
    rescue();
    expect(await sdk.values('redress.attempt.duration', 'error.class')).toEqual(values);
  });
});

describe('callHook', () => {
  it('is told of each recorded call before its span ends', async () => {
    const calls: CallSummary[] = [];
    sdk = await listen({
      callHook: (span, call) => {
        span.setAttribute('app.seen', true);
        calls.push(call);
      },
    });
    rescue();
    fail();
    expect(calls).toEqual([
      {
        policy: 'inventory',
        operation: 'inventory',
        outcome: 'success',
        attempts: 2,
        durationS: 0.01,
        stopReason: undefined,
        errorClass: undefined,
      },
      {
        policy: 'inventory',
        operation: 'inventory',
        outcome: 'failure',
        attempts: 1,
        durationS: 0.005,
        stopReason: 'NO_STRATEGY',
        errorClass: 'TRANSIENT',
      },
    ]);
    expect(sdk.spans().map(({ attributes }) => attributes['app.seen'])).toEqual([true, true]);
  });
});

it('options change at run time: a call keeps those it began with, counters go on', async () => {
  sdk = await listen();
  const call = begin(policy);
  call.attempt(1);
  sdk.configure({ spans: 'never' });
  success();
  call.endSuccess(1, 5);
  expect(sdk.spans()).toHaveLength(1);
  expect(await sdk.values('redress.attempts', 'retry.attempt')).toEqual({ 1: 2 });
});

it.each([
  ['spans', { spans: 'sometimes' }],
  ['spanEvents', { spanEvents: 'yes' }],
  ['logSeverity', { logSeverity: 'LOUD' }],
  ['maxRows', { maxRows: 3 }],
  ['maxRows', { maxRows: Number.NaN }],
  ['maxOperations', { maxOperations: 0 }],
  ['callHook', { callHook: 7 }],
])('a wrong %s is told through diag, and its default taken', async (name, wrong) => {
  withDiag();
  sdk = await listen(wrong as TelemetryConfig);
  expect(told().filter((line) => line.includes(`option ${name} is `))).toHaveLength(1);
  success();
  expect(sdk.spans()).toHaveLength(1);
});

import { context, trace } from '@opentelemetry/api';
import { createRegistry } from '../policy/Registry.js';
import { CallExpectation } from './CallExpectation.js';
import type { EmittedSpan } from './Emitted.js';
import { FakeClock } from './FakeClock.js';
import { fixed, instant } from './fixedBackoffs.js';
import { inMemoryTelemetry } from './inMemoryTelemetry.js';
import { failing, giving, hanging, script } from './script.js';
import { needed } from './startInMemorySdk.js';
import { TelemetryAssertionError } from './TelemetryAssertionError.js';
import type { TelemetryHarness } from './TelemetryHarness.js';

const open: TelemetryHarness[] = [];

async function harness(...options: Parameters<typeof inMemoryTelemetry>): Promise<TelemetryHarness> {
  const telemetry = await inMemoryTelemetry(...options);
  open.push(telemetry);
  return telemetry;
}

afterEach(async () => {
  for (const telemetry of open.splice(0)) await telemetry.shutdown();
});

function inventory(name = 'inventory') {
  const clock = new FakeClock();
  const options = { clock, retry: { maxAttempts: 3, backoff: fixed(100, 200), budget: false } } as const;
  return { clock, policy: createRegistry().policy(name, options) };
}

/** The message of what `fn` throws. */
async function messageOf(fn: () => unknown): Promise<string> {
  try {
    await fn();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'nothing was thrown';
}

describe('sentences about a call', () => {
  it('hold for a call that was rescued', async () => {
    const telemetry = await harness();
    const { clock, policy } = inventory();
    await clock.until(policy.call(script(failing(503), failing(503), giving('in stock')), { operation: 'get-stock' }));
    telemetry
      .expectOneCall('get-stock')
      .attempts(3)
      .succeeded()
      .rescuedAt(3)
      .waited(100, 200)
      .events('retry', 'retry', 'success')
      .exception(undefined)
      .attribute('redress.policy', 'inventory')
      .attribute('error.class', undefined)
      .status('unset');
    telemetry.expectNoCall('set-stock');
    expect(telemetry.expectCalls(1)).toHaveLength(1);
  });

  it('hold for a call that failed', async () => {
    const telemetry = await harness();
    const { clock, policy } = inventory();
    await clock.until(policy.settle(script(failing(503))));
    telemetry
      .expectOneCall('inventory')
      .attempts(3)
      .failedWith('MAX_ATTEMPTS_GLOBAL')
      .failedWith('MAX_ATTEMPTS_GLOBAL', 'SERVER_ERROR')
      .waited(100, 200)
      .events('retry', 'retry', 'max_attempts_exceeded')
      .exception('Error')
      .status('error');
  });

  it('hold for calls that were aborted, deferred and refused', async () => {
    const telemetry = await harness();
    const clock = new FakeClock();
    const policy = createRegistry().policy('guarded', {
      clock,
      retry: { backoff: instant(), sleep: () => 'defer' },
      circuitBreaker: { trip: { type: 'consecutive', failures: 1 } },
    });
    await policy.settle(giving('never'), { operation: 'abort', signal: AbortSignal.abort() });
    await policy.settle(script(failing(429)), { operation: 'defer' });
    await policy.settle(script(failing(503)), { operation: 'open', retry: false });
    await policy.settle(giving('never'), { operation: 'refuse' });
    telemetry.expectOneCall('abort').aborted().attempts(0).waited().events('aborted');
    telemetry.expectOneCall('defer').scheduled().attempts(1).waited();
    const opener = telemetry.expectOneCall('open').span;
    telemetry.expectOneCall('refuse').rejectedWith('CIRCUIT_OPEN').attempts(0).linkedTo(opener);
    expect(await telemetry.gauge('redress.circuit.state', { 'circuit.name': 'guarded', 'circuit.state': 'open' })).toBe(1);
    policy.dispose();
  });

  it('hold for the parents of spans, across awaits', async () => {
    const telemetry = await harness();
    const [outer, inner] = [inventory('outer').policy, inventory('inner').policy];
    const tracer = telemetry.tracerProvider.getTracer('test');
    await outer.call(async () => {
      await Promise.resolve();
      await inner.call(() => tracer.startSpan('client').end());
    });
    const [client] = telemetry.spans();
    if (client === undefined) throw new Error('no span');
    const [innerCall, outerCall] = [telemetry.expectOneCall('inner'), telemetry.expectOneCall('outer')];
    innerCall.childOf(outerCall.span);
    new CallExpectation(client).childOf(innerCall.span);
    expect(client).toMatchObject({ name: 'client', kind: 'internal', scope: 'test', parentSpanId: innerCall.span.spanId });
    expect(outerCall.span.parentSpanId).toBeUndefined();
  });

  const CALL: EmittedSpan = {
    name: 'get-stock',
    kind: 'internal',
    traceId: 't',
    spanId: 's',
    parentSpanId: undefined,
    startMs: 1_000,
    endMs: 1_500,
    status: 'unset',
    statusMessage: undefined,
    scope: 'test',
    links: [],
    attributes: { 'redress.outcome': 'success', 'redress.attempt_count': 2, operation: 'get-stock' },
    events: [
      { name: 'retry', attributes: { 'retry.attempt': 1, 'redress.backoff.delay': 0.1 }, timeMs: 1_010 },
      { name: 'success', attributes: { 'retry.attempt': 2 }, timeMs: 1_400 },
    ],
  };

  it.each([
    { when: (call: CallExpectation) => call.attempts(3), then: 'expected attempts to be 3, not 2' },
    { when: (call: CallExpectation) => call.rescuedAt(3), then: 'expected the attempt that succeeded to be 3, not 2' },
    {
      when: (call: CallExpectation) => call.failedWith('BUDGET_EXHAUSTED'),
      then: 'expected redress.outcome to be "failure", not "success"',
    },
    {
      when: (call: CallExpectation) => call.rejectedWith('CIRCUIT_OPEN'),
      then: 'expected redress.outcome to be "rejected", not "success"',
    },
    { when: (call: CallExpectation) => call.aborted(), then: 'expected redress.outcome to be "aborted", not "success"' },
    { when: (call: CallExpectation) => call.scheduled(), then: 'expected redress.outcome to be "scheduled", not "success"' },
    { when: (call: CallExpectation) => call.waited(), then: 'expected the delays in ms to be none, not 100' },
    { when: (call: CallExpectation) => call.waited(100, 200), then: 'expected the delays in ms to be 100, 200, not 100' },
    { when: (call: CallExpectation) => call.events('success'), then: 'expected the events to be "success", not "retry", "success"' },
    {
      when: (call: CallExpectation) => call.events('success', 'retry'),
      then: 'expected the events to be "success", "retry", not "retry", "success"',
    },
    { when: (call: CallExpectation) => call.exception('Error'), then: 'expected the exceptions to be "Error", not none' },
    { when: (call: CallExpectation) => call.attribute('operation', 'other'), then: 'expected operation to be "other", not "get-stock"' },
    {
      when: (call: CallExpectation) => call.attribute('operation', undefined),
      then: 'expected operation to be undefined, not "get-stock"',
    },
    { when: (call: CallExpectation) => call.status('error'), then: 'expected the status to be "error", not "unset"' },
    { when: (call: CallExpectation) => call.childOf({ traceId: 'other', spanId: 's' }), then: 'expected the trace to be "other", not "t"' },
    { when: (call: CallExpectation) => call.childOf({ traceId: 't', spanId: 's' }), then: 'expected the parent to be "s", not undefined' },
    { when: (call: CallExpectation) => call.linkedTo({ spanId: 's' }), then: 'expected the links to be "s", not none' },
  ])('say what was emitted when they do not hold: $then', ({ when, then }) => {
    const call = new CallExpectation(CALL);
    expect(() => when(call)).toThrow(
      [
        `call get-stock: ${then}`,
        '',
        'get-stock: redress.outcome=success redress.attempt_count=2 operation=get-stock',
        '      +10.0 ms  retry                retry.attempt=1 redress.backoff.delay=0.1',
        '     +400.0 ms  success              retry.attempt=2',
      ].join('\n'),
    );
  });

  it('are wrong about the other class, the other reason, and a rescue at the first attempt', () => {
    const failure = new CallExpectation({
      ...CALL,
      attributes: { 'redress.outcome': 'failure', 'redress.stop_reason': 'NO_STRATEGY', 'error.class': 'TRANSIENT' },
    });
    expect(() => failure.failedWith('NO_STRATEGY', 'UNKNOWN')).toThrow('expected error.class to be "UNKNOWN", not "TRANSIENT"');
    expect(() => failure.failedWith('BUDGET_EXHAUSTED')).toThrow(
      'expected redress.stop_reason to be "BUDGET_EXHAUSTED", not "NO_STRATEGY"',
    );
    expect(() => failure.succeeded()).toThrow('expected redress.outcome to be "success", not "failure"');
    expect(() => new CallExpectation(CALL).rescuedAt(1)).toThrow(RangeError);
    expect(() => new CallExpectation(CALL).rescuedAt(Number.NaN)).toThrow(RangeError);
  });

  it('carry expected and actual for the test runner', async () => {
    const telemetry = await harness();
    const error = await Promise.resolve()
      .then(() => telemetry.expectOneCall('get-stock'))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TelemetryAssertionError);
    expect(error).toMatchObject({ name: 'TelemetryAssertionError', expected: 1, actual: 0 });
  });

  it('list the calls there were when the number is wrong', async () => {
    const telemetry = await harness();
    expect(await messageOf(() => telemetry.expectOneCall('get-stock'))).toBe('expected 1 call of get-stock, not 0\n\nNo call was emitted.');
    await inventory().policy.call(giving('in stock'), { operation: 'set-stock' });
    expect(await messageOf(() => telemetry.expectOneCall('get-stock'))).toMatch(
      /^expected 1 call of get-stock, not 0\n\nEmitted:\nset-stock: redress\.policy=inventory .*redress\.outcome=success/,
    );
    expect(await messageOf(() => telemetry.expectCalls(2))).toMatch(/^expected 2 calls, not 1\n/);
    expect(await messageOf(() => telemetry.expectNoCall())).toMatch(/^expected no calls, not 1\n/);
  });
});

describe('metrics and logs', () => {
  it('are read by name and attributes, exactly', async () => {
    const telemetry = await harness();
    const { clock, policy } = inventory();
    await clock.until(policy.call(script(failing(503), giving('a')), { operation: 'a' }));
    await clock.until(policy.settle(script(failing(429)), { operation: 'b' }));
    expect(await telemetry.counter('redress.attempts')).toBe(5);
    expect(await telemetry.counter('redress.attempts', { operation: 'a' })).toBe(2);
    expect(await telemetry.counter('redress.attempts', { operation: 'b', 'retry.attempt': 3 })).toBe(1);
    expect(await telemetry.counter('redress.attempts', { operation: 'c' })).toBe(0);
    expect(await telemetry.counter('redress.retries', { 'error.class': 'RATE_LIMIT' })).toBe(2);
    expect(await telemetry.counter('redress.backoff.time')).toBeCloseTo(0.4, 9);
    const { count, sum } = await telemetry.histogram('redress.retry.duration', { 'redress.outcome': 'failure' });
    expect(count).toBe(1);
    expect(sum).toBeCloseTo(0.3, 9);
    expect(await telemetry.gauge('redress.attempt.abandoned', { 'redress.policy': 'inventory' })).toBe(0);
    const durations = (await telemetry.metrics()).find(({ name, attributes }) => {
      return name === 'redress.retry.duration' && attributes['redress.outcome'] === 'failure';
    });
    expect(durations).toMatchObject({ kind: 'histogram', unit: 's', count: 1 });
    expect(telemetry.logs().map(({ eventName, severityText }) => `${severityText} ${eventName}`)).toEqual([
      'INFO redress.retry',
      'INFO redress.retry',
      'INFO redress.retry',
      'ERROR redress.max_attempts_exceeded',
    ]);
    const failure = telemetry.expectOneCall('b').span;
    expect(telemetry.logs().at(-1)).toMatchObject({ spanId: failure.spanId, traceId: failure.traceId, severityNumber: 17 });
    policy.dispose();
  });

  it.each([
    {
      when: (telemetry: TelemetryHarness) => telemetry.counter('redress.atempts'),
      then: /^redress has no counter redress\.atempts; it has redress\.events, /,
    },
    {
      when: (telemetry: TelemetryHarness) => telemetry.counter('redress.retry.duration'),
      then: /^redress has no counter redress\.retry\.duration/,
    },
    { when: (telemetry: TelemetryHarness) => telemetry.gauge('redress.attempts'), then: /^redress has no gauge redress\.attempts/ },
    { when: (telemetry: TelemetryHarness) => telemetry.histogram('redress.attempts'), then: /^redress has no histogram redress\.attempts/ },
    {
      when: (telemetry: TelemetryHarness) => telemetry.gauge('redress.circuit.state', { 'circuit.name': 'none' }),
      then: /^expected one series of redress\.circuit\.state with \{"circuit\.name":"none"\}/,
    },
    {
      when: (telemetry: TelemetryHarness) => telemetry.gauge('redress.circuit.state', { 'circuit.name': 'asked' }),
      then: /^expected one series of redress\.circuit\.state[\s\S]*redress\.circuit\.state\{circuit\.name=asked circuit\.state=closed\} 1/,
    },
  ])('answer a wrong question with $then', async ({ when, then }) => {
    const telemetry = await harness();
    const policy = createRegistry().policy('asked', { circuitBreaker: {} });
    expect(await messageOf(() => when(telemetry))).toMatch(then);
    policy.dispose();
  });

  it('come with what the config asks for', async () => {
    const telemetry = await harness({ config: { spans: 'never', logSuccess: true } });
    await inventory().policy.call(giving('in stock'));
    telemetry.expectNoCall();
    expect(telemetry.logs().map(({ eventName }) => eventName)).toEqual(['redress.success']);
    expect(await messageOf(() => telemetry.conserve())).toBe("conserve needs spans 'always' and spanEvents true, not 'never' and true");
  });
});

describe('conserve', () => {
  it('gives what happened', async () => {
    const telemetry = await harness();
    expect(await telemetry.conserve()).toEqual({ calls: 0, attempts: 0, retries: 0, rescues: 0 });
    const { clock, policy } = inventory();
    await clock.until(policy.call(script(failing(503), giving('a')), { operation: 'a' }));
    await clock.until(policy.settle(script(failing(429)), { operation: 'b' }));
    await policy.settle(script(failing(400)), { operation: 'c' });
    expect(await telemetry.conserve()).toEqual({ calls: 3, attempts: 6, retries: 3, rescues: 1 });
  });

  it('leaves out what happens to circuits outside of calls', async () => {
    const telemetry = await harness();
    const circuitBreaker = { trip: { type: 'consecutive', failures: 1 } } as const;
    const policy = createRegistry().policy('guarded', { retry: false, circuitBreaker });
    await policy.settle(script(failing(503)));
    policy.circuitBreaker.reset();
    policy.circuitBreaker.forceOpen();
    await policy.settle(giving('never'));
    expect(await telemetry.counter('redress.events', { 'redress.event': 'circuit_opened' })).toBe(2);
    expect(await telemetry.conserve()).toEqual({ calls: 2, attempts: 1, retries: 0, rescues: 0 });
    policy.dispose();
  });

  it('tells a total that was lost', async () => {
    const telemetry = await harness();
    const { policy } = inventory();
    await policy.call(giving('a'));
    await telemetry.reset();
    await policy.call(giving('b'));
    const forgotten = jest.spyOn(telemetry, 'calls').mockReturnValue([]);
    const message = await messageOf(() => telemetry.conserve());
    forgotten.mockRestore();
    expect(message).toMatch(
      /^expected the sums over all series to equal what happened, but attempts, calls by outcome success, event success differ\n/,
    );
    expect(message).toContain('! attempts                                 spans 0  metrics 1');
  });
});

describe('harnesses in one process', () => {
  it('in turn do not see the data of one another', async () => {
    const first = await inMemoryTelemetry();
    const { policy } = inventory();
    await policy.call(giving('a'), { operation: 'first' });
    await first.shutdown();
    await policy.call(giving('a'), { operation: 'between' });
    const second = await harness();
    await policy.call(giving('a'), { operation: 'second' });
    expect(first.calls().map(({ name }) => name)).toEqual(['first']);
    expect(second.calls().map(({ name }) => name)).toEqual(['second']);
    expect(await first.counter('redress.attempts')).toBe(1);
    expect(await second.counter('redress.attempts')).toBe(1);
    expect(await second.conserve()).toMatchObject({ calls: 1 });
  });

  it('at once: the later takes over, the earlier keeps what it had', async () => {
    const first = await harness();
    const { policy } = inventory();
    await policy.call(giving('a'), { operation: 'first' });
    const [second, third] = await Promise.all([harness(), harness()]);
    await policy.call(giving('a'), { operation: 'third' });
    await first.shutdown();
    await policy.call(giving('a'), { operation: 'third' });
    for (const [telemetry, names] of [
      [first, ['first']],
      [second, []],
      [third, ['third', 'third']],
    ] as const) {
      expect(telemetry.calls().map(({ name }) => name)).toEqual(names);
      expect(await telemetry.counter('redress.attempts')).toBe(names.length);
      expect((await telemetry.conserve()).calls).toBe(names.length);
    }
  });

  it('count from a reset', async () => {
    const telemetry = await harness();
    const { clock, policy } = inventory();
    await clock.until(policy.call(script(failing(503), giving('a')), { operation: 'a' }));
    await telemetry.reset();
    expect(telemetry.spans()).toEqual([]);
    expect(telemetry.logs()).toEqual([]);
    expect(await telemetry.counter('redress.attempts')).toBe(0);
    expect((await telemetry.metrics()).filter(({ kind }) => kind === 'counter' || kind === 'histogram')).toEqual([]);
    expect(await telemetry.conserve()).toEqual({ calls: 0, attempts: 0, retries: 0, rescues: 0 });
    await clock.until(policy.call(script(failing(503), giving('a')), { operation: 'a' }));
    expect(await telemetry.conserve()).toEqual({ calls: 1, attempts: 2, retries: 1, rescues: 1 });
    const { count, sum } = await telemetry.histogram('redress.retry.duration');
    expect([count, Math.round(sum * 1_000)]).toEqual([1, 100]);
    const histogram = (await telemetry.metrics()).find(({ kind }) => kind === 'histogram');
    expect(histogram?.kind === 'histogram' && histogram.buckets.reduce((a, b) => a + b, 0)).toBe(1);
    await telemetry.shutdown();
    await telemetry.reset();
    expect(await telemetry.metrics()).toEqual([]);
  });

  it('give the context manager back with the last of them, and leave a foreign one alone', async () => {
    const kept = (): boolean =>
      context.with(
        trace.setSpan(context.active(), trace.wrapSpanContext({ traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 })),
        () => trace.getActiveSpan() !== undefined,
      );
    expect(kept()).toBe(false);
    const [first, second] = [await inMemoryTelemetry(), await inMemoryTelemetry()];
    await first.shutdown();
    await first.shutdown();
    expect(kept()).toBe(true);
    await second.shutdown();
    expect(kept()).toBe(false);
    const { AsyncLocalStorageContextManager } = await import('@opentelemetry/context-async-hooks');
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    try {
      await (await inMemoryTelemetry()).shutdown();
      expect(kept()).toBe(true);
    } finally {
      context.disable();
    }
  });

  it('bind functions to a context, with this and arguments', async () => {
    await harness();
    const active = trace.setSpanContext(context.active(), { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 });
    const owner = {
      prefix: 'span ',
      name(suffix: string) {
        return this.prefix + (trace.getActiveSpan()?.spanContext().spanId ?? 'none') + suffix;
      },
    };
    expect(context.bind(active, owner.name).call(owner, '!')).toBe(`span ${'2'.repeat(16)}!`);
    expect(owner.name('!')).toBe('span none!');
    expect(context.bind(active, owner)).toBe(owner);
  });

  it('name the package that is missing', async () => {
    const cause = new Error('Cannot find package');
    const error = await needed('@opentelemetry/sdk-logs', Promise.reject(cause)).catch((thrown: unknown) => thrown);
    expect(error).toEqual(new Error('inMemoryTelemetry needs @opentelemetry/sdk-logs: npm install --save-dev @opentelemetry/sdk-logs'));
    expect(error).toHaveProperty('cause', cause);
  });
});

describe('scripts', () => {
  it.each([
    { given: 'a status', step: failing(503), then: { status: 503, message: 'status 503' } },
    { given: 'a code', step: failing('ECONNRESET'), then: { code: 'ECONNRESET', message: 'ECONNRESET' } },
    { given: 'a value', step: failing(null), then: null },
  ])('fail with $given', async ({ step, then }) => {
    const thrown: unknown = await script(step)(attempt(new AbortController().signal)).catch((error: unknown) => error);
    if (then === null) expect(thrown).toBeNull();
    else expect(thrown).toMatchObject(then);
  });

  it('go through their steps, stay at the last one, and keep the attempts', async () => {
    const fn = script<string>(failing(503), giving('one'), giving('two'));
    const given = attempt(new AbortController().signal);
    await expect(fn(given)).rejects.toMatchObject({ status: 503 });
    expect([await fn(given), await fn(given), await fn(given)]).toEqual(['one', 'two', 'two']);
    expect(fn.attempts).toEqual([given, given, given, given]);
    expect(() => script()).toThrow(new RangeError('a script needs at least one step'));
  });

  it('hang until the signal fires', async () => {
    const controller = new AbortController();
    const hung = script(hanging)(attempt(controller.signal));
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(hung).rejects.toBe(reason);
    await expect(script(hanging)(attempt(controller.signal))).rejects.toBe(reason);
  });

  function attempt(signal: AbortSignal) {
    return { number: 1, signal, operation: 'get-stock', remainingMs: 1_000 };
  }
});

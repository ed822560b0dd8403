import { diag, DiagLogLevel, type Span, type TracerProvider } from '@opentelemetry/api';
import { telemetry as core, type TelemetryBinding } from '../telemetry/index.js';
import type { CallOptions } from './CallOptions.js';
import type { PolicyOptions } from '../policy/PolicyOptions.js';
import { createRegistry } from '../policy/Registry.js';
import { FakeClock } from '../testing/FakeClock.js';
import { fixed } from '../testing/fixedBackoffs.js';
import { inMemoryTelemetry } from '../testing/inMemoryTelemetry.js';
import { gives, rejects, scripted, throws, withStatus, type Step } from './fixtures/script.js';

const busy = withStatus(503);
const boom = (): never => {
  throw new Error('boom');
};

let told: unknown[][] = [];
beforeEach(() => {
  told = [];
  const warn = (...message: unknown[]): void => void told.push(message);
  const quiet = (): void => undefined;
  diag.setLogger(
    { warn, error: warn, info: quiet, debug: quiet, verbose: quiet },
    { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true },
  );
});
afterEach(() => diag.disable());

const warnings = (text: string): unknown[][] => told.filter((message) => message.some((part) => String(part).includes(text)));

function setUp(options: PolicyOptions = {}) {
  const clock = new FakeClock();
  const policy = createRegistry().policy('observed', { clock, retry: { backoff: fixed(100) }, ...options });
  return { clock, policy };
}

describe('what the user gives to decide, when it throws', () => {
  it.each<{
    given: string;
    options?: PolicyOptions;
    call?: CallOptions;
    steps: readonly Step[];
    says: string;
    times: number;
    then: object;
  }>([
    {
      given: '[call.classifier-throw-unknown] classify',
      options: { classify: boom },
      steps: [rejects(busy)],
      says: 'classify threw; the failure counts as UNKNOWN',
      times: 2,
      then: { stopReason: 'MAX_UNKNOWN_ATTEMPTS', error: busy },
    },
    {
      given: '[call.classifier-throw-unknown] classifyResult',
      call: { classifyResult: boom },
      steps: [gives('ok')],
      says: 'classifyResult threw; the result counts as UNKNOWN',
      times: 2,
      then: { stopReason: 'MAX_UNKNOWN_ATTEMPTS', lastResult: 'ok' },
    },
    {
      given: '[call.backoff-throw-zero] a backoff',
      options: { retry: { backoff: boom } },
      steps: [rejects(busy)],
      says: 'a backoff threw; it counts as 0 ms',
      times: 2,
      then: { stopReason: 'MAX_ATTEMPTS_GLOBAL', error: busy, elapsedMs: 0 },
    },
    {
      given: '[call.backoff-throw-zero] a backoff before the budget is asked',
      options: { retry: { backoff: boom, budget: { max: 1, windowMs: 60_000 } } },
      steps: [rejects(busy)],
      says: 'a backoff threw; it counts as 0 ms',
      times: 2,
      then: { stopReason: 'BUDGET_EXHAUSTED', error: busy, attempts: 2 },
    },
    {
      given: '[retry.before-sleep-error] beforeSleep',
      call: { beforeSleep: boom },
      steps: [rejects(busy), gives('ok')],
      says: 'beforeSleep threw',
      times: 1,
      then: { ok: true, attempts: 2 },
    },
    {
      given: '[retry.before-sleep-error] a beforeSleep that rejects',
      call: { beforeSleep: async () => boom() },
      steps: [rejects(busy), gives('ok')],
      says: 'beforeSleep threw',
      times: 1,
      then: { ok: true, attempts: 2 },
    },
    {
      given: 'a sleep handler',
      call: { sleep: boom },
      steps: [rejects(busy), gives('ok')],
      says: 'the sleep handler threw; the retry sleeps',
      times: 1,
      then: { ok: true, attempts: 2, elapsedMs: 100 },
    },
    {
      given: 'a verdict without a class',
      options: { classify: () => 'NONSENSE' as 'AUTH' },
      steps: [rejects(busy)],
      says: 'a classifier must give an error class, a classification or undefined; got NONSENSE; it counts as UNKNOWN',
      times: 2,
      then: { errorClass: 'UNKNOWN', error: busy },
    },
    {
      given: '[call.backoff-throw-zero] the recovery time of a breaker',
      options: { circuitBreaker: { trip: { type: 'consecutive', failures: 1 }, recoveryMs: boom } },
      steps: [throws(busy), gives('ok')],
      says: 'recoveryMs threw; it counts as 0 ms',
      times: 1,
      then: { ok: true, attempts: 2 },
    },
  ])('$given, is told through diag and no more', async ({ options, call, steps, says, times, then }) => {
    const { clock, policy } = setUp(options);
    expect(await clock.until(policy.settle(scripted(...steps).fn, call))).toMatchObject(then);
    expect(warnings(says)).toHaveLength(times);
    if (!says.startsWith('a classifier')) expect(warnings('boom').length).toBeGreaterThan(0);
  });
});

describe('[call.observers-cannot-break] [call.observer-throw-told]', () => {
  const throwingSpan = (): Span =>
    new Proxy({} as Span, {
      get: () => boom,
    });
  const bindings: readonly { given: string; binding: TelemetryBinding }[] = [
    { given: 'a tracer provider that throws', binding: { tracerProvider: { getTracer: boom } } },
    { given: 'a tracer that throws', binding: { tracerProvider: { getTracer: () => ({ startSpan: boom, startActiveSpan: boom }) } } },
    {
      given: 'a tracer that throws when a problem shows',
      binding: {
        tracerProvider: { getTracer: () => ({ startSpan: boom, startActiveSpan: boom }) },
        config: { spans: 'on-problem' },
      },
    },
    {
      given: 'a span that throws at every method',
      binding: { tracerProvider: { getTracer: () => ({ startSpan: throwingSpan, startActiveSpan: boom }) } as TracerProvider },
    },
    { given: 'a log sink that throws', binding: { logSink: { emit: boom } } },
    { given: 'a meter provider that throws', binding: { meterProvider: { getMeter: boom } } },
  ];

  it.each(bindings)('$given changes no outcome, and is told', async ({ binding }) => {
    const unbind = core().bind(binding);
    try {
      const { clock, policy } = setUp({ attemptTimeoutMs: 50, circuitBreaker: { trip: { type: 'consecutive', failures: 9 } } });
      expect(await policy.settle(gives('ok'))).toMatchObject({ ok: true, value: 'ok' });
      expect(await clock.until(policy.settle(scripted(rejects(busy), gives('ok')).fn))).toMatchObject({ ok: true, attempts: 2 });
      await expect(clock.until(policy.call(throws(busy)))).rejects.toBe(busy);
      expect(await clock.until(policy.settle(() => new Promise(() => undefined)))).toMatchObject({ ok: false, attempts: 3 });
      policy.circuitBreaker?.forceOpen();
      expect(await policy.settle(gives('ok'))).toMatchObject({ stopReason: 'CIRCUIT_OPEN' });
      expect(warnings('boom').length).toBeGreaterThan(0);
      policy.dispose();
    } finally {
      unbind();
    }
  });

  it('a hook that throws changes no outcome, and is told', async () => {
    const telemetry = await inMemoryTelemetry({ config: { callHook: boom } });
    try {
      const { clock, policy } = setUp();
      expect(await policy.settle(gives('ok'))).toMatchObject({ ok: true, value: 'ok', attempts: 1 });
      const { fn, attempts } = scripted(rejects(busy), gives('ok'));
      expect(await clock.until(policy.settle(fn))).toMatchObject({ ok: true, value: 'ok', attempts: 2 });
      expect(attempts).toHaveLength(2);
      await expect(clock.until(policy.call(throws(busy)))).rejects.toBe(busy);
      expect(warnings('boom').length).toBeGreaterThan(0);
      telemetry.expectCalls(3);
    } finally {
      await telemetry.shutdown();
    }
  });

  it('a diag logger that throws changes no outcome', async () => {
    const quiet = (): void => undefined;
    diag.setLogger(
      { warn: boom, error: boom, info: quiet, debug: quiet, verbose: quiet },
      { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true },
    );
    const { clock, policy } = setUp({ classify: boom });
    await expect(clock.until(policy.call(throws(busy), { beforeSleep: boom }))).rejects.toBe(busy);
  });
});

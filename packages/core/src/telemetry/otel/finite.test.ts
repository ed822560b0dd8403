import fc from 'fast-check';
import type { Backoff } from '../../model/Backoff.js';
import type { Clock } from '../../model/Clock.js';
import type { PolicyOptions } from '../../policy/PolicyOptions.js';
import { createRegistry } from '../../policy/Registry.js';
import type { InMemorySdk } from '../../testing/InMemorySdk.js';
import { startInMemorySdk } from '../../testing/startInMemorySdk.js';
import { begin, budget, circuitFacts, failure, rejectedBy, showCircuit } from '../fixtures/calls.js';
import { type Given, watchedMeters } from '../fixtures/watchedMeters.js';
import { telemetry } from './install.js';

const given: Given[] = [];
let sdk: InMemorySdk;
let unbind: () => void;
let number = 0;
beforeAll(async () => {
  sdk = await startInMemorySdk();
  const { tracerProvider, meterProvider, logSink } = sdk;
  const config = { logSeverity: 'DEBUG', logSuccess: true, attemptDuration: true, attemptSpans: true } as const;
  unbind = telemetry().bind({ tracerProvider, meterProvider: watchedMeters(meterProvider, given), logSink, config });
});
afterAll(async () => {
  unbind();
  await sdk.shutdown();
});

/** Every number in a value, however deep. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

async function expectFinite(): Promise<void> {
  const series = await sdk.series();
  expect(given.length).toBeGreaterThan(0);
  const told = [given, series, sdk.spans(), sdk.logs().map(({ timeMs, attributes }) => ({ timeMs, attributes }))];
  expect(told.flatMap(numbersIn).filter((each) => !Number.isFinite(each))).toEqual([]);
  for (const { value } of given) expect(typeof value).toBe('number');
  given.length = 0;
  sdk.forget();
}

const hostile = fc.oneof(
  fc.constantFrom(Number.NaN, Infinity, -Infinity, -1, -0, 0, Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, 2 ** 53, 1e300),
  fc.double(),
);
/** What a user's function gives, in turn. */
const giving = fc.array(hostile, { minLength: 1, maxLength: 8 }).map((values) => {
  let asked = 0;
  return (): number => values[asked++ % values.length] ?? 0;
});

/** Tells any time at all, and rings at once. */
function clockOf(now: () => number): Clock {
  return {
    now,
    setTimeout: (callback) => setImmediate(callback),
    clearTimeout: (handle) => clearImmediate(handle as NodeJS.Immediate),
  };
}

const optionsOf = (now: () => number, delay: () => number, random: () => number, honest: boolean): PolicyOptions => ({
  ...(honest ? {} : { clock: clockOf(now) }),
  random,
  retry: { backoff: delay as Backoff, maxAttempts: 3, budget: { maxSaved: Number.MAX_SAFE_INTEGER, ratio: 1 } },
  circuitBreaker: { trip: { type: 'rate', minimumCalls: 1, slowCallMs: 1, slowCallRate: 1 }, recoveryMs: delay as Backoff },
});

describe('what is told', () => {
  it('[telemetry.finite] has no number that is not finite, whatever a clock, a backoff, a recovery time and a chance give', async () => {
    const property = fc.asyncProperty(giving, giving, giving, fc.boolean(), fc.integer({ min: 0, max: 4 }), async (...made) => {
      const [now, delay, random, honest, failures] = made;
      const policy = createRegistry().policy(`hostile ${number++ % 20}`, optionsOf(now, delay, random, honest));
      const controller = new AbortController();
      const busy = Object.assign(new Error('busy'), { status: 503, headers: { 'retry-after': String(delay()) } });
      let calls = 0;
      const fn = async (): Promise<string> => {
        if (calls++ < failures) throw busy;
        return 'ok';
      };
      const attributes = { price: delay(), prices: [1, now()] };
      const all = Promise.all([1, 2, 3].map(() => policy.settle(fn, { attributes, signal: controller.signal })));
      for (let turn = 0; turn < 12; turn++) await new Promise((resolve) => setImmediate(resolve));
      policy.circuitBreaker?.forceOpen();
      await expectFinite();
      controller.abort();
      await all;
      policy.dispose();
      await expectFinite();
    });
    await fc.assert(property, { numRuns: 60 });
  }, 60_000);

  it.each([Number.NaN, -1, Infinity, -Infinity, Number.MAX_VALUE])('[telemetry.finite] counts a time of %p ms as none', async (ms) => {
    const policy = telemetry().policy({ policy: `time ${ms}` });
    const call = begin(policy);
    call.attempt(1);
    call.attemptEnded(1, ms, failure());
    call.ranOn('TRANSIENT', ms);
    call.waited('TRANSIENT', ms);
    call.endSuccess(1, ms);
    const timed = (await sdk.series()).filter(({ unit, attributes }) => unit === 's' && attributes['redress.policy'] === policy.name);
    expect(timed.map((row) => [row.name, row.kind === 'histogram' ? row.sum : row.value]).sort()).toEqual([
      ['redress.attempt.duration', 0],
      ['redress.backoff.time', 0],
      ['redress.retry.duration', 0],
      ['redress.wasted.time', 0],
      ['redress.wasted.time', 0],
    ]);
  });

  it('[telemetry.finite] has none either where another library or a gauge gives it', async () => {
    const policy = telemetry().policy(
      { policy: 'foreign', library: 'other' },
      budget(() => Number.NaN),
    );
    const property = fc.asyncProperty(giving, async (any) => {
      const circuit = showCircuit('any', {
        failureRatio: any,
        timeInState: () => ({ closed: any(), open: any(), half_open: any(), forced_open: any() }),
      });
      const call = begin(policy, 'any', { price: any(), prices: [any(), 1] });
      call.attempt(1);
      call.attemptEnded(1, any(), failure('RATE_LIMIT', { retryAfterMs: any() }));
      call.ranOn('TRANSIENT', any());
      call.retry(1, failure('RATE_LIMIT', { retryAfterMs: any() }), any());
      call.waited('RATE_LIMIT', any());
      call.event('circuit_opened', any(), { ...circuitFacts('any', 'open'), 'redress.circuit.open_for': any() });
      call.endSuccess(any(), any());
      const { refusal, ...end } = rejectedBy('any', 'open', 1, failure());
      const facts = () => ({ ...refusal.facts(), 'redress.retry_after': any() });
      begin(policy, 'any').end({ ...end, refusal: { ...refusal, facts } }, any());
      begin(policy, 'any').end({ kind: 'scheduled', attempts: 1, stopReason: 'SCHEDULED', failure: failure(), delayMs: any() }, any());
      begin(policy, 'any').end({ kind: 'aborted', attempts: any(), completed: any(), stopReason: 'ABORTED' }, any());
      await expectFinite();
      circuit.dispose();
      await expectFinite();
    });
    await fc.assert(property, { numRuns: 60 });
  }, 60_000);
});

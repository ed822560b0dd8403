import { GATES } from '../gates/list.js';
import { AROUND } from '../around/list.js';
import fc from 'fast-check';
import { CircuitBreaker } from '../gates/breaker/CircuitBreaker.js';
import type { PolicyOptions } from './PolicyOptions.js';
import { createRegistry } from './Registry.js';
import { RetryBudget } from '../retry/budget/RetryBudget.js';
import { FakeClock } from '../testing/FakeClock.js';

/** What is said of these options, or that nothing is. */
function said(options: unknown): string {
  try {
    createRegistry().policy('p', options as PolicyOptions);
  } catch (error) {
    return error instanceof TypeError ? error.message : `not a TypeError: ${String(error)}`;
  }
  return 'nothing';
}

const MS = 'a finite number of milliseconds above 0';
const COUNT = 'a whole number, at least 1';
const SHARE = 'a number above 0 and at most 1';
const CLASSES = 'AUTH, PERMISSION, PERMANENT, CONCURRENCY, RATE_LIMIT, SERVER_ERROR, TRANSIENT, UNKNOWN';
const RETRY = 'maxAttempts, maxUnknownAttempts, maxAttemptsByClass, backoff, backoffByClass, budget, sleep, beforeSleep';
const gates = GATES.map(({ option }) => option).join(', ');
const around = AROUND.map(({ option }) => option).join(', ');
const POLICY = `timeoutMs, attemptTimeoutMs, retry, ${gates}, ${around}, hedge, order, classify, classifyResult, clock, random, keepAlive, critical`;
const BREAKER = 'name, trip, tripOn, recoveryMs, probes, successThreshold, maxProbeMs, scope, observeOnly, onTransition';

describe('[call.options-validated] a wrong option of a policy is told by name, value and rule', () => {
  it.each<[unknown, string]>([
    [null, 'policy p: options must be an object; got null'],
    [5, 'policy p: options must be an object; got 5'],
    [{ timeoutMs: 0 }, `policy p: timeoutMs must be ${MS}; got 0`],
    [{ timeoutMs: -1 }, `policy p: timeoutMs must be ${MS}; got -1`],
    [{ timeoutMs: '5s' }, `policy p: timeoutMs must be ${MS}; got "5s"`],
    [{ timeoutMs: null }, `policy p: timeoutMs must be ${MS}; got null`],
    [{ attemptTimeoutMs: 0 }, `policy p: attemptTimeoutMs must be ${MS}; got 0`],
    [{ retry: true }, 'policy p: retry must be an object, or false; got true'],
    [{ retry: 3 }, 'policy p: retry must be an object, or false; got 3'],
    [{ retry: null }, 'policy p: retry must be an object, or false; got null'],
    [{ circuitBreaker: true }, 'policy p: circuitBreaker must be an object, or false; got true'],
    [{ classify: 'http' }, 'policy p: classify must be a function; got "http"'],
    [{ classifyResult: {} }, 'policy p: classifyResult must be a function; got [object Object]'],
    [{ clock: {} }, 'policy p: clock must be a clock with now, setTimeout and clearTimeout; got [object Object]'],
    [
      { clock: Date },
      expect.stringContaining('policy p: clock must be a clock with now, setTimeout and clearTimeout; got function Date()') as never,
    ],
    [{ random: 0.5 }, 'policy p: random must be a function; got 0.5'],
    [{ keepAlive: 'yes' }, 'policy p: keepAlive must be true or false; got "yes"'],
    [{ retry: { maxUnknownAttempts: 0 } }, `policy p: retry.maxUnknownAttempts must be ${COUNT}; got 0`],
    [{ retry: { maxAttemptsByClass: 2 } }, 'policy p: retry.maxAttemptsByClass must be an object; got 2'],
    [{ retry: { maxAttemptsByClass: { RATE: 1 } } }, `policy p: unknown option retry.maxAttemptsByClass.RATE (1); known are ${CLASSES}`],
    [{ retry: { backoff: 100 } }, 'policy p: retry.backoff must be a function; got 100'],
    [{ retry: { backoffByClass: { TRANSIENT: 5 } } }, 'policy p: retry.backoffByClass.TRANSIENT must be a function; got 5'],
    [{ retry: { budget: true } }, 'policy p: retry.budget must be an object, or false; got true'],
    [{ retry: { sleep: 'defer' } }, 'policy p: retry.sleep must be a function; got "defer"'],
    [{ retry: { beforeSleep: 1 } }, 'policy p: retry.beforeSleep must be a function; got 1'],
    [{ retry: { budget: { minPerSecond: -1 } } }, 'policy p, retry.budget: minPerSecond must be a finite number, at least 0; got -1'],
    [{ retry: { budget: { windowMs: 0 } } }, `policy p, retry.budget: windowMs must be ${MS}; got 0`],
    [{ retry: { budget: { max: 5 } } }, `policy p, retry.budget: windowMs must be ${MS} beside max; got undefined`],
    [
      { retry: { budget: { max: 5, windowMs: 1, ratio: 0.1 } } },
      'policy p, retry.budget: unknown option ratio (0.1); known are max, windowMs',
    ],
    [{ circuitBreaker: { name: '' } }, 'policy p, circuitBreaker: name must be a string that is not empty; got ""'],
    [{ circuitBreaker: { trip: 'rate' } }, 'policy p, circuitBreaker: trip must be an object; got "rate"'],
    [{ circuitBreaker: { trip: {} } }, 'policy p, circuitBreaker: trip.type must be one of rate, count, consecutive; got undefined'],
    [
      { circuitBreaker: { trip: { type: 'ratio' } } },
      'policy p, circuitBreaker: trip.type must be one of rate, count, consecutive; got "ratio"',
    ],
    [
      { circuitBreaker: { trip: { type: 'constructor' } } },
      'policy p, circuitBreaker: trip.type must be one of rate, count, consecutive; got "constructor"',
    ],
    [
      { circuitBreaker: { trip: { type: 'count', windowMs: 1 } } },
      `policy p, circuitBreaker: trip.failures must be ${COUNT}; got undefined`,
    ],
    [{ circuitBreaker: { trip: { type: 'count', failures: 1 } } }, `policy p, circuitBreaker: trip.windowMs must be ${MS}; got undefined`],
    [{ circuitBreaker: { trip: { type: 'consecutive' } } }, `policy p, circuitBreaker: trip.failures must be ${COUNT}; got undefined`],
    [
      { circuitBreaker: { trip: { type: 'consecutive', failures: 1, windowMs: 5 } } },
      'policy p, circuitBreaker: unknown option trip.windowMs (5); known are type, failures',
    ],
    [
      { circuitBreaker: { trip: { type: 'rate', windowMs: 5, windowCalls: 5 } } },
      'policy p, circuitBreaker: trip.windowMs must be absent beside trip.windowCalls; got 5',
    ],
    [
      { circuitBreaker: { trip: { type: 'rate', slowCallRate: 0.5 } } },
      'policy p, circuitBreaker: trip.slowCallMs must be given beside trip.slowCallRate; got undefined',
    ],
    [
      { circuitBreaker: { trip: { type: 'rate', windowCalls: 5, minimumCalls: 6 } } },
      'policy p, circuitBreaker: trip.minimumCalls must be at most trip.windowCalls (5), or the circuit could never open; got 6',
    ],
    [
      { circuitBreaker: { tripOn: 'TRANSIENT' } },
      `policy p, circuitBreaker: tripOn must be a list, each one of ${CLASSES}; got "TRANSIENT"`,
    ],
    [{ circuitBreaker: { tripOn: ['5xx'] } }, `policy p, circuitBreaker: tripOn must be a list, each one of ${CLASSES}; got ["5xx"]`],
    [{ circuitBreaker: { recoveryMs: 0 } }, `policy p, circuitBreaker: recoveryMs must be ${MS}, or a backoff; got 0`],
    [{ circuitBreaker: { maxProbeMs: 0 } }, `policy p, circuitBreaker: maxProbeMs must be ${MS}; got 0`],
    [{ circuitBreaker: { scope: 'policy' } }, 'policy p, circuitBreaker: scope must be one of attempt, call; got "policy"'],
    [{ circuitBreaker: { observeOnly: 1 } }, 'policy p, circuitBreaker: observeOnly must be true or false; got 1'],
    [{ cache: 5 }, 'policy p: cache must be an object, or false; got 5'],
    [{ cache: {} }, `policy p, cache: ttlMs must be ${MS}; got undefined`],
    [{ cache: { ttlMs: 0 } }, `policy p, cache: ttlMs must be ${MS}; got 0`],
    [{ cache: { ttlMs: 1, jitter: 1.1 } }, 'policy p, cache: jitter must be a number from 0 to 1; got 1.1'],
    [{ cache: { ttlMs: 1, maxEntries: 0 } }, `policy p, cache: maxEntries must be ${COUNT}; got 0`],
    [{ cache: { ttlMs: 1, maxSize: 0, sizeOf: () => 1 } }, 'policy p, cache: maxSize must be a finite number above 0; got 0'],
    [{ cache: { ttlMs: 1, maxSize: 1 } }, 'policy p, cache: sizeOf must be given beside maxSize; got undefined'],
    [{ cache: { ttlMs: 1, sizeOf: () => 1 } }, 'policy p, cache: maxSize must be given beside sizeOf; got undefined'],
    [
      { cache: { ttlMs: 1, staleIfErrorMs: -1 } },
      'policy p, cache: staleIfErrorMs must be a finite number of milliseconds, at least 0; got -1',
    ],
    [{ cache: { ttlMs: 1, store: { get() {} } } }, 'policy p, cache: store must be a store with get, set and delete; got [object Object]'],
    [{ cache: { ttlMs: 1, store: new Map(), maxEntries: 5 } }, 'policy p, cache: maxEntries must be absent beside store; got 5'],
    [{ cache: { ttlMs: 1, ttl: 5 } }, expect.stringContaining('policy p, cache: unknown option ttl (5); known are ttlMs, jitter') as never],
    [{ timeoutMs: Symbol('s') }, `policy p: timeoutMs must be ${MS}; got Symbol(s)`],
    [{ timeoutMs: Object.create(null) }, `policy p: timeoutMs must be ${MS}; got object`],
  ])('%j', (options, text) => {
    expect(said(options)).toEqual(text);
  });

  it.each([
    [undefined, 'policy: name must be a string that is not empty; got undefined'],
    ['', 'policy: name must be a string that is not empty; got ""'],
    [5, 'policy: name must be a string that is not empty; got 5'],
  ])('the name %p', (name, text) => {
    expect(() => createRegistry().policy(name as string)).toThrow(new TypeError(text));
  });

  it.each([
    [{ attemptTimeoutMs: 1_001, timeoutMs: 1_000 }, 'policy p: attemptTimeoutMs must be at most timeoutMs (1000); got 1001'],
    [{ attemptTimeoutMs: 1_000, timeoutMs: 1_000 }, 'nothing'],
    [{ attemptTimeoutMs: 60_000 }, 'nothing'],
    [{ timeoutMs: 1_000 }, 'nothing'],
  ])('[call.options-timeout-order] %j', (options, text) => {
    expect(said(options)).toBe(text);
  });

  it.each(
    [0, -0.1, 1.1, Number.NaN, Infinity, '0.5'].flatMap((rate) => [
      {
        name: 'failureRate',
        options: { circuitBreaker: { trip: { type: 'rate', failureRate: rate } } },
        where: 'circuitBreaker: trip.failureRate',
        rate,
      },
      {
        name: 'slowCallRate',
        options: { circuitBreaker: { trip: { type: 'rate', slowCallMs: 1, slowCallRate: rate } } },
        where: 'circuitBreaker: trip.slowCallRate',
        rate,
      },
      { name: 'ratio', options: { retry: { budget: { ratio: rate } } }, where: 'retry.budget: ratio', rate },
    ]),
  )('[call.options-rates] $name of $rate', ({ options, where, rate }) => {
    expect(said(options)).toBe(`policy p, ${where} must be ${SHARE}; got ${typeof rate === 'string' ? `"${rate}"` : rate}`);
  });

  it.each([1e-9, 0.5, 1])('[call.options-rates] %d is fine', (rate) => {
    expect(said({ retry: { budget: { ratio: rate } }, circuitBreaker: { trip: { type: 'rate', failureRate: rate } } })).toBe('nothing');
  });

  it.each(
    [0, -1, 1.5, Number.NaN, Infinity].flatMap((count) => [
      { options: { retry: { maxAttempts: count } }, where: 'policy p: retry.maxAttempts', count },
      { options: { retry: { maxUnknownAttempts: count } }, where: 'policy p: retry.maxUnknownAttempts', count },
      { options: { retry: { budget: { maxSaved: count } } }, where: 'policy p, retry.budget: maxSaved', count },
      { options: { retry: { budget: { max: count, windowMs: 1 } } }, where: 'policy p, retry.budget: max', count },
      { options: { circuitBreaker: { probes: count } }, where: 'policy p, circuitBreaker: probes', count },
      { options: { circuitBreaker: { successThreshold: count } }, where: 'policy p, circuitBreaker: successThreshold', count },
      {
        options: { circuitBreaker: { trip: { type: 'rate', minimumCalls: count } } },
        where: 'policy p, circuitBreaker: trip.minimumCalls',
        count,
      },
      {
        options: { circuitBreaker: { trip: { type: 'rate', windowCalls: count } } },
        where: 'policy p, circuitBreaker: trip.windowCalls',
        count,
      },
      {
        options: { circuitBreaker: { trip: { type: 'count', failures: count, windowMs: 1 } } },
        where: 'policy p, circuitBreaker: trip.failures',
        count,
      },
      {
        options: { circuitBreaker: { trip: { type: 'consecutive', failures: count } } },
        where: 'policy p, circuitBreaker: trip.failures',
        count,
      },
      {
        options: { retry: { maxAttemptsByClass: { RATE_LIMIT: count } } },
        where: 'policy p: retry.maxAttemptsByClass.RATE_LIMIT',
        count,
      },
      {
        options: { circuitBreaker: { trip: { type: 'count', failures: 1, windowMs: 1, failuresByClass: { AUTH: count } } } },
        where: 'policy p, circuitBreaker: trip.failuresByClass.AUTH',
        count,
      },
    ]),
  )('[call.options-thresholds] $where of $count', ({ options, where, count }) => {
    expect(said(options)).toBe(`${where} must be ${COUNT}; got ${count}`);
  });

  it.each(
    [Number.NaN, Infinity, -Infinity].flatMap<{ options: unknown; where: string; value: number; must?: string }>((value) => [
      { options: { timeoutMs: value }, where: 'policy p: timeoutMs', value },
      { options: { attemptTimeoutMs: value }, where: 'policy p: attemptTimeoutMs', value },
      { options: { circuitBreaker: { maxProbeMs: value } }, where: 'policy p, circuitBreaker: maxProbeMs', value },
      { options: { circuitBreaker: { trip: { type: 'rate', windowMs: value } } }, where: 'policy p, circuitBreaker: trip.windowMs', value },
      {
        options: { circuitBreaker: { trip: { type: 'rate', slowCallMs: value } } },
        where: 'policy p, circuitBreaker: trip.slowCallMs',
        value,
      },
      {
        options: { circuitBreaker: { recoveryMs: value } },
        where: 'policy p, circuitBreaker: recoveryMs',
        value,
        must: `${MS}, or a backoff`,
      },
      { options: { retry: { budget: { windowMs: value } } }, where: 'policy p, retry.budget: windowMs', value },
      {
        options: { retry: { budget: { minPerSecond: value } } },
        where: 'policy p, retry.budget: minPerSecond',
        value,
        must: 'a finite number, at least 0',
      },
    ]),
  )('[call.options-finite] $where of $value', ({ options, where, value, must = MS }) => {
    expect(said(options)).toBe(`${where} must be ${must}; got ${value}`);
  });

  it.each<[unknown, string]>([
    [{ timeout: 5 }, `policy p: unknown option timeout (5); known are ${POLICY}`],
    [{ teleport: {} }, `policy p: unknown option teleport ([object Object]); known are ${POLICY}`],
    [{ retry: { attempts: 5 } }, `policy p: unknown option retry.attempts (5); known are ${RETRY}`],
    [{ circuitBreaker: { threshold: 5 } }, `policy p, circuitBreaker: unknown option threshold (5); known are ${BREAKER}`],
    [
      { circuitBreaker: { trip: { type: 'rate', rate: 1 } } },
      'policy p, circuitBreaker: unknown option trip.rate (1); known are type, failureRate, minimumCalls, windowMs, windowCalls, slowCallMs, slowCallRate, consecutiveFailures',
    ],
    [
      { retry: { budget: { percent: 5 } } },
      'policy p, retry.budget: unknown option percent (5); known are ratio, minPerSecond, maxSaved, windowMs, max',
    ],
    [{ toString: 1 }, `policy p: unknown option toString (1); known are ${POLICY}`],
  ])('[call.options-unknown] %j', (options, text) => {
    expect(said(options)).toBe(text);
  });

  it.each<[unknown, string]>([
    [{ retries: 3 }, 'policy p: unknown option retries (3); maxAttempts = retries + 1, the first attempt included: retry.maxAttempts: 4'],
    [
      { retry: { retries: 0 } },
      'policy p: unknown option retry.retries (0); maxAttempts = retries + 1, the first attempt included: retry.maxAttempts: 1',
    ],
    [{ retries: 'many' }, 'policy p: unknown option retries ("many"); maxAttempts = retries + 1, the first attempt included'],
  ])('[call.options-retries-hint] %j', (options, text) => {
    expect(said(options)).toBe(text);
  });
});

describe('[call.options-undefined-absent] undefined', () => {
  const absent = (keys: string): Record<string, undefined> => Object.fromEntries(keys.split(', ').map((key) => [key, undefined]));
  it.each([
    { given: 'every option of a policy', options: absent(POLICY) },
    { given: 'every option of retry', options: { retry: absent(RETRY) } },
    { given: 'every option of a breaker', options: { circuitBreaker: absent(BREAKER) } },
    {
      given: 'every option of a rate',
      options: {
        circuitBreaker: {
          trip: {
            type: 'rate',
            ...absent('failureRate, minimumCalls, windowMs, windowCalls, slowCallMs, slowCallRate, consecutiveFailures'),
          },
        },
      },
    },
    { given: 'every option of a budget', options: { retry: { budget: absent('ratio, minPerSecond, maxSaved, windowMs, max') } } },
    { given: 'every class', options: { retry: { maxAttemptsByClass: absent(CLASSES), backoffByClass: absent(CLASSES) } } },
  ])('is absent: $given', ({ options }) => {
    expect(said(options)).toBe('nothing');
  });

  it('leaves the default', async () => {
    const policy = createRegistry().policy('p', { timeoutMs: undefined, retry: { maxAttempts: undefined, backoff: () => 0 } });
    let attempts = 0;
    await policy.settle(() => {
      attempts += 1;
      throw Object.assign(new Error('busy'), { status: 503 });
    });
    expect(attempts).toBe(3);
  });

  it.each([
    { given: 'timeoutMs', options: { timeoutMs: undefined, attemptTimeoutMs: 60_000 }, then: 30_000 },
    { given: 'attemptTimeoutMs', options: { attemptTimeoutMs: undefined, retry: false as const }, then: 10_000 },
  ])('leaves the default of $given', async ({ options, then }) => {
    const clock = new FakeClock();
    const policy = createRegistry().policy('p', { clock, ...options });
    expect(await clock.until(policy.settle(() => new Promise(() => undefined)))).toMatchObject({ attempts: 1, elapsedMs: then });
  });
});

describe('options of what may be shared', () => {
  it.each<[() => unknown, string]>([
    [() => new CircuitBreaker({ probes: 0 }), `circuit breaker: probes must be ${COUNT}; got 0`],
    [() => new CircuitBreaker({ name: 'c', probes: 0 }), `circuit breaker c: probes must be ${COUNT}; got 0`],
    [() => new CircuitBreaker({ treshold: 1 } as object), `circuit breaker: unknown option treshold (1); known are ${BREAKER}`],
    [() => new RetryBudget({ ratio: 2 }), `retry budget: ratio must be ${SHARE}; got 2`],
    [() => new RetryBudget({ max: 0, windowMs: 1 }), `retry budget: max must be ${COUNT}; got 0`],
  ])('[call.options-validated] %s', (make, text) => {
    expect(make).toThrow(new TypeError(text));
  });
});

describe('any options at all', () => {
  const value = fc.oneof(
    fc.constant(undefined),
    fc.double(),
    fc.integer(),
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.constant({}),
    fc.constant([]),
  );
  it('are taken, or refused by a TypeError that names the policy and one of them', () => {
    const some = (keys: string): fc.Arbitrary<object> =>
      fc.record(Object.fromEntries(keys.split(', ').map((key) => [key, value])), { requiredKeys: [] });
    const options = fc.oneof(
      some(POLICY),
      fc.record({ retry: some(RETRY) }),
      fc.record({ circuitBreaker: some(BREAKER) }),
      fc.record({ circuitBreaker: fc.record({ trip: some('type, failureRate, minimumCalls, windowMs, windowCalls, failures') }) }),
    );
    fc.assert(
      fc.property(options, (given) => {
        expect(said(given)).toMatch(/^nothing$|^policy p(, \w+(\.\w+)?)?: (unknown option )?[\w.]+ (must be|\()/);
      }),
      { numRuns: 300 },
    );
  });
});

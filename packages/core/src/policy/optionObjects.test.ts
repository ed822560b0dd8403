import { exponential } from '../backoff/exponential.js';
import { adaptive } from '../backoff/adaptive.js';
import { decorrelatedJitter } from '../backoff/decorrelatedJitter.js';
import { equalJitter } from '../backoff/equalJitter.js';
import { fullJitter } from '../backoff/fullJitter.js';
import { retryAfterOr } from '../backoff/retryAfterOr.js';
import { tokenBackoff } from '../backoff/tokenBackoff.js';
import { Bulkhead } from '../gates/bulkhead/Bulkhead.js';
import { CircuitBreaker } from '../gates/breaker/CircuitBreaker.js';
import { Cache } from '../around/cache/Cache.js';
import { RetryBudget } from '../retry/budget/RetryBudget.js';
import { FakeClock } from '../testing/FakeClock.js';
import { inMemoryTelemetry } from '../testing/inMemoryTelemetry.js';
import { createRegistry } from './Registry.js';

const policyOf = (options: object, clock = new FakeClock()) => createRegistry().policy('p', { clock, ...options });
const busy = Object.assign(new Error('busy'), { status: 503 });
const fail = (): never => {
  throw busy;
};
const json = new CircuitBreaker({ name: 'taken' }).toJSON();
const trip = { type: 'consecutive', failures: 1 } as const;
const updated = (options: object) => {
  const registry = createRegistry();
  registry.policy('p', {});
  return registry.updatePolicy('p', options);
};

/** Whoever takes options: with what it takes of them, and a name and a value that are right. */
const takers: readonly { what: string; take: (options: never) => unknown; option: string; value: unknown }[] = [
  { what: 'a policy', take: (options) => createRegistry().policy('p', options), option: 'timeoutMs', value: 50 },
  { what: 'updatePolicy', take: updated, option: 'timeoutMs', value: 50 },
  { what: 'retry', take: (retry) => policyOf({ retry }), option: 'maxAttempts', value: 2 },
  { what: 'retry, updated', take: (retry) => updated({ retry }), option: 'maxAttempts', value: 2 },
  { what: 'retry.maxAttemptsByClass', take: (by) => policyOf({ retry: { maxAttemptsByClass: by } }), option: 'UNKNOWN', value: 1 },
  { what: 'retry.backoffByClass', take: (by) => policyOf({ retry: { backoffByClass: by } }), option: 'UNKNOWN', value: () => 1 },
  { what: 'retry.budget', take: (budget) => policyOf({ retry: { budget } }), option: 'maxSaved', value: 2 },
  { what: "a policy's breaker", take: (circuitBreaker) => policyOf({ circuitBreaker }), option: 'probes', value: 2 },
  { what: "a policy's breaker, updated", take: (circuitBreaker) => updated({ circuitBreaker }), option: 'probes', value: 2 },
  { what: "a policy's bulkhead", take: (bulkhead) => policyOf({ bulkhead }), option: 'maxConcurrent', value: 2 },
  { what: "a policy's cache", take: (cache) => policyOf({ cache }), option: 'ttlMs', value: 2 },
  { what: "a policy's cache, updated", take: (cache) => updated({ cache }), option: 'ttlMs', value: 2 },
  { what: 'a cache', take: (options) => new Cache(options), option: 'ttlMs', value: 2 },
  { what: "a policy's fallback", take: (fallback) => policyOf({ fallback }), option: 'run', value: () => 1 },
  { what: "a policy's fallback, updated", take: (fallback) => updated({ fallback }), option: 'run', value: () => 1 },
  { what: 'one of several fallbacks', take: (one) => policyOf({ fallback: [one] }), option: 'run', value: () => 1 },
  { what: 'a breaker', take: (options) => new CircuitBreaker(options), option: 'probes', value: 2 },
  { what: 'a breaker that is restored', take: (options) => CircuitBreaker.restore(json, options), option: 'probes', value: 2 },
  { what: 'a trip', take: (options) => new CircuitBreaker({ trip: options }), option: 'type', value: 'rate' },
  {
    what: "a trip of a policy's breaker",
    take: (options) => policyOf({ circuitBreaker: { trip: options } }),
    option: 'type',
    value: 'rate',
  },
  {
    what: 'failuresByClass',
    take: (failuresByClass) => new CircuitBreaker({ trip: { type: 'count', failures: 5, windowMs: 5, failuresByClass } }),
    option: 'UNKNOWN',
    value: 1,
  },
  { what: 'a budget', take: (options) => new RetryBudget(options), option: 'maxSaved', value: 2 },
  { what: 'a bulkhead', take: (options) => new Bulkhead(options), option: 'maxConcurrent', value: 2 },
  { what: 'exponential', take: exponential, option: 'baseMs', value: 2 },
  { what: 'fullJitter', take: fullJitter, option: 'baseMs', value: 2 },
  { what: 'equalJitter', take: equalJitter, option: 'baseMs', value: 2 },
  { what: 'decorrelatedJitter', take: decorrelatedJitter, option: 'baseMs', value: 2 },
  { what: 'tokenBackoff', take: tokenBackoff, option: 'baseMs', value: 2 },
  { what: 'adaptive', take: (options) => adaptive(() => 1, options), option: 'samples', value: 2 },
  { what: 'retryAfterOr', take: (options) => retryAfterOr(() => 1, options), option: 'jitterMs', value: 2 },
  { what: 'with', take: (options) => policyOf({}).with(options), option: 'timeoutMs', value: 2 },
  { what: 'a wrapped function', take: (options) => policyOf({}).wrap(() => 1, options), option: 'timeoutMs', value: 2 },
  { what: 'a call', take: (options) => policyOf({}).call(() => 1, options), option: 'timeoutMs', value: 2 },
  { what: "a call's retry", take: (retry) => policyOf({}).call(() => 1, { retry }), option: 'maxAttempts', value: 2 },
  { what: "a call's fallback", take: (fallback) => policyOf({}).call(() => 1, { fallback }), option: 'run', value: () => 1 },
  { what: "a call's resume", take: (resume) => policyOf({}).call(() => 1, { resume }), option: 'attempt', value: 2 },
  {
    what: 'bulkhead.run',
    take: (options) => new Bulkhead({ maxConcurrent: 1 }).run(() => 1, options),
    option: 'signal',
    value: new AbortController().signal,
  },
  { what: 'FakeClock', take: (options) => new FakeClock(options), option: 'startMs', value: 2 },
];

const boom = (): never => {
  throw new Error('read');
};
function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const noOptions: readonly { given: string; options: unknown }[] = [
  { given: 'null', options: null },
  { given: 'a number', options: 5 },
  { given: 'a promise of options', options: Promise.resolve({}) },
  { given: 'a list', options: [] },
  { given: 'a map', options: new Map() },
  { given: 'a revoked proxy', options: revoked() },
  { given: 'a proxy that does not tell its keys', options: new Proxy({}, { ownKeys: boom }) },
];

/** How it was refused; undefined when the options were taken. */
async function refusalOf(take: (options: never) => unknown, options: unknown): Promise<string | undefined> {
  try {
    await take(options as never);
    return undefined;
  } catch (error) {
    return String(error);
  }
}

describe('[call.options-validated] options are no', () => {
  it.each(takers.flatMap((taker) => noOptions.map((none) => ({ ...taker, ...none }))))('$given: $what', async ({ what, take, options }) => {
    // In updatePolicy null is the way back to a default.
    if (options === null && what.endsWith(', updated')) expect(await refusalOf(take, options)).toBeUndefined();
    else expect(await refusalOf(take, options)).toMatch(/^TypeError: .+: (.*must be an object|.* cannot be read)/);
  });
});

describe('[call.options-validated] what cannot be looked at is refused', () => {
  it.each<{ option: string; take: (value: never) => unknown }>([
    { option: 'signal', take: (signal) => policyOf({}).call(() => 1, { signal }) },
    { option: 'parent', take: (parent) => policyOf({}).call(() => 1, { parent }) },
    { option: 'clock', take: (clock) => createRegistry().policy('p', { clock }) },
    { option: 'clock', take: (clock) => updated({ clock }) },
    { option: 'signal', take: (signal) => new Bulkhead({ maxConcurrent: 1 }).run(() => 1, { signal }) },
  ])('as $option', async ({ option, take }) => {
    for (const value of [revoked(), new Proxy({}, { get: boom, has: boom })])
      expect(await refusalOf(take, value)).toMatch(new RegExp(`^TypeError: .+: ${option} must be `));
  });

  it.each([null, {}, { remainingMs: 5, signal: null }, { remainingMs: 'x', signal: new AbortController().signal }, { signal: 5 }])(
    'nor is %j a parent',
    async (parent) => {
      expect(await refusalOf((given) => policyOf({}).call(() => 1, { parent: given }), parent)).toMatch(/parent must be the attempt/);
    },
  );
});

describe('[call.options-null] null is refused', () => {
  it.each(takers.filter(({ what, option }) => what !== 'updatePolicy' && option !== 'startMs'))(
    'as $option of $what',
    async ({ take, option }) => {
      expect(await refusalOf(take, { [option]: null })).toMatch(new RegExp(`^TypeError: .+: .*${option} must be .*; got null`));
    },
  );
});

describe('[call.options-read-once] an option is asked for once', () => {
  const own = (option: string, get: () => unknown) => Object.defineProperty({}, option, { enumerable: true, get });
  const ofClass = (option: string, get: () => unknown) => Object.create(Object.defineProperty({}, option, { get }) as object) as object;
  it.each(takers.flatMap((taker) => [own, ofClass].map((made) => ({ ...taker, made, how: made === own ? 'own' : "class's" }))))(
    'of $what, $how',
    async ({ take, option, value, made }) => {
      let asked = 0;
      const options = made(option, () => {
        asked += 1;
        return asked === 1 ? value : null;
      });
      expect(await refusalOf(take, options)).toBeUndefined();
      expect(asked).toBe(1);
      expect(await refusalOf(take, made(option, boom))).toMatch(new RegExp(`^TypeError: .+: .*${option} .*cannot be read`));
    },
  );

  it('and a class has its say', async () => {
    class Trips {
      get trip() {
        return trip;
      }
    }
    class Budgets {
      get maxSaved() {
        return 2;
      }
    }
    for (const circuitBreaker of [new CircuitBreaker(new Trips()), CircuitBreaker.restore(json, new Trips()), new Trips()]) {
      const policy = policyOf({ circuitBreaker, retry: false });
      await policy.settle(fail);
      expect(policy.circuitBreaker?.state).toBe('open');
    }
    expect(new RetryBudget(new Budgets()).remaining).toBe(2);
  });
});

describe('[call.options-read-once] what every object inherits', () => {
  const polluted = { name: 'evil', probes: 9, observeOnly: true, scope: 'call', max: 1, maxSaved: 1, ratio: 'x', maxConcurrent: 1 };
  const more = {
    jitter: 2,
    staleIfErrorMs: -1,
    cacheKey: 'evil',
    maxQueued: -1,
    consecutiveFailures: 1,
    windowCalls: 1,
    minimumCalls: 1,
    UNKNOWN: 1,
    maxAttempts: 1,
    backoff: 5,
    startMs: 9,
  };
  const all = { ...polluted, ...more, backoffByClass: { UNKNOWN: 5 }, recoveryMs: -1, baseMs: -1, signal: null };
  beforeEach(() => void Object.assign(Object.prototype, all));
  afterEach(() => {
    for (const option of Object.keys(all)) Reflect.deleteProperty(Object.prototype, option);
  });

  it('is no option', async () => {
    const clock = new FakeClock({});
    const policy = policyOf({ circuitBreaker: { trip }, retry: false }, clock);
    await policy.settle(fail);
    const after = await policy.settle(() => 1);
    const seen = [clock.now(), policy.circuitBreaker?.name, policy.circuitBreaker?.scope, after.ok, new RetryBudget({}).remaining];
    const byRate = policyOf({ circuitBreaker: {}, retry: false }, clock);
    await byRate.settle(fail);
    const byCount = new CircuitBreaker({ trip: { type: 'count', failures: 9, windowMs: 9 } });
    await policyOf({ circuitBreaker: byCount, retry: false }, clock).settle(() => Promise.reject(new Error('unknown')));
    const retried = await clock.until(policyOf({}, clock).settle(fail));
    const states = [byRate.circuitBreaker?.state, byCount.state, CircuitBreaker.restore(json).name, retried.attempts];
    const names = [new Bulkhead(Object.assign(Object.create(null), { maxConcurrent: 1 })).name, new CircuitBreaker().name];
    const cached = policyOf({ cache: Object.assign(Object.create(null), { ttlMs: 5 }) }, clock);
    await cached.call(() => 1, {});
    const kept = cached.cache?.size;
    const ran = await new Bulkhead({ maxConcurrent: 1 }).run(() => 'ran', {});
    for (const made of [exponential, fullJitter, equalJitter, decorrelatedJitter, tokenBackoff]) made();
    for (const option of Object.keys(all)) Reflect.deleteProperty(Object.prototype, option);
    expect(seen).toEqual([0, 'p', 'attempt', false, 10]);
    expect(states).toEqual(['closed', 'closed', 'taken', 3]);
    expect(names).toEqual(['bulkhead', 'circuit']);
    expect(ran).toBe('ran');
    expect(kept).toBe(0);
  });

  it('makes no bulkhead', async () => {
    const error = await refusalOf((options) => new Bulkhead(options), {});
    for (const option of Object.keys(all)) Reflect.deleteProperty(Object.prototype, option);
    expect(error).toBe('TypeError: bulkhead: maxConcurrent must be a whole number, at least 1; got undefined');
  });
});

it('[call.options-unknown] inMemoryTelemetry refuses what it does not know', async () => {
  await expect(inMemoryTelemetry({ spans: 'never' } as object)).rejects.toThrow(
    'inMemoryTelemetry: unknown option spans ("never"); known are config',
  );
});

import type { CallOptions } from './CallOptions.js';
import { PermanentError } from '../model/errors/PermanentError.js';
import type { PolicyOptions, PolicyUpdate } from '../policy/PolicyOptions.js';
import { createRegistry } from '../policy/Registry.js';
import { FakeClock } from '../testing/FakeClock.js';
import { fixed } from '../testing/fixedBackoffs.js';
import { withStatus } from './fixtures/script.js';

const busy = withStatus(503);

/** A policy, and a function that fails a millisecond after it was called. */
function setUp(options: PolicyOptions = {}) {
  const clock = new FakeClock();
  const policy = createRegistry().policy('once', { clock, ...options, retry: { backoff: fixed(100), ...(options.retry || {}) } });
  const fn = jest.fn(async () => {
    await clock.sleep(1);
    throw busy;
  });
  return { clock, policy, fn };
}

const boom = (): never => {
  throw new Error('read too late');
};

describe("[call.options-read-once] a call's options", () => {
  it('are what they were at its start, whatever becomes of the object', async () => {
    const { clock, policy, fn } = setUp();
    const [own, other] = [new AbortController(), new AbortController()];
    const retry = { maxAttempts: 2 };
    const options = { signal: own.signal, retry, idempotent: true, operation: 'own' };
    const sleep = jest.fn(() => 'sleep' as const);
    const given: CallOptions = Object.assign(options, { sleep });
    const call = policy.settle(fn, given);
    other.abort('of somebody else');
    retry.maxAttempts = 9;
    Object.assign(options, { signal: other.signal, retry: null, idempotent: false, operation: '', sleep: boom, beforeSleep: boom });
    expect(await clock.until(call)).toMatchObject({ stopReason: 'MAX_ATTEMPTS_GLOBAL', attempts: 2 });
    expect(sleep).toHaveBeenCalledWith(expect.objectContaining({ operation: 'own' }), 100);
  });

  it('are asked for once', async () => {
    const { clock, policy, fn } = setUp();
    const reads: string[] = [];
    const options = new Proxy<CallOptions>(
      { operation: 'read', timeoutMs: 5_000, retry: { maxAttempts: 2 }, idempotent: true },
      {
        get: (target, option): unknown => {
          reads.push(String(option));
          return Reflect.get(target, option);
        },
      },
    );
    await clock.until(policy.settle(fn, options));
    expect(reads).toEqual(['operation', 'timeoutMs', 'retry', 'idempotent']);
  });

  it('of a frozen object are asked for again, where an answer may change', async () => {
    const { clock, policy } = setUp();
    const retry = { maxAttempts: 1 };
    const frozen = Object.freeze({ retry });
    const attempts = async () => (await clock.until(policy.settle(() => Promise.reject(busy), frozen))).attempts;
    expect(await attempts()).toBe(1);
    retry.maxAttempts = 2;
    expect(await attempts()).toBe(2);
  });

  class Timeouts {
    get timeoutMs(): number {
      return 50;
    }
  }
  it.each<{ given: string; options: CallOptions }>([
    { given: 'an own', options: { timeoutMs: 50 } },
    { given: 'an inherited', options: Object.create({ timeoutMs: 50 }) as CallOptions },
    { given: "a class's", options: new Timeouts() },
    { given: "nobody's child's", options: Object.assign(Object.create(null) as CallOptions, { timeoutMs: 50 }) },
    { given: 'a frozen', options: Object.freeze({ timeoutMs: 50 }) },
  ])('$given option counts', async ({ options }) => {
    const { clock, policy } = setUp();
    for (const used of [policy, policy.with({ operation: 'preset' })]) {
      expect(await clock.until(used.settle(() => new Promise(() => undefined), options))).toMatchObject({ elapsedMs: 50 });
    }
  });

  it('do not come from what every object inherits', async () => {
    const polluted = Object.prototype as { timeoutMs?: unknown; retry?: unknown; nonsense?: unknown };
    Object.assign(polluted, { timeoutMs: 'soon', retry: false, nonsense: 1 });
    try {
      const { clock, policy, fn } = setUp();
      expect(await clock.until(policy.settle(fn, {}))).toMatchObject({ stopReason: 'MAX_ATTEMPTS_GLOBAL', attempts: 3 });
      expect(await clock.until(policy.settle(fn))).toMatchObject({ attempts: 3 });
    } finally {
      for (const option of ['timeoutMs', 'retry', 'nonsense']) Reflect.deleteProperty(polluted, option);
    }
  });

  it.each<{ options: unknown; then: string }>([
    { options: null, then: 'options must be an object; got null' },
    { options: { timeoutMs: null }, then: 'timeoutMs must be a finite number of milliseconds above 0; got null' },
    { options: { signal: null }, then: 'signal must be an AbortSignal; got null' },
    { options: { retry: null }, then: 'retry must be an object, or false; got null' },
    { options: { retry: { maxAttempts: null } }, then: 'retry.maxAttempts must be a whole number, at least 1; got null' },
    {
      options: Object.defineProperty({}, 'sleep', { enumerable: true, get: boom }),
      then: 'sleep must be a function; got what cannot be read',
    },
  ])('[call.options-null] are refused: $then', async ({ options, then }) => {
    const { policy, fn } = setUp();
    await expect(policy.settle(fn, options as CallOptions)).rejects.toThrow(`a call of policy once: ${then}`);
    expect(fn).not.toHaveBeenCalled();
  });

  it('of a function that was wrapped are those of then', async () => {
    const { clock, policy, fn } = setUp();
    const retry = { maxAttempts: 1 };
    const [wrapped, inner] = [policy.wrap(fn, { retry }), policy.fn(fn, { retry })];
    retry.maxAttempts = 9;
    for (const call of [wrapped, inner]) await expect(clock.until(call())).rejects.toBe(busy);
    expect(fn).toHaveBeenCalledTimes(2);
  });
});

describe("[call.options-read-once] a policy's options", () => {
  it('are copied, nested ones too', async () => {
    const retry = { maxAttempts: 2, maxAttemptsByClass: {}, backoff: () => 1, budget: { max: 5, windowMs: 1e9 } };
    const circuitBreaker = { trip: { type: 'consecutive' as const, failures: 2 }, tripOn: ['SERVER_ERROR' as const] };
    const registry = createRegistry();
    const clock = new FakeClock();
    const policy = registry.policy('copied', { clock, retry, circuitBreaker });
    const breaker = policy.circuitBreaker;
    Object.assign(retry, { maxAttempts: 9, backoff: boom });
    Object.assign(retry.maxAttemptsByClass, { SERVER_ERROR: 1 });
    circuitBreaker.trip.failures = 1;
    circuitBreaker.tripOn.length = 0;
    expect(await clock.until(policy.settle(() => Promise.reject(busy)))).toMatchObject({ attempts: 2 });
    expect(breaker.state).toBe('open');
    registry.updatePolicy('copied', { circuitBreaker: { trip: { type: 'consecutive', failures: 2 }, tripOn: ['SERVER_ERROR'] } });
    expect(policy.circuitBreaker).toBe(breaker);
  });

  it.each<{ options: unknown; then: string }>([
    { options: { retry: { budget: Object.defineProperty({}, 'max', { enumerable: true, get: boom }) } }, then: 'retry.budget: max cannot' },
    { options: Object.defineProperty({}, 'retry', { enumerable: true, get: boom }), then: 'got what cannot be read' },
    { options: { bulkhead: null }, then: 'bulkhead must be an object, or false; got null' },
  ])('that cannot be read are refused: $then', ({ options, then }) => {
    expect(() => createRegistry().policy('unreadable', options as PolicyOptions)).toThrow(then);
  });

  it.each<{ given: string; update: PolicyUpdate; attempts: number }>([
    { given: 'null', update: { retry: null, circuitBreaker: null, classify: null, timeoutMs: null }, attempts: 3 },
    { given: 'undefined', update: { retry: undefined, circuitBreaker: undefined, classify: undefined, timeoutMs: undefined }, attempts: 1 },
  ])('[call.update-null] updated with $given', async ({ update, attempts }) => {
    const registry = createRegistry();
    const clock = new FakeClock();
    const policy = registry.policy('updated', { clock, retry: false, circuitBreaker: {}, classify: () => 'PERMANENT', timeoutMs: 5 });
    registry.updatePolicy('updated', update);
    const outcome = await clock.until(policy.settle(() => Promise.reject(busy)));
    expect(outcome.attempts).toBe(attempts);
    expect(policy.circuitBreaker === undefined).toBe(attempts === 3);
    expect(() => registry.updatePolicy('updated', { nonsense: null } as PolicyUpdate)).toThrow('unknown option nonsense (null)');
  });
});

describe('[call.through-proxy] a policy', () => {
  it('works through a Proxy', async () => {
    const clock = new FakeClock();
    const policy = new Proxy(createRegistry().policy('proxied', { clock, circuitBreaker: {} }), {});
    expect([policy.name, policy.circuitBreaker.state]).toEqual(['proxied', 'closed']);
    expect(await policy.settle(() => 1)).toMatchObject({ ok: true });
    expect(await Promise.all([policy.call(() => 1), policy.wrap(() => 2)(), policy.fn(() => 3)()])).toEqual([1, 2, 3]);
    expect(await policy.with({ timeoutMs: 5 }).call(() => 4)).toBe(4);
    policy.dispose();
  });

  it('says of a method that was taken off it how to call it', async () => {
    const { call, settle, wrap, fn, with: preset, dispose } = createRegistry().policy('loose');
    const told = (method: string) => new TypeError(`${method} was called without its policy: call it as policy.${method}(…), or bind it`);
    await expect(call(() => 1)).rejects.toThrow(told('call').message);
    await expect(settle(() => 1)).rejects.toThrow(told('settle').message);
    expect(() => wrap(() => 1)).toThrow(told('wrap').message);
    expect(() => fn(() => 1)).toThrow(told('fn').message);
    expect(() => preset({})).toThrow(told('with').message);
    expect(() => dispose()).toThrow(TypeError);
  });
});

describe('[call.always-settles] a call', () => {
  it.each(['errorClass', 'name', 'message', 'cause', 'status', 'code', 'constructor'])(
    'fails with an error whose %s cannot be read, at once and with that error',
    async (property) => {
      const { policy, clock } = setUp();
      for (const value of [{ value: Object.create(null) as unknown }, { get: boom }, { value: Symbol('odd') }]) {
        const error = Object.defineProperty(new PermanentError('hostile'), property, value);
        for (const fn of [() => Promise.reject(error), () => boomWith(error)]) {
          const outcome = await clock.until(policy.settle(fn));
          expect(outcome.ok).toBe(false);
          expect(!outcome.ok && outcome.error).toBe(error);
          expect(outcome.elapsedMs).toBeLessThan(1_000);
        }
      }
    },
  );

  function boomWith(error: unknown): never {
    throw error;
  }
});

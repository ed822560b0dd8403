import type { PolicyOptions } from '../policy/PolicyOptions.js';
import { createRegistry } from '../policy/Registry.js';
import { FakeClock } from '../testing/FakeClock.js';
import { fixed } from '../testing/fixedBackoffs.js';
import { inMemoryTelemetry } from '../testing/inMemoryTelemetry.js';
import type { TelemetryHarness } from '../testing/TelemetryHarness.js';
import { scripted, type Step } from './fixtures/script.js';

function setUp(options: PolicyOptions = {}, name = 'hostile') {
  const clock = new FakeClock();
  return { clock, policy: createRegistry().policy(name, { clock, timeoutMs: 10_000, retry: { backoff: fixed(100) }, ...options }) };
}

const boom = (): never => {
  throw new Error('boom');
};

/** In a box, so that no promise looks into it. */
const boxed = (error: unknown): readonly unknown[] => [error];

/** Throws at every touch. */
const spiked = (target: object = {}): object =>
  new Proxy(target, { get: boom, has: boom, ownKeys: boom, getPrototypeOf: boom, getOwnPropertyDescriptor: boom, apply: boom });

const cyclic = new Error('cyclic');
cyclic.cause = cyclic;

const deep = Array.from({ length: 10_000 }).reduce<Error>((cause) => new Error('deep', { cause }), new Error('root'));

const gettered = Object.defineProperties(new Error('getters'), {
  stack: { get: boom },
  name: { get: boom },
  message: { get: boom },
  cause: { get: boom },
  status: { get: boom },
  code: { get: boom },
});

const errors: readonly { given: string; error: unknown }[] = [
  { given: 'null', error: null },
  { given: 'undefined', error: undefined },
  { given: 'a string', error: 'text' },
  { given: 'a number', error: 0 },
  { given: 'a symbol', error: Symbol('s') },
  { given: 'a big integer', error: 10n },
  { given: 'a function', error: () => undefined },
  { given: 'a promise', error: Promise.resolve(1) },
  { given: 'an object without prototype', error: Object.create(null) },
  { given: 'a frozen error', error: Object.freeze(new Error('frozen')) },
  { given: 'an error of cyclic causes', error: cyclic },
  { given: 'an error of 10,000 nested causes', error: deep },
  { given: 'an error whose getters throw', error: gettered },
  { given: 'a proxy that throws at every touch', error: spiked() },
  { given: 'a proxy of a function that throws at every touch', error: spiked(() => undefined) },
  { given: 'an AggregateError of itself', error: aggregateOfItself() },
  { given: 'an error with a name that is no text', error: Object.assign(new Error('named'), { name: 42 }) },
  { given: 'an error with a thenable shape', error: { then: boom } },
];

function aggregateOfItself(): AggregateError {
  const error = new AggregateError([]);
  error.errors.push(error, null, spiked());
  return error;
}

const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
let telemetry: TelemetryHarness;
beforeAll(async () => {
  process.on('unhandledRejection', onUnhandled);
  telemetry = await inMemoryTelemetry({ config: { logSuccess: true, attemptSpans: true, attemptDuration: true } });
});
beforeEach(() => telemetry.reset());
afterAll(async () => {
  process.off('unhandledRejection', onUnhandled);
  await telemetry.shutdown();
});

async function expectNothingUnhandled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  expect(unhandled).toEqual([]);
}

describe('a hostile error', () => {
  it.each(errors)('$given, thrown or rejected with, is retried as any and comes out the same', async ({ error }) => {
    const { clock, policy } = setUp();
    const thrower: Step = () => {
      throw error;
    };
    for (const step of [thrower, () => Promise.reject(error)]) {
      const outcome = await clock.until(policy.settle(step));
      if (outcome.ok || outcome.stopReason === 'CIRCUIT_OPEN') throw new Error('it was to fail');
      expect(Object.is(outcome.error, error)).toBe(true);
      expect(outcome.attempts).toBe(2);
      expect(outcome.stopReason).toBe('MAX_UNKNOWN_ATTEMPTS');
      const [thrown] = await clock.until(policy.call(step).then(boom, boxed));
      expect(Object.is(thrown, error)).toBe(true);
    }
    telemetry.expectCalls(4);
    await telemetry.conserve();
    await expectNothingUnhandled();
    expect(clock.pending).toBe(0);
  });

  it.each(errors)('$given as the reason of an abort comes out the same', async ({ error }) => {
    const { policy, clock } = setUp();
    const controller = new AbortController();
    const call = policy.call(() => new Promise(() => undefined), { signal: controller.signal });
    controller.abort(error);
    // The platform gives an AbortError where the reason is undefined, and so do we where it is null.
    const { reason } = controller.signal;
    const [thrown] = await call.then(boom, boxed);
    if (reason === null) expect(thrown).toMatchObject({ name: 'AbortError' });
    else expect(Object.is(thrown, reason)).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it.each(errors)('$given, thrown by the classifier, the backoff, the handler and beforeSleep, breaks nothing', async ({ error }) => {
    const thrower = (): never => {
      throw error;
    };
    const { clock, policy } = setUp({
      classify: thrower,
      retry: { backoff: thrower, sleep: thrower, beforeSleep: thrower, maxUnknownAttempts: 3 },
    });
    const mine = new Error('mine');
    const fn = scripted(() => {
      throw mine;
    }).fn;
    const outcome = await clock.until(policy.settle(fn));
    expect(outcome).toMatchObject({ ok: false, attempts: 3, errorClass: 'UNKNOWN', stopReason: 'MAX_ATTEMPTS_GLOBAL', elapsedMs: 0 });
    if (!outcome.ok) expect(outcome.error).toBe(mine);
    await expectNothingUnhandled();
  });
});

describe('a hostile result', () => {
  it.each([
    { given: 'a proxy that throws when it is looked at for then', result: () => spiked() },
    { given: 'a thenable whose then throws', result: () => ({ then: boom }) },
    {
      given: 'a getter of then that throws',
      result: () =>
        Object.defineProperty({}, 'then', {
          get: boom,
        }),
    },
  ])('$given fails as await would', async ({ result }) => {
    const { clock, policy } = setUp();
    const outcome = await clock.until(policy.settle(() => result()));
    expect(outcome).toMatchObject({ ok: false, error: { message: 'boom' }, attempts: 2 });
    await expectNothingUnhandled();
  });

  it.each([
    { given: 'resolves twice', then: (resolve: (value: string) => void) => [resolve('one'), resolve('two')], value: 'one' },
    {
      given: 'resolves and rejects',
      then: (resolve: (value: string) => void, reject: (error: Error) => void) => [resolve('one'), reject(new Error('two'))],
      value: 'one',
    },
    {
      given: 'resolves and throws',
      then: (resolve: (value: string) => void) => {
        resolve('one');
        throw new Error('two');
      },
      value: 'one',
    },
  ])('a thenable that $given counts once', async ({ then, value }) => {
    const { policy } = setUp();
    expect(await policy.settle(() => ({ then }) as unknown as PromiseLike<string>)).toMatchObject({ ok: true, value, attempts: 1 });
    expect(await policy.settle(() => Object.assign(() => 'function', { then }))).toMatchObject({ ok: true, value, attempts: 1 });
    telemetry.expectCalls(2);
    await telemetry.conserve();
  });

  it.each([
    { given: 'twice', times: 2 },
    { given: 'never', times: 0 },
  ])('a promise whose own then calls back $given counts once', async ({ times }) => {
    const { clock, policy } = setUp({ timeoutMs: 500 }, `then-${times}`);
    const promise = Object.assign(Promise.resolve('ok'), {
      then: (resolve: (value: string) => void) => {
        for (let called = 0; called < times; called++) resolve('ok');
      },
    });
    const outcome = await clock.until(policy.settle(() => promise));
    expect(outcome).toMatchObject(times > 0 ? { ok: true, value: 'ok' } : { stopReason: 'DEADLINE_EXCEEDED' });
    expect(await telemetry.gauge('redress.attempt.abandoned', { 'redress.policy': `then-${times}` })).toBe(times > 0 ? 0 : 1);
    await telemetry.conserve();
  });

  it.each([
    {
      given: 'a Response that throws at every touch',
      result: () => Object.defineProperty({ headers: new Headers() }, 'status', { get: boom }),
    },
    { given: 'headers that throw', result: () => Object.defineProperty({ status: 503 }, 'headers', { get: boom }) },
    { given: 'a frozen object', result: () => Object.freeze({}) },
    { given: 'an object without prototype', result: (): object => Object.create(null) as object },
    { given: 'a class', result: () => class {} },
    { given: 'NaN', result: () => Number.NaN },
  ])('$given is a success like any', async ({ result }) => {
    const { policy } = setUp();
    const value = result();
    const outcome = await policy.settle(() => value);
    if (!outcome.ok) throw new Error('it was to succeed');
    expect(Object.is(outcome.value, value)).toBe(true);
  });

  it('a body that objects to being cancelled changes nothing', async () => {
    const bodies: unknown[] = [
      { cancel: boom },
      { cancel: () => Promise.reject(new Error('no')) },
      { cancel: () => ({ then: boom }) },
      Object.defineProperty({}, 'cancel', { get: boom }),
      spiked(),
      { destroy: boom },
    ];
    for (const body of bodies) {
      const { clock, policy } = setUp();
      const fn = scripted(
        () => ({ status: 503, headers: new Headers(), body }),
        () => 'ok',
      ).fn;
      expect(await clock.until(policy.settle(fn))).toMatchObject({ ok: true, value: 'ok', attempts: 2 });
    }
    await expectNothingUnhandled();
  });

  it('a promise of a promise is unwrapped, as await does', async () => {
    const { policy } = setUp();
    const nested = { then: (resolve: (value: unknown) => void) => resolve(Promise.resolve('inner')) };
    expect(await policy.settle(() => nested)).toMatchObject({ ok: true, value: 'inner' });
  });
});

describe('a hostile function', () => {
  it('is called without this, with the attempt alone, once per attempt', async () => {
    const { policy } = setUp();
    const seen: unknown[][] = [];
    const fn = function (this: unknown, ...args: unknown[]): string {
      seen.push([this, args.length]);
      return 'ok';
    };
    await policy.call(fn);
    expect(seen).toEqual([[undefined, 1]]);
  });

  it('may be async, a generator, a bound one, or a proxy', async () => {
    const { policy } = setUp();
    const bound = function (this: { value: string }): string {
      return this.value;
    }.bind({ value: 'bound' });
    expect(await policy.call(bound)).toBe('bound');
    expect(await policy.call(new Proxy(() => 'proxy', {}))).toBe('proxy');
    const generator = await policy.call(function* () {
      yield 1;
    });
    expect([...generator]).toEqual([1]);
  });

  it('cannot change the attempt of the call', async () => {
    const { clock, policy } = setUp();
    const numbers: number[] = [];
    const outcome = policy.settle((attempt) => {
      numbers.push(attempt.number);
      try {
        Object.assign(attempt, { remainingMs: 1e9, operation: 'another', signal: undefined });
      } catch {
        // A read-only property says so.
      }
      throw new Error('odd');
    });
    expect(await clock.until(outcome)).toMatchObject({ attempts: 2 });
    expect(numbers).toEqual([1, 2]);
  });
});

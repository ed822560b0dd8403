import { constant } from '../backoff/constant.js';
import { PermanentError } from '../model/errors/PermanentError.js';
import type { PolicyOptions } from '../policy/PolicyOptions.js';
import { createRegistry } from '../policy/Registry.js';
import { FakeClock } from '../testing/FakeClock.js';
import { fixed } from '../testing/fixedBackoffs.js';
import { withStatus } from './fixtures/script.js';

const busy = withStatus(503);

function setUp(options: PolicyOptions = {}) {
  const clock = new FakeClock();
  return { clock, policy: createRegistry().policy('ends', { clock, retry: { backoff: fixed(100) }, ...options }) };
}

describe('[retry.zero-delay-yields] a delay of 0', () => {
  it('lets timers have their turn, and one of them end the call', async () => {
    const policy = createRegistry().policy('at once', {
      timeoutMs: 5_000,
      retry: { backoff: constant(0), maxAttempts: 1e9, budget: false },
    });
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort('by a timer'), 20);
    const outcome = await policy.settle(() => Promise.reject(busy), { signal: controller.signal });
    clearTimeout(timer);
    expect(outcome).toMatchObject({ stopReason: 'ABORTED', error: 'by a timer' });
    expect(outcome.elapsedMs).toBeLessThan(2_000);
  });

  it.each<{ given: string; move: (clock: FakeClock) => Promise<unknown> }>([
    { given: 'that is run to its end', move: (clock) => clock.runAll() },
    { given: 'that is advanced by nothing', move: (clock) => clock.advance(0) },
    { given: 'that nobody moves', move: () => Promise.resolve() },
  ])('costs no time of a clock $given, and leaves no timer', async ({ move }) => {
    const { clock, policy } = setUp({ retry: { backoff: constant(0), maxAttempts: 4, budget: false } });
    const call = policy.settle(() => Promise.reject(busy));
    await move(clock);
    expect(await call).toMatchObject({ attempts: 4, elapsedMs: 0 });
    expect(clock.pending).toBe(0);
  });
});

describe('[call.own-abort] what the user called off inside of the function', () => {
  class APIUserAbortError extends Error {}
  const timeout = new DOMException('timed out', 'TimeoutError');
  const aborted = (more: object, cause?: unknown) => Object.assign(new Error('aborted', { cause }), more);
  it.each<{ given: string; error: unknown; then: string; state: string }>([
    { given: 'an AbortError', error: new DOMException('aborted', 'AbortError'), then: 'ABORTED', state: 'closed' },
    { given: 'an AbortError of Node', error: aborted({ name: 'AbortError', code: 'ABORT_ERR' }), then: 'ABORTED', state: 'closed' },
    { given: 'the code of one', error: aborted({ code: 'ABORT_ERR' }), then: 'ABORTED', state: 'closed' },
    { given: 'a cancel of axios', error: aborted({ name: 'CanceledError', code: 'ERR_CANCELED' }), then: 'ABORTED', state: 'closed' },
    { given: 'an old cancel of axios', error: { __CANCEL__: true, message: 'stop' }, then: 'ABORTED', state: 'closed' },
    { given: 'an abort of an SDK', error: new APIUserAbortError('stop'), then: 'ABORTED', state: 'closed' },
    { given: 'an AbortError by a timeout', error: aborted({ name: 'AbortError' }, timeout), then: 'MAX_ATTEMPTS_GLOBAL', state: 'open' },
    { given: 'a timeout', error: timeout, then: 'MAX_ATTEMPTS_GLOBAL', state: 'open' },
  ])('$given ends the call as $then, and leaves the circuit $state', async ({ error, then, state }) => {
    const { policy } = setUp({ retry: false, circuitBreaker: { trip: { type: 'consecutive', failures: 1 } } });
    expect(await policy.settle(() => Promise.reject(error))).toMatchObject({ stopReason: then, error, attempts: 1 });
    expect(policy.circuitBreaker?.state).toBe(state);
  });

  it('is what a classifier says it is, when it says something', async () => {
    const { clock, policy } = setUp({ classify: () => 'TRANSIENT' });
    const error = new DOMException('aborted', 'AbortError');
    expect(await clock.until(policy.settle(() => Promise.reject(error)))).toMatchObject({ attempts: 3, errorClass: 'TRANSIENT' });
  });
});

describe('[call.parent-ends] a call inside an attempt', () => {
  it.each<{ given: string; end: () => unknown }>([
    { given: 'succeeds', end: () => 'fine' },
    { given: 'succeeds later', end: () => Promise.resolve('fine') },
    { given: 'fails', end: () => Promise.reject(new PermanentError('no')) },
    {
      given: 'throws',
      end: () => {
        throw new PermanentError('no');
      },
    },
  ])('ends when that $given', async ({ end }) => {
    const clock = new FakeClock();
    const outer = createRegistry().policy('outer', { clock, retry: false });
    const inner = createRegistry().policy('inner', { clock, retry: { maxAttempts: 9, backoff: fixed(100) } });
    const fn = jest.fn(() => Promise.reject(busy));
    let call: Promise<unknown> | undefined;
    await outer.settle((parent) => {
      call = inner.settle(fn, { parent });
      return end();
    });
    expect(await call).toMatchObject({ stopReason: 'ABORTED', error: { name: 'AbortError' } });
    expect(fn).toHaveBeenCalledTimes(1);
    expect(clock.pending).toBe(0);
  });

  it('ends with its reason when that is cut short', async () => {
    const clock = new FakeClock();
    const outer = createRegistry().policy('outer', { clock, attemptTimeoutMs: 50, retry: false });
    const inner = createRegistry().policy('inner', { clock, timeoutMs: 40, retry: { maxAttempts: 9, backoff: fixed(100) } });
    const never = (): Promise<never> => new Promise(() => undefined);
    const controller = new AbortController();
    let call: Promise<unknown> | undefined;
    const around = outer.settle((parent) => (call = inner.settle(never, { parent })), { signal: controller.signal });
    controller.abort('gone');
    await around;
    expect(await call).toMatchObject({ stopReason: 'ABORTED', error: 'gone' });
  });
});

describe('[call.first-failure-kept] a failure that comes of the retry itself', () => {
  it.each<{ given: string; error: Error }>([
    { given: 'a used request', error: new TypeError('Cannot construct a Request with a Request object that has already been used.') },
    { given: 'a used body', error: new TypeError('Body is unusable: Body has already been read') },
    { given: 'a broken transaction', error: Object.assign(new Error('current transaction is aborted'), { code: '25P02' }) },
  ])('$given leads to the one before', async ({ error }) => {
    const { clock, policy } = setUp();
    let calls = 0;
    const outcome = await clock.until(policy.settle(() => Promise.reject(calls++ === 0 ? busy : error)));
    expect(outcome).toMatchObject({ ok: false, error });
    expect(error.cause).toBe(busy);
    expect(outcome).toMatchObject({
      earlierFailures: [{ attempt: 1, error: busy, errorClass: 'SERVER_ERROR' }, ...(outcome.attempts > 2 ? [{}] : [])],
    });
  });

  it('keeps the cause that it has', async () => {
    const { clock, policy } = setUp();
    const own = new Error('own');
    const error = new TypeError('Body is unusable', { cause: own });
    let calls = 0;
    await clock.until(policy.settle(() => Promise.reject(calls++ === 0 ? busy : error)));
    expect(error.cause).toBe(own);
  });

  it('is not looked for where all failed alike', async () => {
    const { clock, policy } = setUp();
    expect(await clock.until(policy.settle(() => Promise.reject(busy)))).not.toHaveProperty('earlierFailures');
  });
});

describe('[retry.body-let-go] the body of an attempt that failed', () => {
  const stream = () => ({ cancel: jest.fn(() => Promise.reject(new Error('locked'))) });
  const nodeStream = () => ({ destroy: jest.fn(), on: jest.fn() });
  it.each<{ given: string; of: () => { readonly let: jest.Mock; readonly more: object } }>([
    { given: 'body', of: () => (({ cancel }) => ({ let: cancel, more: { body: { cancel } } }))(stream()) },
    { given: 'response.body', of: () => (({ cancel }) => ({ let: cancel, more: { response: { body: { cancel } } } }))(stream()) },
    { given: 'response.data', of: () => ((data) => ({ let: data.destroy, more: { response: { data } } }))(nodeStream()) },
  ])('is let go where it is the $given of the error, and left alone after the last', async ({ of }) => {
    const { clock, policy } = setUp();
    const made: jest.Mock[] = [];
    await clock.until(
      policy.settle(() => {
        const { let: letGo, more } = of();
        made.push(letGo);
        throw Object.assign(withStatus(503), more);
      }),
    );
    expect(made.map((each) => each.mock.calls.length)).toEqual([1, 1, 0]);
  });
});

describe('[call.abort-when-told] an abort from inside what is told', () => {
  it.each(['backoff', 'classify', 'sleep', 'beforeSleep', 'record', 'classifyResult'])('of %s ends the call there', async (point) => {
    const controller = new AbortController();
    const told: string[] = [];
    const at =
      <T>(name: string, value: T) =>
      () => {
        told.push(name);
        if (name === point) controller.abort('told');
        return value;
      };
    const { clock, policy } = setUp({
      classify: at('classify', 'SERVER_ERROR' as const),
      classifyResult: at('classifyResult', 'SERVER_ERROR' as const),
      retry: {
        backoff: Object.assign(at('backoff', 10), { record: at('record', undefined) }),
        sleep: at('sleep', 'sleep' as const),
        beforeSleep: at('beforeSleep', undefined),
        budget: { max: 5, windowMs: 1e9 },
      },
    });
    const fn = jest.fn(() => (point === 'classifyResult' ? 'bad' : Promise.reject(busy)));
    const outcome = policy.settle(fn as () => unknown, { signal: controller.signal });
    await clock.runAll();
    expect(await outcome).toMatchObject({ stopReason: 'ABORTED', error: 'told', attempts: 1 });
    expect(fn).toHaveBeenCalledTimes(1);
    expect(told.at(-1)).toBe(point);
    expect(clock.pending).toBe(0);
  });
});

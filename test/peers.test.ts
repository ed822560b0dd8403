import { ConstantBackoff, handleAll, retry } from 'cockatiel';
import CircuitBreaker from 'opossum';
import { type CircuitBreakerOptions, CircuitBreaker as RedressBreaker, createRegistry } from '@redress/core';
import { fixed } from '@redress/core/testing';

/**
 * What the README says of others, seen on them as they are in the lockfile, beside redress in the same place.
 * A release that mends it turns a line red, and then the README has to change.
 */
const failure = (): Promise<never> => Promise.reject(Object.assign(new Error('503'), { status: 503 }));
/** A promise that is settled from outside. */
function pending<T>(): { readonly promise: Promise<T>; resolve(value: T): void } {
  let settle: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { promise, resolve: (value) => settle(value) };
}

describe('a caller aborts during the backoff', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('cockatiel sleeps on, and its call is pending until the backoff is over', async () => {
    const controller = new AbortController();
    let settled = false;
    const call = retry(handleAll, { maxAttempts: 3, backoff: new ConstantBackoff(10_000) })
      .execute(failure, controller.signal)
      .catch(() => undefined)
      .finally(() => {
        settled = true;
      });
    await jest.advanceTimersByTimeAsync(1_000);
    controller.abort(new Error('gone'));
    await jest.advanceTimersByTimeAsync(1_000);
    expect(settled).toBe(false);
    await jest.advanceTimersByTimeAsync(60_000);
    await call;
  });

  it('redress wakes at once, with the reason', async () => {
    const controller = new AbortController();
    const policy = createRegistry().policy('aborted', { retry: { backoff: fixed(10_000) } });
    const call = policy.call(failure, { signal: controller.signal });
    const seen = expect(call).rejects.toThrow('gone');
    await jest.advanceTimersByTimeAsync(1_000);
    controller.abort(new Error('gone'));
    await seen;
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('a call that began before the circuit opened succeeds while the circuit is half-open', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('opossum closes the circuit, though no probe was made', async () => {
    const slow = pending<string>();
    const breaker = new CircuitBreaker((result: Promise<string>) => result, {
      timeout: false,
      errorThresholdPercentage: 1,
      resetTimeout: 5_000,
    });
    const stale = breaker.fire(slow.promise);
    await expect(breaker.fire(Promise.reject(new Error('down')))).rejects.toThrow('down');
    expect(breaker.opened).toBe(true);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(breaker.halfOpen).toBe(true);
    slow.resolve('old');
    await stale;
    expect([breaker.halfOpen, breaker.closed]).toEqual([false, true]);
    breaker.shutdown();
  });

  it('redress waits for a probe', async () => {
    const slow = pending<string>();
    const policy = createRegistry().policy('stale', {
      retry: false,
      circuitBreaker: { trip: { type: 'consecutive', failures: 1 }, recoveryMs: () => 5_000 },
    });
    const stale = policy.call(() => slow.promise);
    await policy.settle(failure);
    expect(policy.circuitBreaker.state).toBe('open');
    await jest.advanceTimersByTimeAsync(5_000);
    expect(policy.circuitBreaker.state).toBe('half_open');
    slow.resolve('old');
    await expect(stale).resolves.toBe('old');
    expect(policy.circuitBreaker.state).toBe('half_open');
    await policy.call(() => 'probe');
    expect(policy.circuitBreaker.state).toBe('closed');
  });
});

describe('a state saved two seconds before the circuit would try again', () => {
  it('opossum begins its open time anew', () => {
    jest.useFakeTimers();
    const options = { timeout: false, resetTimeout: 10_000 } as const;
    const before = new CircuitBreaker(failure, options);
    before.open();
    jest.advanceTimersByTime(8_000);
    const saved = { ...options, state: before.toJSON().state };
    const after = new CircuitBreaker(failure, saved);
    jest.advanceTimersByTime(3_000);
    expect(after.halfOpen).toBe(false);
    jest.advanceTimersByTime(7_000);
    expect(after.halfOpen).toBe(true);
    before.shutdown();
    after.shutdown();
    jest.useRealTimers();
  });

  it('redress opens for a probe after what was left', async () => {
    jest.useFakeTimers();
    const options: CircuitBreakerOptions = { trip: { type: 'consecutive', failures: 1 }, recoveryMs: () => 10_000 };
    const registry = createRegistry();
    const before = registry.policy('before', { retry: false, circuitBreaker: options });
    await before.settle(failure);
    await jest.advanceTimersByTimeAsync(8_000);
    const after = RedressBreaker.restore(JSON.parse(JSON.stringify(before.circuitBreaker)), { ...options, name: 'after' });
    expect(after.state).toBe('open');
    await jest.advanceTimersByTimeAsync(2_000);
    expect(after.state).toBe('half_open');
    jest.useRealTimers();
  });
});

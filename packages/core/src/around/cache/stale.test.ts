import { AsyncLocalStorage } from 'node:async_hooks';
import { errorOf } from '../../runtime/fixtures/script.js';
import type { ErrorClass } from '../../model/ErrorClass.js';
import { cached } from './fixtures/cached.js';

const failing = (errorClass: ErrorClass) => () => {
  throw errorOf[errorClass]();
};

describe('an old result that is called for again', () => {
  const swr = { staleWhileRevalidateMs: 500 };

  it('[cache.revalidate] answers at once, and the function is called beside it, once', async () => {
    const { get, settle, clock, state } = cached(swr);
    await get('a');
    await clock.advance(1_000);
    const calls = [settle('a'), settle('a')];
    for (const outcome of await Promise.all(calls)) {
      expect(outcome).toMatchObject({ ok: true, value: 1, answeredBy: 'stale_cache', attempts: 0, elapsedMs: 0 });
      expect(outcome).not.toHaveProperty('insteadOf');
    }
    expect(await settle('a')).toMatchObject({ value: 1 });
    await clock.advance(10);
    expect(await settle('a')).toMatchObject({ value: 2, answeredBy: 'cache' });
    expect([state.calls, clock.pending]).toEqual([2, 0]);
  });

  it.each([
    { afterMs: 999, then: { value: 1, answeredBy: 'cache' } },
    { afterMs: 1_000, then: { value: 1, answeredBy: 'stale_cache' } },
    { afterMs: 1_499, then: { value: 1, answeredBy: 'stale_cache' } },
    { afterMs: 1_500, then: { value: 2 } },
  ])('[cache.revalidate] answers within its time alone: after $afterMs ms', async ({ afterMs, then }) => {
    const { get, settle, clock } = cached(swr);
    await get('a');
    await clock.advance(afterMs);
    expect(await clock.until(settle('a'))).toMatchObject(then);
  });

  it('[cache.revalidate-quiet] stays as it is when that fails, and nobody hears of it', async () => {
    let spared = 0;
    const { get, clock, state } = cached(swr, { fallback: { run: () => (spared += 1) } });
    await get('a');
    await clock.advance(1_000);
    state.does = failing('PERMANENT');
    expect(await get('a')).toBe(1);
    await clock.advance(10);
    expect(await get('a')).toBe(1);
    await clock.advance(10);
    expect(spared).toBe(0);
    expect([state.calls, clock.pending]).toEqual([3, 0]);
  });

  it('[cache.revalidate] is called for without the signal of the caller and his attempt, and in his context', async () => {
    const { get, clock, policy } = cached(swr);
    await get('a');
    await clock.advance(1_000);
    const caller = new AbortController();
    const store = new AsyncLocalStorage<string>();
    let seen: unknown;
    const stale = await store.run('the caller', () =>
      policy.call(
        async () => {
          seen = store.getStore();
          await clock.sleep(10);
          return 'new';
        },
        { cacheKey: 'a', signal: caller.signal },
      ),
    );
    caller.abort();
    await clock.advance(10);
    expect([stale, seen, await get('a')]).toEqual([1, 'the caller', 'new']);
  });

  it('[cache.revalidate] waits for that call when its time is over meanwhile', async () => {
    const { get, settle, clock, state } = cached(swr);
    await get('a');
    await clock.advance(1_495);
    expect(await settle('a')).toMatchObject({ value: 1 });
    await clock.advance(6);
    const waiting = settle('a');
    await clock.advance(10);
    expect(await waiting).toMatchObject({ value: 2, answeredBy: 'cache' });
    expect(state.calls).toBe(2);
  });

  it('[cache.delete] is gone when it is deleted meanwhile, and the call that is about to begin is waited for', async () => {
    const { get, settle, policy, clock, state } = cached(swr);
    await get('a');
    await clock.advance(1_000);
    void settle('a');
    void policy.cache?.delete('a');
    const waiting = settle('a');
    await clock.advance(10);
    expect(await waiting).toMatchObject({ value: 2 });
    expect([state.calls, await get('a')]).toEqual([2, 2]);
  });
});

describe('an old result where the function fails', () => {
  const sie = { staleIfErrorMs: 500 };

  it.each([
    {
      afterMs: 1_000,
      then: { ok: true, value: 1, answeredBy: 'stale_cache', attempts: 2, insteadOf: { stopReason: 'MAX_ATTEMPTS_GLOBAL' } },
    },
    { afterMs: 1_469, then: { ok: true, value: 1 } },
    { afterMs: 1_470, then: { ok: false, stopReason: 'MAX_ATTEMPTS_GLOBAL' } },
  ])('[cache.if-error] answers within its time, as of the failure: after $afterMs ms', async ({ afterMs, then }) => {
    const { get, settle, clock, state } = cached(sie);
    await get('a');
    await clock.advance(afterMs);
    state.does = failing('SERVER_ERROR');
    expect(await clock.until(settle('a'))).toMatchObject(then);
  });

  it.each<[ErrorClass, boolean]>([
    ['TRANSIENT', true],
    ['SERVER_ERROR', true],
    ['RATE_LIMIT', true],
    ['CONCURRENCY', true],
    ['UNKNOWN', true],
    ['AUTH', false],
    ['PERMISSION', false],
    ['PERMANENT', false],
  ])('[cache.if-error] answers where the dependency could not: %s, %p', async (errorClass, answers) => {
    const { get, settle, clock, state } = cached(sie, { retry: false });
    await get('a');
    await clock.advance(1_000);
    state.does = failing(errorClass);
    expect((await clock.until(settle('a'))).ok).toBe(answers);
  });

  it('[cache.if-error] answers a call that a gate refused, or that had no time', async () => {
    const { get, settle, clock, policy } = cached(sie, { circuitBreaker: {}, fallback: { value: 'spare' } });
    await get('a');
    await clock.advance(1_000);
    expect(await clock.until(settle('a', { timeoutMs: 5 }))).toMatchObject({ value: 1, insteadOf: { stopReason: 'DEADLINE_EXCEEDED' } });
    policy.circuitBreaker?.forceOpen();
    expect(await clock.until(settle('a'))).toMatchObject({ value: 1, insteadOf: { stopReason: 'CIRCUIT_OPEN' } });
    expect(await clock.until(settle('b'))).toMatchObject({ value: 'spare' });
  });

  it('[cache.if-error] answers each of those who waited for that call, and no call that was aborted', async () => {
    const { get, settle, clock, state } = cached(sie, { retry: false });
    await get('a');
    await clock.advance(1_000);
    state.does = failing('SERVER_ERROR');
    const abort = new AbortController();
    const calls = [settle('a'), settle('a'), settle('a', { signal: abort.signal })];
    abort.abort();
    await clock.advance(10);
    expect(await Promise.all(calls)).toMatchObject([{ value: 1 }, { value: 1 }, { stopReason: 'ABORTED' }]);
    expect(state.calls).toBe(2);
  });

  it('[cache.delete] is gone when it is deleted meanwhile', async () => {
    const { get, settle, clock, state, policy } = cached(sie, { retry: false });
    await get('a');
    await clock.advance(1_000);
    state.does = failing('SERVER_ERROR');
    const call = settle('a');
    await policy.cache?.delete('a');
    await clock.advance(10);
    expect(await call).toMatchObject({ ok: false });
  });
});

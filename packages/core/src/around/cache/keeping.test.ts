import { createRegistry } from '../../policy/Registry.js';
import { errorOf } from '../../runtime/fixtures/script.js';
import { FakeClock } from '../../testing/FakeClock.js';
import { RetryBudget } from '../../retry/budget/RetryBudget.js';
import { Cache } from './Cache.js';
import { cached } from './fixtures/cached.js';
import { told, withDiag } from '../../telemetry/fixtures/diag.js';

describe('what a call gave', () => {
  it('[cache.hit] is what the next calls of its key get, without the function', async () => {
    const { get, state, policy } = cached();
    expect([await get('a'), await get('a'), await get('b'), await get('a')]).toEqual([1, 1, 2, 1]);
    expect(state.calls).toBe(2);
    expect(policy.cache?.size).toBe(2);
  });

  it('[cache.hit] is the same object for everybody', async () => {
    const { get, state } = cached();
    const kept = { stock: 3 };
    state.does = () => kept;
    expect(await get('a')).toBe(kept);
    expect(await get('a')).toBe(kept);
  });

  it('[cache.key] is nothing to a call without a key', async () => {
    const { get, policy } = cached();
    expect([await get(undefined), await get(undefined)]).toEqual([1, 2]);
    expect(policy.cache?.size).toBe(0);
  });

  it('[cache.key] is kept under the key that was preset, and nowhere without a cache', async () => {
    const { policy, clock, fn } = cached();
    const preset = policy.with({ cacheKey: 'a' });
    expect([await clock.until(preset.call(fn)), await clock.until(preset.call(fn))]).toEqual([1, 1]);
    const without = cached({}, { cache: false });
    expect([await without.get('a'), await without.get('a')]).toEqual([1, 2]);
    expect(without.policy.cache).toBeUndefined();
  });

  it.each(['__proto__', 'constructor', ' '])('[cache.key] may be called %j', async (key) => {
    const { get } = cached();
    expect([await get(key), await get(key), await get('other')]).toEqual([1, 1, 2]);
  });

  it.each([
    { afterMs: 0, then: 1 },
    { afterMs: 999, then: 1 },
    { afterMs: 1_000, then: 2 },
    { afterMs: 5_000, then: 2 },
  ])('[cache.ttl] is fresh for ttlMs: after $afterMs ms it is $then', async ({ afterMs, then }) => {
    const { get, clock } = cached();
    await get('a');
    await clock.advance(afterMs);
    expect(await get('a')).toBe(then);
  });

  it.each([
    { random: 0, jitter: undefined, lastMs: 1_000 },
    { random: 0.5, jitter: undefined, lastMs: 950 },
    { random: 0.5, jitter: 1, lastMs: 500 },
    { random: 0.75, jitter: 0.4, lastMs: 700 },
  ])('[cache.jitter] of $jitter and chance $random: it is fresh for $lastMs ms', async ({ random, jitter, lastMs }) => {
    const { get, clock } = cached({ jitter }, { random: () => random });
    await get('a');
    await clock.advance(lastMs - 1);
    expect(await get('a')).toBe(1);
    await clock.advance(1);
    expect(await get('a')).toBe(2);
  });

  it('[cache.ttl] holds no timer', async () => {
    const { get, clock } = cached({ staleWhileRevalidateMs: 100, staleIfErrorMs: 100 });
    await get('a');
    expect(clock.pending).toBe(0);
  });
});

describe('what is kept', () => {
  it.each([undefined, null, 0, '', false])('[cache.success-only] is any result: %p', async (value) => {
    const { get, state } = cached();
    state.does = () => value;
    expect([await get('a'), await get('a')]).toEqual([value, value]);
    expect(state.calls).toBe(1);
  });

  it('[cache.success-only] is no failure, no bad result, no fallback', async () => {
    const { get, state, policy } = cached(
      {},
      { fallback: { value: 'spare' }, classifyResult: (value) => (value === 'bad' ? 'PERMANENT' : undefined) },
    );
    state.does = () => {
      throw errorOf.PERMANENT();
    };
    expect(await get('a')).toBe('spare');
    state.does = () => 'bad';
    expect(await get('a')).toBe('spare');
    expect(policy.cache?.size).toBe(0);
    state.does = undefined;
    expect([await get('a'), await get('a')]).toEqual([3, 3]);
  });

  it('[cache.lru] is no more than maxEntries: what was not asked for the longest goes first', async () => {
    const { get, policy } = cached({ maxEntries: 2 });
    await get('a');
    await get('b');
    await get('a');
    await get('c');
    expect(policy.cache?.size).toBe(2);
    expect([await get('a'), await get('c'), await get('b')]).toEqual([1, 3, 4]);
  });

  it('[cache.lru] is a thousand by default', async () => {
    const { policy, clock } = cached();
    for (let key = 0; key < 1_001; key += 1) await policy.call(() => key, { cacheKey: `k${key}` });
    expect(policy.cache?.size).toBe(1_000);
    expect(clock.pending).toBe(0);
  });

  it('[cache.lru] is no more than maxSize by sizeOf, and nothing that is larger than all', async () => {
    const { get, state, policy } = cached({ maxSize: 10, sizeOf: (value) => (value as string).length });
    const keep = (key: string, value: string) => {
      state.does = () => value;
      return get(key);
    };
    await keep('a', '12345');
    await keep('b', '1234');
    expect(policy.cache?.size).toBe(2);
    await keep('c', '12');
    expect([policy.cache?.size, await keep('b', 'new'), await keep('c', 'new'), await keep('a', '1')]).toEqual([2, '1234', '12', '1']);
    await keep('d', '12345678901');
    expect([await keep('d', 'now'), await keep('b', 'new')]).toEqual(['now', '1234']);
  });

  it.each<[string, (value: unknown) => number]>([
    [
      'threw',
      () => {
        throw new Error('size');
      },
    ],
    ['must give a finite number, at least 0; got NaN', () => Number.NaN],
    ['must give a finite number, at least 0; got -1', () => -1],
    ['must give a finite number, at least 0; got object', () => Promise.reject(new Error('late')) as never],
  ])('[cache.size-of] is nothing whose sizeOf %s', async (what, sizeOf) => {
    const { get, policy } = cached({ maxSize: 5, sizeOf });
    withDiag();
    expect([await get('a'), await get('a')]).toEqual([1, 2]);
    expect(policy.cache?.size).toBe(0);
    expect(told().join()).toContain(`the sizeOf of a cache ${what}`);
  });
});

describe('a fresh result', () => {
  it('[cache.first] answers before the gates and the fallback, and counts for none of them', async () => {
    const budget = new RetryBudget({ max: 5, windowMs: 1e6 });
    const { get, policy, state } = cached(
      {},
      { circuitBreaker: {}, bulkhead: { maxConcurrent: 1 }, fallback: { value: 'spare' }, retry: { budget } },
    );
    await get('a');
    policy.circuitBreaker?.forceOpen();
    expect([await get('a'), await get('b')]).toEqual([1, 'spare']);
    expect([state.calls, policy.bulkhead?.inFlight, budget.remaining]).toEqual([1, 0, 5]);
  });

  it('[cache.first] closes no circuit and is no probe of one', async () => {
    const { get, policy, clock, state } = cached(
      {},
      { circuitBreaker: { trip: { type: 'consecutive', failures: 1 }, recoveryMs: 100 }, retry: false },
    );
    await get('a');
    state.does = () => {
      throw errorOf.SERVER_ERROR();
    };
    await get('b');
    await clock.advance(130);
    expect(await get('a')).toBe(1);
    expect(policy.circuitBreaker?.state).not.toBe('closed');
  });

  it('[cache.first] answers without any time left', async () => {
    const { get, clock, policy, fn } = cached();
    await get('a');
    const outer = createRegistry().policy('outer', { clock, timeoutMs: 50, retry: false });
    const late = await clock.until(
      outer.settle(async (parent) => {
        await clock.sleep(49.9);
        const spent = { ...parent, signal: new AbortController().signal, remainingMs: 0 };
        return [await policy.settle(fn, { parent: spent, cacheKey: 'a' }), await policy.settle(fn, { parent: spent, cacheKey: 'b' })];
      }),
    );
    expect(late).toMatchObject({
      value: [
        { ok: true, value: 1, attempts: 0 },
        { ok: false, stopReason: 'DEADLINE_EXCEEDED' },
      ],
    });
  });

  it('[cache.first] does not answer a call whose signal has fired', async () => {
    const { get } = cached();
    await get('a');
    expect(await get('a', { signal: AbortSignal.abort() })).toBe('ABORTED');
  });
});

describe('a cache in hand', () => {
  it('[cache.delete] forgets a key, or all', async () => {
    const { get, policy } = cached();
    await get('a');
    await get('b');
    expect(await policy.cache?.delete('a')).toBe(true);
    expect(await policy.cache?.delete('never kept')).toBe(true);
    expect([await get('a'), await get('b')]).toEqual([3, 2]);
    policy.cache?.clear();
    expect(policy.cache?.size).toBe(0);
    expect([await get('a'), await get('b')]).toEqual([4, 5]);
  });

  it('[cache.delete] forgets at once, and refuses what is no key', async () => {
    const { get, policy } = cached();
    await get('a');
    void policy.cache?.delete('a');
    expect(policy.cache?.size).toBe(0);
    await expect(policy.cache?.delete('')).rejects.toThrow('cache.delete: key must be a string that is not empty; got ""');
  });

  it.each(['delete', 'clear'] as const)('[cache.delete] %s: a call under way answers those who wait, and is not kept', async (how) => {
    const { settle, get, policy, clock } = cached();
    const before = [settle('a'), settle('a')];
    await clock.advance(5);
    if (how === 'delete') await policy.cache?.delete('a');
    else policy.cache?.clear();
    const after = settle('a');
    await clock.advance(10);
    expect((await Promise.all([...before, after])).map((outcome) => outcome.ok && outcome.value)).toEqual([1, 1, 2]);
    expect(await get('a')).toBe(2);
  });

  it('[cache.shared] is shared by policies that are given it, with its keys', async () => {
    const shared = new Cache({ ttlMs: 1_000 });
    const clock = new FakeClock();
    const one = cached({}, { cache: shared, clock });
    const other = cached({}, { cache: shared, clock });
    expect([one.policy.cache, other.policy.cache]).toEqual([shared, shared]);
    expect(await clock.until(one.policy.call(() => 'of one', { cacheKey: 'a' }))).toBe('of one');
    expect(await clock.until(other.policy.call(() => 'of the other', { cacheKey: 'a' }))).toBe('of one');
    expect(shared.size).toBe(1);
  });

  it('[cache.shared] knows nothing of what was kept by another clock', async () => {
    const shared = new Cache({ ttlMs: 1_000 });
    const one = cached({}, { cache: shared });
    const other = cached({}, { cache: shared });
    expect([await one.get('a'), await other.get('a')]).toEqual([1, 1]);
    expect([one.state.calls, other.state.calls]).toEqual([1, 1]);
    expect(await other.get('a')).toBe(1);
  });

  it('[cache.shared] is known to another copy of the package by its mark', () => {
    const cache = new Cache({ ttlMs: 1 });
    const foreign = { [Symbol.for('redress.cache.attach')]: () => ({ handle: cache }) };
    expect(cached({}, { cache: foreign as never }).policy.cache).toBe(cache);
  });

  it.each([
    { given: 'another option', update: { timeoutMs: 1_100 }, then: 1 },
    { given: 'the same options', update: { cache: { ttlMs: 1_000, jitter: 0 } }, then: 1 },
    { given: 'other options', update: { cache: { ttlMs: 1_001, jitter: 0 } }, then: 2 },
    { given: 'none', update: { cache: false as const }, then: 2 },
    { given: 'the default, which is none', update: { cache: null }, then: 2 },
    { given: 'an instance', update: { cache: new Cache({ ttlMs: 1_000 }) }, then: 2 },
  ])('[cache.update] is kept by updatePolicy with all it has, unless its options change: $given', async ({ update, then }) => {
    const { get, registry, policy } = cached();
    await get('a');
    registry.updatePolicy(policy.name, update);
    expect(await get('a')).toBe(then);
  });

  it('[cache.update] begins anew with another clock, whose time says nothing of before', async () => {
    const { get, registry, policy, fn } = cached();
    await get('a');
    const clock = new FakeClock({ startMs: 5 });
    registry.updatePolicy(policy.name, { clock });
    const call = policy.call(() => 'new', { cacheKey: 'a' });
    expect([await clock.until(call), await policy.call(fn, { cacheKey: 'a' })]).toEqual(['new', 'new']);
  });

  it('[cache.update] makes way for another instance', async () => {
    const [first, second] = [new Cache({ ttlMs: 1_000 }), new Cache({ ttlMs: 1_000 })];
    const { registry, policy } = cached({}, { cache: first });
    registry.updatePolicy(policy.name, { cache: second });
    expect(policy.cache).toBe(second);
  });
});

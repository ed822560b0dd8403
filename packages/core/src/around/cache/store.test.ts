import { trace } from '@opentelemetry/api';
import { createRegistry } from '../../policy/Registry.js';
import { told, withDiag } from '../../telemetry/fixtures/diag.js';
import { inMemoryTelemetry } from '../../testing/inMemoryTelemetry.js';
import type { CacheEntry, CacheStore } from './CacheStore.js';
import { cached } from './fixtures/cached.js';
import type { CacheOptions } from './options.js';

const hangs = () => new Promise<never>(() => {});
const fails = () => Promise.reject(new Error('store'));
const throws = () => {
  throw new Error('store');
};

/** A store as one in another process is: it keeps JSON, and takes its time. */
function remote(set: () => ReturnType<typeof cached>, ms = 5) {
  const kept = new Map<string, string>();
  const asked: string[] = [];
  const keptFor: number[] = [];
  const store: CacheStore = {
    async get(key) {
      asked.push(key);
      await set().clock.sleep(ms);
      const text = kept.get(key);
      return text === undefined ? null : JSON.parse(text);
    },
    async set(key, entry, keepMs) {
      kept.set(key, JSON.stringify(entry));
      keptFor.push(keepMs);
    },
    async delete(key) {
      kept.delete(key);
    },
  };
  return { store, kept, asked, keptFor };
}

function withRemote(own: Partial<CacheOptions> = {}, ms = 5) {
  const of: { set?: ReturnType<typeof cached> } = {};
  const far = remote(() => of.set as ReturnType<typeof cached>, ms);
  const set = cached({ store: far.store, ...own });
  of.set = set;
  return { ...set, ...far };
}

describe('a store of the user', () => {
  beforeEach(withDiag);

  it('[cache.store] a Map keeps plain entries, by the time since 1970', async () => {
    const store = new Map<string, CacheEntry>();
    const before = Date.now();
    const { get, clock, policy } = cached({ store });
    expect([await get('a'), await get('a'), policy.cache?.size]).toEqual([1, 1, 0]);
    const entry = store.get('a');
    expect(entry).toEqual({ value: 1, storedAtMs: expect.any(Number), ttlMs: 1_000 });
    expect(entry?.storedAtMs).toBeGreaterThanOrEqual(before);
    await clock.advance(1_000);
    expect(await get('a')).toBe(2);
  });

  it('[cache.store] of another process answers, also by a promise, and is asked once for a key at a time', async () => {
    const { get, settle, clock, state, asked, store, keptFor } = withRemote({ staleIfErrorMs: 700, staleWhileRevalidateMs: 300 });
    const calls = [settle('a'), settle('a')];
    await clock.advance(15);
    expect(await Promise.all(calls)).toMatchObject([
      { value: 1, elapsedMs: 15, attempts: 1 },
      { value: 1, answeredBy: 'cache', attempts: 0 },
    ]);
    expect([state.calls, asked, keptFor]).toEqual([1, ['a'], [1_700]]);
    const hits = [settle('a'), settle('a')];
    await clock.advance(5);
    expect(await Promise.all(hits)).toMatchObject([{ value: 1, answeredBy: 'cache', elapsedMs: 5 }, { value: 1 }]);
    expect(asked).toEqual(['a', 'a']);
    const elsewhere = createRegistry().policy('elsewhere', { clock, cache: { ttlMs: 5, store } });
    expect(await clock.until(elsewhere.call(() => 'its own', { cacheKey: 'a' }))).toBe(1);
    await clock.advance(1_000);
    expect(await clock.until(settle('a'))).toMatchObject({ value: 1, answeredBy: 'stale_cache' });
    await clock.advance(10);
    expect(await get('a')).toBe(2);
    expect(clock.pending).toBe(0);
  });

  it('[cache.store] goes by real time without a clock of the policy', async () => {
    const store = new Map<string, unknown>([
      ['fresh', { value: 'kept', storedAtMs: Date.now() - 1_000, ttlMs: 60_000 }],
      ['old', { value: 'kept', storedAtMs: Date.now() - 61_000, ttlMs: 60_000 }],
      ['from the future', { value: 'kept', storedAtMs: Date.now() + 5_000, ttlMs: 60_000 }],
    ]);
    const policy = createRegistry().policy('real', { cache: { ttlMs: 5, store } });
    const get = (cacheKey: string) => policy.call(() => 'called', { cacheKey });
    expect([await get('fresh'), await get('old'), await get('from the future')]).toEqual(['kept', 'called', 'kept']);
  });

  it('[cache.store] has its old result for a call that fails, without being asked again', async () => {
    const { get, settle, clock, state, asked } = withRemote({ staleIfErrorMs: 500 });
    await get('a');
    await clock.advance(1_000);
    state.does = () => {
      throw Object.assign(new Error('busy'), { status: 503 });
    };
    expect(await clock.until(settle('a'))).toMatchObject({ value: 1, answeredBy: 'stale_cache' });
    expect(asked).toEqual(['a', 'a']);
  });

  it('[cache.store] lets each who waits for it give up, and the others go on', async () => {
    const { settle, clock, state } = withRemote({}, 20);
    const abort = new AbortController();
    const calls = [settle('a', { signal: abort.signal }), settle('a', { timeoutMs: 10 }), settle('a')];
    abort.abort();
    await clock.advance(40);
    expect(await Promise.all(calls)).toMatchObject([{ stopReason: 'ABORTED' }, { stopReason: 'DEADLINE_EXCEEDED' }, { value: 1 }]);
    expect(state.calls).toBe(1);
    const alone = settle('b', { timeoutMs: 5 });
    await clock.advance(30);
    expect(await alone).toMatchObject({ stopReason: 'DEADLINE_EXCEEDED' });
    expect([state.calls, clock.pending]).toEqual([1, 0]);
  });

  it('[cache.store] calls again beside an old result, be the first who waits for it gone', async () => {
    const { get, settle, clock, state } = withRemote({ staleWhileRevalidateMs: 500 });
    await get('a');
    await clock.advance(1_000);
    const abort = new AbortController();
    const calls = [settle('a', { signal: abort.signal }), settle('a')];
    abort.abort();
    await clock.advance(5);
    expect((await Promise.all(calls))[1]).toMatchObject({ value: 1, answeredBy: 'stale_cache' });
    await clock.advance(10);
    expect([state.calls, await get('a')]).toEqual([2, 2]);
  });

  it('[cache.delete] forgets in the store too, and says whether it did', async () => {
    const { get, policy, kept } = withRemote();
    await get('a');
    expect(await policy.cache?.delete('a')).toBe(true);
    expect(kept.size).toBe(0);
    for (const wrong of [throws, fails, hangs]) {
      const failing = cached({ store: { get: () => undefined, set: () => {}, delete: wrong } });
      expect(await failing.clock.until(failing.policy.cache?.delete('a') ?? Promise.reject())).toBe(false);
      expect(failing.clock.pending).toBe(0);
    }
    expect(told()).toHaveLength(3);
  });

  it.each<[string, () => unknown, string]>([
    ['throws', throws, "the get of a cache's store threw"],
    ['rejects', fails, "the get of a cache's store rejected"],
    ['gives a number', () => 5, "the get of a cache's store gave what is no entry"],
    ['gives half an entry', () => ({ value: 1, storedAtMs: 'yesterday', ttlMs: 5 }), 'gave what is no entry'],
    ['gives what cannot be read', () => Object.defineProperty({}, 'value', { get: throws }), 'gave what cannot be read'],
    ['gives a then that throws', () => Object.defineProperty({}, 'then', { get: throws }), 'threw'],
    ['gives a promise that cannot be waited for', () => ({ then: throws }), 'rejected'],
  ])('[cache.store-fails] whose get %s has nothing, which is told when it begins', async (_, get, what) => {
    const set = cached({ store: { get, set: () => {}, delete: () => {} } });
    expect([await set.get('a'), await set.get('a')]).toEqual([1, 2]);
    expect(told()).toEqual([expect.stringContaining(what)]);
    expect(set.clock.pending).toBe(0);
  });

  it.each([
    ['throws', throws],
    ['rejects', fails],
    ['hangs', hangs],
  ])('[cache.store-fails] whose set %s fails and holds no call', async (how, set) => {
    const { settle, clock } = cached({ store: { get: () => null, set, delete: () => {} } });
    expect(await clock.until(settle('a'))).toMatchObject({ value: 1, elapsedMs: 10 });
    expect(told()).toHaveLength(how === 'hangs' ? 0 : 1);
    expect(clock.pending).toBe(0);
  });

  it('[cache.store-fails] is told again when it had worked meanwhile', async () => {
    let fail = true;
    const { get } = cached({
      store: { get: () => (fail ? throws() : { value: 'kept', storedAtMs: Date.now(), ttlMs: 1e9 }), set() {}, delete() {} },
    });
    for (const now of [true, true, false, true]) {
      fail = now;
      await get('a');
    }
    expect(told()).toHaveLength(2);
  });

  it.each([
    { storeTimeoutMs: undefined, elapsedMs: 260 },
    { storeTimeoutMs: 50, elapsedMs: 60 },
  ])('[cache.store-bound] that hangs holds a call for storeTimeoutMs: $storeTimeoutMs', async ({ storeTimeoutMs, elapsedMs }) => {
    const { settle, clock } = cached({ storeTimeoutMs, store: { get: hangs, set: () => {}, delete: () => {} } });
    expect(await clock.until(settle('a'))).toMatchObject({ value: 1, elapsedMs });
    expect(clock.pending).toBe(0);
    expect(told()).toEqual([expect.stringMatching(/the get of a cache's store took longer than \d+ ms; that counts as a miss/)]);
  });

  it('[cache.store-bound] that comes or fails too late changes nothing', async () => {
    const { settle, clock, state } = withRemote({ storeTimeoutMs: 20 }, 25);
    expect(await clock.until(settle('a'))).toMatchObject({ value: 1, elapsedMs: 30 });
    await clock.advance(100);
    expect(state.calls).toBe(1);
    let reject: (error: Error) => void = () => {};
    const late = cached({ storeTimeoutMs: 5, store: { get: () => new Promise((_, no) => (reject = no)), set() {}, delete() {} } });
    const call = late.settle('a');
    await late.clock.advance(6);
    reject(new Error('late'));
    expect(await late.clock.until(call)).toMatchObject({ value: 1 });
  });

  it('[cache.store] that ends the call itself ends it', async () => {
    for (const given of [undefined, hangs()]) {
      const abort = new AbortController();
      const get = () => {
        abort.abort();
        return given;
      };
      const { settle, state, clock } = cached({ store: { get, set() {}, delete() {} } });
      expect(await settle('a', { signal: abort.signal })).toMatchObject({ stopReason: 'ABORTED' });
      await clock.advance(300);
      expect([state.calls, clock.pending]).toEqual([0, 0]);
      expect(await clock.until(settle('a'))).toMatchObject({ value: 1 });
    }
  });

  it('[cache.store] is asked with the span of the call active', async () => {
    const telemetry = await inMemoryTelemetry();
    const seen: unknown[] = [];
    const { get } = cached({ store: { get: () => void seen.push(trace.getActiveSpan()?.spanContext().spanId), set() {}, delete() {} } });
    await get('a');
    expect(seen).toEqual([telemetry.calls()[0]?.spanId]);
    await telemetry.shutdown();
  });
});

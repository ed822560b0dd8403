import { AsyncLocalStorage } from 'node:async_hooks';
import { errorOf } from '../../runtime/fixtures/script.js';
import { told, withDiag } from '../../telemetry/fixtures/diag.js';
import { Cache } from './Cache.js';
import { attach } from './part.js';
import { cached } from './fixtures/cached.js';

const values = (outcomes: readonly { readonly ok: boolean }[]) =>
  outcomes.map((outcome) => ('value' in outcome ? outcome.value : Reflect.get(outcome, 'stopReason')));

describe('calls of one key at one time', () => {
  it('[cache.single-flight] are one call, whose result all get', async () => {
    const { settle, clock, state } = cached();
    const calls = [settle('a'), settle('a'), settle('b'), settle('a')];
    await clock.advance(10);
    expect(values(await Promise.all(calls))).toEqual([1, 1, 2, 1]);
    expect([state.calls, clock.pending]).toEqual([2, 0]);
  });

  it('[cache.single-flight] are one call also where its result is fresh for no time', async () => {
    const { settle, clock } = cached({ jitter: 1 }, { random: () => 0.999_999_999 });
    const calls = [settle('a'), settle('a')];
    await clock.advance(10);
    expect(values(await Promise.all(calls))).toEqual([1, 1]);
  });

  it('[cache.shared-failure] end as that call does, and each has a fallback of its own', async () => {
    const { settle, clock, state } = cached();
    const error = errorOf.PERMANENT();
    state.does = () => {
      throw error;
    };
    const calls = [settle('a'), settle('a'), settle('a', { fallback: { value: 'spare' } })];
    await clock.advance(10);
    const [first, second, third] = await Promise.all(calls);
    expect(first).toMatchObject({ ok: false, stopReason: 'NON_RETRYABLE_CLASS', error, attempts: 1 });
    expect(second).toMatchObject({ ok: false, stopReason: 'NON_RETRYABLE_CLASS', error, errorClass: 'PERMANENT', attempts: 0 });
    expect(third).toMatchObject({ ok: true, value: 'spare', insteadOf: { stopReason: 'NON_RETRYABLE_CLASS' } });
    expect(state.calls).toBe(1);
  });

  it('[cache.shared-failure] tell a bad result as that call does', async () => {
    const { settle, clock, state } = cached({}, { classifyResult: (value) => (value === 'bad' ? 'PERMANENT' : undefined) });
    state.does = () => 'bad';
    const calls = [settle('a'), settle('a')];
    await clock.advance(10);
    for (const outcome of await Promise.all(calls)) expect(outcome).toMatchObject({ failedBy: 'result', lastResult: 'bad' });
  });

  it('[cache.shared-failure] are as many as before once it has failed', async () => {
    const { get, state } = cached();
    state.does = () => {
      throw errorOf.PERMANENT();
    };
    expect([await get('a'), await get('a')]).toEqual(['NON_RETRYABLE_CLASS', 'NON_RETRYABLE_CLASS']);
    expect(state.calls).toBe(2);
  });

  it.each<[string, (set: ReturnType<typeof cached>, abort: AbortController) => void, string]>([
    ['was aborted', (_, abort) => abort.abort(), 'ABORTED'],
    ['ran out of its time', ({ clock }) => void clock.advance(6), 'DEADLINE_EXCEEDED'],
    ['was deferred', ({ state }) => (state.does = () => Promise.reject(errorOf.TRANSIENT())), 'SCHEDULED'],
  ])('[cache.pass-on] go on when it %s: the first who waits makes it now', async (_, happens, stopReason) => {
    const set = cached();
    const abort = new AbortController();
    const first = set.settle('a', { signal: abort.signal, timeoutMs: stopReason === 'DEADLINE_EXCEEDED' ? 6 : 500, sleep: () => 'defer' });
    const others = [set.settle('a'), set.settle('a')];
    await set.clock.advance(4);
    happens(set, abort);
    if (stopReason === 'SCHEDULED') await set.clock.advance(6);
    expect((await set.clock.until(first)).ok).toBe(false);
    set.state.does = undefined;
    await set.clock.advance(20);
    expect(await first).toMatchObject({ stopReason });
    expect(values(await Promise.all(others))).toEqual([2, 2]);
    expect([set.state.calls, set.clock.pending]).toEqual([2, 0]);
  });

  it('[cache.pass-on] go on when a gate refused it', async () => {
    const { settle, clock, policy, state } = cached({}, { bulkhead: { maxConcurrent: 1, maxQueued: 1 } });
    void policy.call(() => clock.sleep(5));
    const calls = [settle('a', { timeoutMs: 3 }), settle('a'), settle('a')];
    await clock.advance(20);
    expect(values(await Promise.all(calls))).toEqual(['DEADLINE_EXCEEDED', 1, 1]);
    expect(state.calls).toBe(1);
    const refusing = cached({}, { circuitBreaker: {} });
    refusing.policy.circuitBreaker?.forceOpen();
    expect(await refusing.get('b')).toBe('CIRCUIT_OPEN');
    refusing.policy.circuitBreaker?.reset();
    expect(await refusing.get('b')).toBe(1);
  });

  it('[cache.fifo] are led in the order in which they came', async () => {
    const { settle, clock, fn, policy } = cached();
    const led: string[] = [];
    const lead = (name: string, timeoutMs: number) =>
      policy.settle(
        () => {
          led.push(name);
          return fn();
        },
        { cacheKey: 'a', timeoutMs },
      );
    const calls = [lead('first', 5), lead('second', 9), lead('third', 100), settle('a')];
    await clock.advance(50);
    expect(values(await Promise.all(calls))).toEqual(['DEADLINE_EXCEEDED', 'DEADLINE_EXCEEDED', 3, 3]);
    expect(led).toEqual(['first', 'second', 'third']);
  });

  it('[cache.own-time] have their own time and signal, and who gives up leaves the others alone', async () => {
    const { settle, clock, state } = cached();
    const abort = new AbortController();
    const calls = [settle('a'), settle('a', { timeoutMs: 3 }), settle('a', { signal: abort.signal }), settle('a')];
    await clock.advance(5);
    abort.abort();
    await clock.advance(5);
    const [first, late, aborted, last] = await Promise.all(calls);
    expect(first).toMatchObject({ value: 1, elapsedMs: 10 });
    expect(late).toMatchObject({ stopReason: 'DEADLINE_EXCEEDED', attempts: 0, elapsedMs: 3 });
    expect(aborted).toMatchObject({ stopReason: 'ABORTED', attempts: 0, elapsedMs: 5 });
    expect(last).toMatchObject({ value: 1, attempts: 0, answeredBy: 'cache' });
    expect([state.calls, clock.pending]).toEqual([1, 0]);
  });

  it('[cache.pass-on] lose nobody when the next gives up at the very moment the lead is his', async () => {
    const { settle, clock } = cached();
    const [one, two] = [new AbortController(), new AbortController()];
    const calls = [settle('a', { signal: one.signal }), settle('a', { signal: two.signal }), settle('a')];
    await clock.advance(5);
    one.abort();
    two.abort();
    await clock.advance(10);
    expect(values(await Promise.all(calls))).toEqual(['ABORTED', 'ABORTED', 2]);
  });

  it('[cache.single-flight] begin anew when the key is deleted, and the end of the call before ends nothing of that', async () => {
    const { settle, clock, policy, state } = cached();
    const calls = [settle('a')];
    await clock.advance(5);
    void policy.cache?.delete('a');
    calls.push(settle('a'));
    await clock.advance(7);
    calls.push(settle('a'));
    await clock.advance(10);
    expect(values(await Promise.all(calls))).toEqual([1, 2, 2]);
    expect(state.calls).toBe(2);
  });

  it.each([true, false])(
    '[cache.pass-on] wait for the newer call where theirs cannot answer and the key was deleted; there is one: %p',
    async (isOne) => {
      const { settle, clock, policy, state, get } = cached();
      const abort = new AbortController();
      const before = [settle('a', { signal: abort.signal }), settle('a')];
      await clock.advance(5);
      void policy.cache?.delete('a');
      if (isOne) void settle('a');
      await clock.advance(2);
      abort.abort();
      await clock.advance(20);
      expect(values(await Promise.all(before))).toEqual(['ABORTED', 2]);
      expect([await get('a'), state.calls]).toEqual([2, 2]);
    },
  );

  it('[cache.pass-on] take the lead from a call that ended without a word', async () => {
    const around = attach(new Cache({ ttlMs: 5 }), { clock: undefined, random: Math.random });
    const told = { policy: 'p', operation: 'p', key: undefined, asked: { cacheKey: 'a' }, attempts: 0, recorder: undefined };
    const first = { ...told, isAgain: false, settled: false, now: () => 0, again: () => {}, tell: () => {} };
    expect(around.enter?.(first)).toBeUndefined();
    expect(around.enter?.({ ...first })).toMatchObject({ kind: 'later' });
    first.settled = true;
    expect(around.enter?.({ ...first, settled: false })).toBeUndefined();
  });

  it('[call.caller-context] run the function of whoever makes the call in his own context', async () => {
    const { settle, clock, policy } = cached();
    const store = new AsyncLocalStorage<string>();
    let seen: unknown;
    const first = store.run('the first', () => settle('a', { timeoutMs: 5 }));
    const second = store.run('the second', () => policy.settle(() => (seen = store.getStore()), { cacheKey: 'a' }));
    await clock.advance(5);
    await Promise.all([first, second]);
    expect(seen).toBe('the second');
  });
});

describe('what can be read once only', () => {
  const answers: readonly { given: string; make: () => unknown }[] = [
    { given: 'a Response', make: () => new Response('{}') },
    { given: 'one of another fetch', make: () => ({ status: 200, headers: { get: () => null }, text: () => '' }) },
    { given: 'a web stream', make: () => new ReadableStream() },
    { given: 'an answer whose body is a stream', make: () => ({ statusCode: 200, body: { pipe: () => {} } }) },
    { given: 'a generator', make: () => (async function* () {})() },
  ];

  it.each(answers)('[cache.single-use] is not cached, which is told once: $given', async ({ make }) => {
    withDiag();
    const { settle, clock, state, policy, get } = cached();
    state.does = make;
    const calls = [settle('a'), settle('a'), settle('a')];
    await clock.advance(20);
    const outcomes = await Promise.all(calls);
    expect(new Set(values(outcomes)).size).toBe(3);
    expect([state.calls, policy.cache?.size, clock.now()]).toEqual([3, 0, 20]);
    await get('a');
    expect(state.calls).toBe(4);
    expect(told()).toEqual([expect.stringContaining('read it inside the function')]);
  });

  it('[cache.single-use] is not shared as a failure either', async () => {
    const { settle, clock, state } = cached({}, { retry: false });
    state.does = () => new Response('busy', { status: 503 });
    const calls = [settle('a'), settle('a')];
    await clock.advance(30);
    const [first, second] = await Promise.all(calls);
    expect(state.calls).toBe(2);
    expect(Reflect.get(first ?? {}, 'lastResult')).not.toBe(Reflect.get(second ?? {}, 'lastResult'));
  });

  it.each<[string, () => unknown]>([
    ['what axios gives', () => ({ status: 200, headers: { get: () => null }, data: { stock: 3 } })],
    ['a list', () => [1, 2]],
    ['a map', () => new Map([[1, 2]])],
    [
      'a proxy that throws',
      () =>
        new Proxy(
          {},
          {
            get: (_, key) => {
              if (key === 'then') return undefined;
              throw new Error('looked at');
            },
            has: () => {
              throw new Error('looked at');
            },
          },
        ),
    ],
  ])('[cache.single-use] is not %s', async (_, make) => {
    const { get, state } = cached();
    state.does = make;
    await get('a');
    await get('a');
    expect(state.calls).toBe(1);
  });
});

import fc from 'fast-check';
import type { Attempt } from '../../model/Attempt.js';
import type { Outcome } from '../../model/Outcome.js';
import { createRegistry } from '../../policy/Registry.js';
import { errorOf } from '../../runtime/fixtures/script.js';
import { FakeClock } from '../../testing/FakeClock.js';
import { inMemoryTelemetry } from '../../testing/inMemoryTelemetry.js';
import type { TelemetryHarness } from '../../testing/TelemetryHarness.js';
import type { CacheStore } from './CacheStore.js';

/** What one caller does, as data; `deletes`: he calls nothing, and deletes the key. */
const arrival = fc.record({
  waitMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 120 })),
  key: fc.constantFrom('a', 'b'),
  runsMs: fc.integer({ min: 0, max: 80 }),
  ends: fc.constantFrom('gives', 'gives', 'gives', 'SERVER_ERROR', 'PERMANENT', 'never'),
  abortAfterMs: fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined, freq: 4 }),
  timeoutMs: fc.constantFrom(30, 100, 1_000),
  deletes: fc.constantFrom(false, false, false, false, false, true),
});

const script = fc.record({
  arrivals: fc.array(arrival, { minLength: 1, maxLength: 14 }),
  ttlMs: fc.integer({ min: 1, max: 200 }),
  staleWhileRevalidateMs: fc.constantFrom(0, 50, 150),
  staleIfErrorMs: fc.constantFrom(0, 50, 150),
  store: fc.constantFrom('own', 'own', 'map', 'slow', 'hangs', 'rejects'),
  maxConcurrent: fc.constantFrom(1, 100),
});

/** What a function gave. */
interface Given {
  readonly key: string;
  readonly beganMs: number;
  readonly endedMs: number;
}

/** A caller who waits, and what was known when he came. */
interface Waiting {
  readonly key: string;
  readonly atMs: number;
  readonly newest: Given | undefined;
  readonly deletedMs: number;
  readonly outcome: Promise<Outcome<unknown>>;
}

function storeOf(kind: string, clock: FakeClock): CacheStore | undefined {
  const map = new Map<string, unknown>();
  const later = <T>(does: () => T, ms: number) => clock.sleep(ms).then(does);
  const set = (key: string, entry: unknown) => void map.set(key, entry);
  if (kind === 'map') return map;
  if (kind === 'slow') return { get: (key) => later(() => map.get(key), 15), set, delete: (key) => void map.delete(key) };
  if (kind === 'hangs') return { get: () => new Promise(() => {}), set, delete: () => {} };
  const fails = () => Promise.reject(new Error('store'));
  return kind === 'rejects' ? { get: fails, set: fails, delete: fails } : undefined;
}

let telemetry: TelemetryHarness;
beforeAll(async () => {
  telemetry = await inMemoryTelemetry();
});
afterAll(() => telemetry.shutdown());

describe('any calls through a cache', () => {
  it('[call.always-settles] [cache.hit] [cache.single-flight] [cache.pass-on] [cache.delete] settle, one function call a key at a time, with a value of their key that may be given', async () => {
    await fc.assert(
      fc.asyncProperty(script, async ({ arrivals, ttlMs, staleWhileRevalidateMs, staleIfErrorMs, store, maxConcurrent }) => {
        await telemetry.reset();
        const clock = new FakeClock();
        const kept = storeOf(store, clock);
        const cache = { ttlMs, staleWhileRevalidateMs, staleIfErrorMs, jitter: 0, ...(kept && { store: kept, storeTimeoutMs: 25 }) };
        const bulkhead = { maxConcurrent };
        const policy = createRegistry().policy('any cached call', { clock, cache, bulkhead, retry: false });
        const running = new Map<string, number>();
        let most = 0;
        const runs: { readonly key: string; readonly fromMs: number; toMs: number }[] = [];
        let deletions = 0;
        const newest = new Map<string, Given>();
        const deletedMs = new Map<string, number>();
        const waiting: Waiting[] = [];

        const call = ({ key, runsMs, ends, timeoutMs, abortAfterMs }: (typeof arrivals)[number]) => {
          const caller = new AbortController();
          if (abortAfterMs !== undefined) void clock.sleep(abortAfterMs).then(() => caller.abort());
          const fn = async ({ signal }: Attempt): Promise<Given> => {
            const beganMs = clock.now();
            const run = { key, fromMs: beganMs, toMs: Infinity };
            runs.push(run);
            // A call under way when its key is deleted goes on beside the one that is made then.
            const among = `${key} after deletion ${deletions}`;
            const over = () => {
              if (run.toMs === Infinity) running.set(among, (running.get(among) ?? 0) - 1);
              run.toMs = Math.min(run.toMs, clock.now());
            };
            running.set(among, (running.get(among) ?? 0) + 1);
            most = Math.max(most, running.get(among) ?? 0);
            signal.addEventListener('abort', over);
            await (ends === 'never' ? new Promise(() => {}) : clock.sleep(runsMs));
            if (signal.aborted) throw signal.reason;
            over();
            if (ends === 'SERVER_ERROR' || ends === 'PERMANENT') throw errorOf[ends]();
            const given = { key, beganMs, endedMs: clock.now() };
            if (beganMs > (deletedMs.get(key) ?? -1)) newest.set(key, given);
            return given;
          };
          const before = { key, atMs: clock.now(), newest: newest.get(key), deletedMs: deletedMs.get(key) ?? -1 };
          waiting.push({ ...before, outcome: policy.settle(fn, { cacheKey: key, timeoutMs, signal: caller.signal }) });
        };

        for (const one of arrivals) {
          await clock.advance(one.waitMs);
          if (one.deletes) {
            void policy.cache?.delete(one.key);
            newest.delete(one.key);
            deletedMs.set(one.key, clock.now());
            deletions += 1;
          } else call(one);
        }
        await clock.advance(2_000);
        await clock.runAll();

        for (const { key, atMs, newest: known, deletedMs: deleted, outcome: promise } of waiting) {
          const outcome = await clock.until(promise);
          // By the naive model a fresh result answers at once, and nothing else does.
          if (store === 'own' && known !== undefined && atMs - known.endedMs < ttlMs)
            expect(outcome).toMatchObject({ value: known, attempts: 0, elapsedMs: 0 });
          const endedMs = atMs + outcome.elapsedMs;
          // Whoever waited in vain waited for somebody to the last.
          if (!outcome.ok && outcome.attempts === 0 && (store === 'own' || store === 'map') && maxConcurrent > 1)
            expect(runs.some((run) => run.key === key && run.fromMs <= endedMs && endedMs <= run.toMs)).toBe(true);
          if (!outcome.ok) continue;
          const given = outcome.value as Given;
          const ageMs = endedMs - given.endedMs;
          expect(given.key).toBe(key);
          expect(outcome.attempts).toBe(outcome.answeredBy === undefined ? 1 : 0 + (outcome.insteadOf?.attempts ?? 0));
          // Of what began before the key was deleted nobody hears who came later.
          if (store === 'own' || store === 'map') expect(given.beganMs).toBeGreaterThanOrEqual(deleted);
          if (outcome.answeredBy === 'cache') expect(ageMs).toBeLessThan(ttlMs);
          else if (outcome.insteadOf !== undefined) expect(ageMs).toBeLessThan(ttlMs + staleIfErrorMs);
          else if (outcome.answeredBy !== undefined) expect(ageMs).toBeLessThan(ttlMs + staleWhileRevalidateMs);
          else expect(ageMs).toBe(0);
        }
        expect(most).toBeLessThanOrEqual(1);
        expect(clock.pending).toBe(0);
        expect(await telemetry.gauge('redress.active_calls', { 'redress.policy': 'any cached call' })).toBe(0);
        await telemetry.conserve();
      }),
      { numRuns: 600 },
    );
  }, 60_000);
});

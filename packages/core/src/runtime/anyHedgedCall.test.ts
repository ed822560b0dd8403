import fc from 'fast-check';
import { createRegistry } from '../policy/Registry.js';
import { FakeClock } from '../testing/FakeClock.js';
import { fixed } from '../testing/fixedBackoffs.js';
import { inMemoryTelemetry } from '../testing/inMemoryTelemetry.js';
import type { TelemetryHarness } from '../testing/TelemetryHarness.js';
import { errorOf, hangs } from './fixtures/script.js';

/** What one attempt does, as data. */
interface Deed {
  readonly afterMs: number;
  readonly ends: 'gives' | 'throws' | 'TRANSIENT' | 'SERVER_ERROR' | 'PERMANENT' | 'UNKNOWN' | 'never';
}

const deed: fc.Arbitrary<Deed> = fc.record({
  afterMs: fc.integer({ min: 0, max: 400 }),
  ends: fc.constantFrom('gives', 'throws', 'TRANSIENT', 'SERVER_ERROR', 'PERMANENT', 'UNKNOWN', 'never'),
});

const script = fc.record({
  deeds: fc.array(deed, { minLength: 1, maxLength: 6 }),
  hedgeMs: fc.integer({ min: 1, max: 200 }),
  maxHedged: fc.integer({ min: 1, max: 3 }),
  maxAttempts: fc.integer({ min: 1, max: 4 }),
  attemptTimeoutMs: fc.integer({ min: 1, max: 300 }),
  timeoutMs: fc.integer({ min: 300, max: 1_500 }),
  retries: fc.integer({ min: 1, max: 5 }),
  failures: fc.integer({ min: 1, max: 4 }),
  maxConcurrent: fc.integer({ min: 1, max: 2 }),
  abortAtMs: fc.option(fc.integer({ min: 0, max: 600 }), { nil: undefined, freq: 3 }),
});

let telemetry: TelemetryHarness;
beforeAll(async () => {
  telemetry = await inMemoryTelemetry();
});
afterAll(() => telemetry.shutdown());

describe('any hedged call', () => {
  it('[call.always-settles] [hedge.max] [hedge.told] settles once, gives back what it held, leaves no timer, and tells each failure once', async () => {
    await fc.assert(
      fc.asyncProperty(script, async (given) => {
        await telemetry.reset();
        const clock = new FakeClock();
        const running = new Set<number>();
        const signals: AbortSignal[] = [];
        let attempts = 0;
        const policy = createRegistry().policy('any hedged call', {
          clock,
          random: () => 0.5,
          hedge: { afterMs: given.hedgeMs, maxHedged: given.maxHedged },
          retry: { maxAttempts: given.maxAttempts, backoff: fixed(50), budget: { max: given.retries, windowMs: 1e9 } },
          attemptTimeoutMs: given.attemptTimeoutMs,
          timeoutMs: given.timeoutMs,
          circuitBreaker: { trip: { type: 'count', failures: given.failures, windowMs: 1e6 } },
          bulkhead: { maxConcurrent: given.maxConcurrent },
        });
        const controller = new AbortController();
        const call = policy.settle(
          ({ number, signal }) => {
            const { afterMs, ends } = given.deeds[attempts] ?? { afterMs: 0, ends: 'gives' };
            attempts += 1;
            running.add(number);
            signals.push(signal);
            if (ends === 'throws') {
              running.delete(number);
              throw errorOf.TRANSIENT();
            }
            if (ends === 'never') return hangs({} as never);
            return clock.sleep(afterMs).then(() => {
              running.delete(number);
              if (ends === 'gives') return 'fine';
              throw errorOf[ends]();
            });
          },
          { signal: controller.signal, timeline: true },
        );
        if (given.abortAtMs !== undefined) {
          await clock.advance(given.abortAtMs);
          controller.abort();
        }
        const outcome = await clock.until(call);
        const { timeline = [] } = outcome;
        // What is left of its functions ends, or never does.
        await clock.advance(1_000);

        expect(outcome.attempts).toBe(attempts);
        const hedges = timeline.filter(({ event }) => event === 'hedge').length;
        expect(hedges).toBeLessThanOrEqual(given.maxHedged);
        const retries = timeline.filter(({ event }) => event === 'retry').length;
        expect(hedges + retries).toBeLessThanOrEqual(given.retries);
        expect(attempts).toBeLessThanOrEqual(given.maxAttempts + given.maxHedged);
        // A function that never ends holds the place, and nothing else does.
        expect(policy.bulkhead?.inFlight).toBe(running.size > 0 ? 1 : 0);
        expect(clock.pending).toBe(0);
        // Whoever still ran when the call ended was called off.
        for (const number of running) expect(signals[number - 1]?.aborted).toBe(true);
        await telemetry.conserve();
        const told = telemetry.spans()[0]?.events.filter(({ attributes }) => 'error.type' in attributes) ?? [];
        const failed = timeline.filter(({ event }) => event === 'attempt_failed' || event === 'retry').length;
        const last = !outcome.ok && outcome.stopReason !== 'ABORTED' ? 1 : 0;
        const withError = told.filter(({ name }) => name !== 'exception').length;
        expect(withError).toBeGreaterThanOrEqual(failed);
        expect(withError).toBeLessThanOrEqual(failed + last);
      }),
      { numRuns: 400 },
    );
  });
});

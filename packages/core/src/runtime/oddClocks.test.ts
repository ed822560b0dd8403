import type { Clock } from '../model/Clock.js';
import { createRegistry } from '../policy/Registry.js';
import { FakeClock } from '../testing/FakeClock.js';
import { told, withDiag } from '../telemetry/fixtures/diag.js';
import { errorOf, hangs, type Step } from './fixtures/script.js';

const boom = (): never => {
  throw new Error('boom');
};

const odd: Readonly<Record<string, () => unknown>> = {
  throws: boom,
  'gives NaN': () => Number.NaN,
  'gives Infinity': () => Infinity,
  'gives a text': () => 'noon',
  'gives nothing': () => undefined,
  'gives a promise': async () => 1,
};

const steps: Readonly<Record<string, Step>> = {
  'gives a value': () => 1,
  resolves: async () => 1,
  rejects: () => Promise.reject(errorOf.SERVER_ERROR()),
  hangs,
};

/** A clock that is right for some readings, and then is not. */
function oddAfter(readings: number, gives: () => unknown, fake: FakeClock): Clock {
  let read = 0;
  return {
    now: () => (read++ < readings ? fake.now() : (gives() as number)),
    setTimeout: (callback, delayMs) => fake.setTimeout(callback, delayMs),
    clearTimeout: (handle) => fake.clearTimeout(handle),
  };
}

describe('[call.clock-trusted] a call whose clock', () => {
  it.each(
    Object.keys(odd).flatMap((what) =>
      Object.keys(steps).flatMap((step) => [0, 1, 2, 3, 5, 8].map((readings) => ({ what, step, readings }))),
    ),
  )('$what after $readings readings settles when its function $step, and gives back what it held', async ({ what, step, readings }) => {
    const fake = new FakeClock();
    const clock = oddAfter(readings, odd[what] ?? boom, fake);
    const policy = createRegistry().policy('odd clock', {
      clock,
      timeoutMs: 300,
      attemptTimeoutMs: 100,
      retry: { maxAttempts: 2 },
      circuitBreaker: {},
      bulkhead: { maxConcurrent: 1 },
    });
    const outcome = await fake.until(policy.settle(steps[step] ?? hangs));
    expect(outcome.ok).toBe(step === 'gives a value' || step === 'resolves');
    expect(policy.bulkhead?.inFlight).toBe(step === 'hangs' ? 1 : 0);
    expect(Number.isFinite(outcome.elapsedMs)).toBe(true);
  });

  it('[call.stray-promise] gives a promise that is rejected leaves no rejection behind', async () => {
    const unhandled: unknown[] = [];
    const keep = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', keep);
    try {
      const clock = oddAfter(1, () => Promise.reject(new Error('late')), new FakeClock());
      expect(
        await createRegistry()
          .policy('odd clock', { clock })
          .settle(() => 1),
      ).toMatchObject({ ok: true });
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.off('unhandledRejection', keep);
    }
    expect(unhandled).toEqual([]);
  });

  it.each(['setTimeout', 'clearTimeout'])('throws from %s is served all the same', async (method) => {
    const fake = new FakeClock();
    const clock: Clock = { ...oddAfter(1e9, boom, fake), [method]: boom };
    const policy = createRegistry().policy('odd timers', { clock, timeoutMs: 40, attemptTimeoutMs: 20, retry: false });
    const hanging = policy.settle(hangs);
    const outcome = method === 'setTimeout' ? await hanging : await fake.until(hanging);
    expect(outcome).toMatchObject({ ok: false, errorClass: 'TRANSIENT' });
  });

  it('gives no time is told once', async () => {
    withDiag();
    const fake = new FakeClock();
    const policy = createRegistry().policy('told clock', { clock: oddAfter(1, () => Number.NaN, fake) });
    await fake.until(policy.settle(() => 1));
    await fake.until(policy.settle(() => 1));
    expect(told().filter((line) => line.includes("a clock's now gave NaN"))).toHaveLength(1);
  });
});

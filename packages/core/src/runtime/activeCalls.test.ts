import fc from 'fast-check';
import type { PolicyOptions } from '../policy/PolicyOptions.js';
import { createRegistry } from '../policy/Registry.js';
import { FakeClock } from '../testing/FakeClock.js';
import { inMemoryTelemetry } from '../testing/inMemoryTelemetry.js';
import type { TelemetryHarness } from '../testing/TelemetryHarness.js';

/** Made where nothing of OpenTelemetry was ever registered. */
let endEarly = (): void => {};
const earlyCall = createRegistry()
  .policy('early', {})
  .call(() => new Promise<void>((resolve) => (endEarly = resolve)));

let telemetry: TelemetryHarness;
beforeEach(async () => {
  telemetry = await inMemoryTelemetry();
});
afterEach(() => telemetry.shutdown());

let number = 0;
const nameOf = (): string => `active ${++number}`;
const active = (policy: string): Promise<number> => telemetry.gauge('redress.active_calls', { 'redress.policy': policy });
const busy = (): never => {
  throw Object.assign(new Error('busy'), { status: 503 });
};

describe('calls under way', () => {
  it('[call.active] are counted from their start to their end, in waits and queues too, and beside a function that runs on', async () => {
    const clock = new FakeClock();
    const name = nameOf();
    const options = { clock, timeoutMs: 1_000, bulkhead: { maxConcurrent: 1, maxQueued: 1 }, retry: { budget: false } } as const;
    const policy = createRegistry().policy(name, options);
    const running = policy.settle(() => new Promise(() => undefined));
    const queued = policy.settle(() => 1);
    const refused = policy.settle(() => 1);
    expect(await active(name)).toBe(2);
    expect(await refused).toMatchObject({ stopReason: 'BULKHEAD_FULL' });
    await clock.advance(1_000);
    await Promise.all([running, queued]);
    expect(await active(name)).toBe(0);
    expect(await telemetry.gauge('redress.attempt.abandoned', { 'redress.policy': name })).toBe(1);
  });

  it('[call.active] are counted before there is an SDK, while it changes, and never below 0', async () => {
    expect(await active('early')).toBe(1);
    endEarly();
    await earlyCall;
    expect(await active('early')).toBe(0);
    await telemetry.shutdown();
    const name = nameOf();
    const registry = createRegistry();
    const policy = registry.policy(name, {});
    const ends: (() => void)[] = [];
    const call = (): Promise<void> => policy.call(() => new Promise<void>((resolve) => ends.push(resolve)));
    const before = [call(), call()];
    telemetry = await inMemoryTelemetry();
    const after = call();
    expect(await active(name)).toBe(3);
    registry.updatePolicy(name, { timeoutMs: 5_000 });
    ends[0]?.();
    await before[0];
    expect(await active(name)).toBe(2);
    // The calls of the one before are under way under the name still.
    const next = createRegistry().policy(name, {});
    expect(await active(name)).toBe(2);
    policy.dispose();
    for (const end of ends) end();
    await Promise.all([...before, after]);
    expect(await active(name)).toBe(0);
    await next.call(() => 1);
    expect(await active(name)).toBe(0);
  });

  it('[call.active] are none at the end, wherever a chance, a backoff, a classifier or a recovery time throws', async () => {
    const property = fc.asyncProperty(fc.nat({ max: 12 }), fc.nat({ max: 4 }), fc.boolean(), async (from, failures, always) => {
      let asked = 0;
      const hostile = (): number => {
        asked++;
        if (asked === from || (always && asked > from)) throw new Error('hostile');
        return asked / 10;
      };
      const options: PolicyOptions = {
        random: hostile,
        classify: () => (hostile() > 1 ? 'SERVER_ERROR' : undefined),
        retry: { backoff: () => hostile() / 10, maxAttempts: 3, budget: false },
        circuitBreaker: { trip: { type: 'consecutive', failures: 2 }, recoveryMs: hostile },
      };
      const name = nameOf();
      const made = createRegistry().policy(name, options);
      let calls = 0;
      const fn = async (): Promise<number> => (calls++ < failures ? busy() : 1);
      const controller = new AbortController();
      const all = Promise.allSettled([1, 2].map(() => made.settle(fn, { signal: controller.signal })));
      for (let turn = 0; turn < 12; turn++) await new Promise((resolve) => setImmediate(resolve));
      controller.abort();
      await all;
      expect(await active(name)).toBe(0);
    });
    await fc.assert(property, { numRuns: 200 });
  }, 30_000);
});

import { FakeClock } from '../../testing/FakeClock.js';
import type { PolicyOptions } from '../PolicyOptions.js';
import { createRegistry } from '../Registry.js';
import { healthCheck } from '../health/healthCheck.js';

function setUp(options: PolicyOptions = {}) {
  const clock = new FakeClock();
  const registry = createRegistry();
  const tenants = registry.keyedPolicy('tenants', { clock, circuitBreaker: {}, bulkhead: { maxConcurrent: 5 }, ...options });
  return { clock, registry, tenants };
}

const fine = () => Promise.resolve('fine');

describe('[keyed.health] the health of a keyed policy', () => {
  it('is that of its keys together, and of each by itself', async () => {
    const { registry, tenants } = setUp({ critical: true });
    for (const key of ['a', 'b', 'c']) await tenants.for(key).call(fine);
    expect(healthCheck(registry)).toMatchObject({ status: 'ok', policies: [{ policy: 'tenants', keys: 3, inFlight: 0 }] });
    tenants.for('b').circuitBreaker?.forceOpen();
    const report = healthCheck(registry);
    // The others go on: one tenant that is down takes no service out, critical or not.
    expect(report).toMatchObject({ status: 'degraded', reasons: [{ policy: 'tenants', part: 'circuitBreaker', status: 'degraded' }] });
    expect(report.reasons[0]?.message).toContain('tenants/b');
    expect(tenants.for('b').stats()).toMatchObject({ status: 'unhealthy', circuitBreaker: { name: 'tenants/b', state: 'forced_open' } });
    expect(tenants.for('a').stats()).toMatchObject({ status: 'ok', circuitBreaker: { state: 'closed' }, bulkhead: { inFlight: 0 } });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('names the first twenty that are not well, and counts the others', async () => {
    const { tenants } = setUp();
    for (let each = 0; each < 30; each += 1) {
      const policy = tenants.for(`key-${each}`);
      await policy.call(fine);
      policy.circuitBreaker?.forceOpen();
    }
    const { reasons } = tenants.stats();
    expect(reasons).toHaveLength(21);
    expect(reasons.at(-1)).toEqual({
      policy: 'tenants',
      part: 'keys',
      status: 'degraded',
      message: 'Keys of tenants have 10 more such reasons.',
    });
  });

  it('makes no key by a look at one', () => {
    const { tenants } = setUp();
    expect(tenants.for('unknown').stats()).toMatchObject({ policy: 'tenants', status: 'ok', inFlight: 0 });
    expect([tenants.has('unknown'), tenants.size]).toEqual([false, 0]);
  });

  it('has the calls under way, and the least that a budget has left', async () => {
    const { clock, tenants } = setUp({ retry: { budget: { max: 2, windowMs: 10_000 }, backoff: () => 10, maxAttempts: 2 } });
    const failing = tenants.for('a').settle(() => Promise.reject(Object.assign(new Error('busy'), { status: 503 })));
    await clock.advance(5);
    expect(tenants.stats()).toMatchObject({ inFlight: 1, budget: { remaining: 1, limit: 2 } });
    await clock.advance(10);
    await failing;
    expect(tenants.stats().inFlight).toBe(0);
  });
});

describe('[keyed.drain] a drain', () => {
  it('takes no calls of any key, waits for those in flight, and is over by resume', async () => {
    const { clock, registry, tenants } = setUp();
    await tenants.for('old').call(fine);
    const slow = tenants.for('slow').settle(() => clock.sleep(100));
    const drained = registry.drain({ timeoutMs: 1_000, clock });
    for (const key of ['old', 'slow', 'new'])
      expect(await tenants.for(key).settle(fine)).toMatchObject({ stopReason: 'DRAINING', attempts: 0 });
    expect(tenants.stats()).toMatchObject({ draining: true, status: 'degraded', inFlight: 1 });
    await clock.advance(100);
    expect(await slow).toMatchObject({ ok: true });
    await clock.advance(1);
    expect(await drained).toBe(true);
    registry.resume();
    for (const key of ['old', 'slow', 'new']) expect(await tenants.for(key).settle(fine)).toMatchObject({ ok: true });
    expect(tenants.stats()).toMatchObject({ draining: false, status: 'ok' });
  });

  it('holds a keyed policy that is made or updated meanwhile', async () => {
    const { registry, tenants } = setUp();
    await tenants.for('a').call(fine);
    void registry.drain({ timeoutMs: 0 });
    tenants.update({ timeoutMs: 5_000 });
    const made = registry.keyedPolicy('made', {});
    for (const policy of [tenants.for('a'), tenants.for('b'), made.for('a')])
      expect(await policy.settle(fine)).toMatchObject({ stopReason: 'DRAINING' });
    registry.resume();
    for (const policy of [tenants.for('a'), tenants.for('b'), made.for('a')]) expect(await policy.settle(fine)).toMatchObject({ ok: true });
  });
});

describe('[keyed.on-transition] onTransition of a keyed policy', () => {
  it('is told of the changes of every key, by the name of its circuit', async () => {
    const told: string[] = [];
    const { tenants } = setUp({
      retry: false,
      circuitBreaker: {
        trip: { type: 'consecutive', failures: 1 },
        onTransition: ({ name, from, to }) => told.push(`${name} ${from} ${to}`),
      },
    });
    await tenants.for('a').settle(() => Promise.reject(Object.assign(new Error('busy'), { status: 503 })));
    tenants.for('b').circuitBreaker?.forceOpen();
    expect(told).toEqual(['tenants/a closed open', 'tenants/b closed forced_open']);
  });
});

describe('[registry.takes-over] a keyed policy made over and over', () => {
  it('is counted as any other', () => {
    const registry = createRegistry();
    const first = registry.keyedPolicy('again', {});
    registry.policy('again', {});
    const last = registry.keyedPolicy('again', {});
    expect([registry.getKeyedPolicy('again') === last, registry.getKeyedPolicy('again') === first, registry.getPolicy('again')]).toEqual([
      true,
      false,
      undefined,
    ]);
  });
});

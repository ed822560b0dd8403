import { CircuitBreaker } from '../../gates/breaker/CircuitBreaker.js';
import { DrainingError } from '../../model/errors/DrainingError.js';
import type { PolicyOptions } from '../PolicyOptions.js';
import { createRegistry, defaultRegistry } from '../Registry.js';
import { drain, policy as makePolicy, resume } from '../defaultPolicies.js';
import { healthCheck } from '../health/healthCheck.js';
import { outcomeOf } from '../../runtime/outcomeOf.js';
import { withStatus } from '../../runtime/fixtures/script.js';
import { FakeClock } from '../../testing/FakeClock.js';
import { fixed } from '../../testing/fixedBackoffs.js';
import { inMemoryTelemetry } from '../../testing/inMemoryTelemetry.js';
import type { TelemetryHarness } from '../../testing/TelemetryHarness.js';
import { turn } from '../../testing/turn.js';

const refused = { ok: false, stopReason: 'DRAINING', attempts: 0, retryAfterMs: Infinity, error: expect.any(DrainingError) };

let telemetry: TelemetryHarness;
beforeAll(async () => {
  telemetry = await inMemoryTelemetry();
});
beforeEach(() => telemetry.reset());
afterAll(() => telemetry.shutdown());

function home(options: PolicyOptions = {}) {
  const clock = new FakeClock();
  const registry = createRegistry();
  const policy = registry.policy('draining', { clock, ...options });
  return { clock, registry, policy, drained: (timeoutMs = 1_000) => registry.drain({ timeoutMs, clock }) };
}

describe('a policy whose registry drains', () => {
  it('[drain.refuses] [drain.told] refuses calls, and tells it', async () => {
    const { policy, drained } = home();
    const fn = jest.fn();
    const empty = drained();
    expect(await policy.settle(fn, { operation: 'late' })).toMatchObject(refused);
    const error: unknown = await policy.call(fn).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DrainingError);
    expect(error).toMatchObject({ message: 'Policy draining takes no calls: it drains', policy: 'draining', errorClass: 'TRANSIENT' });
    expect(outcomeOf(error)).toMatchObject(refused);
    expect(fn).not.toHaveBeenCalled();
    expect(await empty).toBe(true);
    telemetry.expectOneCall('late').rejectedWith('DRAINING').attempts(0).events('drain_rejected');
    expect(await telemetry.counter('redress.events', { 'redress.event': 'drain_rejected' })).toBe(2);
  });

  it('[drain.refuses] does not ask its gates', async () => {
    const circuitBreaker = { scope: 'call', trip: { type: 'consecutive', failures: 1 } } as const;
    const { policy, drained } = home({ circuitBreaker, bulkhead: { maxConcurrent: 1 } });
    policy.circuitBreaker?.forceOpen();
    expect(await drained()).toBe(true);
    expect(await policy.settle(() => 'no')).toMatchObject(refused);
    expect(policy.bulkhead?.inFlight).toBe(0);
  });

  it.each<{ given: string; late: (of: ReturnType<typeof home>) => { settle(fn: () => unknown): Promise<unknown> } | undefined }>([
    { given: 'one made later', late: ({ registry, clock }) => registry.policy('late', { clock }) },
    { given: 'one made again', late: ({ registry, clock }) => registry.policy('draining', { clock }) },
    { given: 'one that was updated', late: ({ registry }) => registry.updatePolicy('draining', { timeoutMs: 5_000 }) },
    { given: 'one with options preset', late: ({ policy }) => policy.with({ operation: 'x' }) },
    { given: 'one that is found by its name', late: ({ registry }) => registry.getPolicy('draining') },
  ])('[drain.refuses] is $given, too', async ({ late }) => {
    const of = home();
    expect(await of.drained()).toBe(true);
    expect(await late(of)?.settle(() => 'no')).toMatchObject(refused);
  });

  it('[drain.refuses] is none of another registry', async () => {
    const { drained, clock } = home();
    const other = createRegistry().policy('other', { clock });
    await drained();
    expect(await other.settle(() => 'yes')).toMatchObject({ ok: true });
  });

  it('[drain.lets-finish] goes on with the retries of a call that was let in', async () => {
    const { policy, drained, clock } = home({ retry: { backoff: fixed(100) } });
    let calls = 0;
    const call = policy.settle(() => (++calls < 3 ? Promise.reject(withStatus(503)) : 'rescued'));
    const empty = drained();
    expect(await clock.until(empty)).toBe(true);
    expect(await call).toMatchObject({ ok: true, value: 'rescued', attempts: 3 });
    expect(clock.now()).toBe(200);
    expect(clock.pending).toBe(0);
  });

  it('[drain.lets-finish] lets those run that stand in a queue', async () => {
    const { policy, drained, clock } = home({ bulkhead: { maxConcurrent: 1, maxQueued: 1 } });
    const first = policy.settle(() => clock.sleep(100));
    const second = policy.settle(() => 'queued');
    const empty = drained();
    expect(await clock.until(empty)).toBe(true);
    expect(await first).toMatchObject({ ok: true });
    expect(await second).toMatchObject({ ok: true, value: 'queued' });
  });

  it.each([
    { given: 'a policy without gates', options: {} },
    { given: 'a policy with a bulkhead', options: { bulkhead: { maxConcurrent: 1 } } },
  ])('[drain.lets-finish] takes a call that is part of one in flight, by $given, and no other', async ({ options }) => {
    const { policy, registry, drained, clock } = home();
    const inner = registry.policy('inner', { clock, ...options });
    const seen: unknown[] = [];
    const outer = policy.settle(async (parent) => {
      await clock.sleep(100);
      seen.push(inner.bulkhead?.inFlight);
      const during = inner.settle(() => inner.bulkhead?.inFlight ?? 1, { parent });
      seen.push(await during, inner.bulkhead?.inFlight);
      seen.push(await inner.settle(() => 'no'));
    });
    const held = options.bulkhead === undefined ? undefined : 0;
    expect(await clock.until(drained())).toBe(true);
    expect(await outer).toMatchObject({ ok: true });
    expect(seen).toEqual([
      held,
      expect.objectContaining({ ok: true, value: 1 }),
      held,
      expect.objectContaining({ stopReason: 'DRAINING' }),
    ]);
  });

  it('[drain.refuses] takes no inner call any more once it is empty', async () => {
    const { policy, drained, clock } = home();
    const outer = createRegistry().policy('outer', { clock });
    expect(await drained()).toBe(true);
    expect(await outer.call((parent) => policy.settle(() => 'no', { parent }))).toMatchObject(refused);
  });
});

describe('drain', () => {
  it('[drain.waits] of a registry without calls is true at once, with no time to wait too', async () => {
    const { drained, clock } = home();
    expect(await drained(0)).toBe(true);
    expect(await createRegistry().drain({ timeoutMs: 0 })).toBe(true);
    expect(clock.now()).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('[drain.waits] is false when the time is up, and the calls go on', async () => {
    const { policy, drained, clock } = home();
    const call = policy.settle(() => clock.sleep(1_001));
    expect(await clock.until(drained(1_000))).toBe(false);
    expect(clock.now()).toBe(1_000);
    expect(await clock.until(call)).toMatchObject({ ok: true });
    expect(await drained()).toBe(true);
  });

  it('[drain.waits] waits for all policies, and for calls that began before an update', async () => {
    const { policy, registry, drained, clock } = home();
    const other = registry.policy('other', { clock });
    const calls = [policy.settle(() => clock.sleep(300)), other.settle(() => clock.sleep(200))];
    registry.updatePolicy('draining', { timeoutMs: 10_000 });
    calls.push(policy.settle(() => clock.sleep(100)));
    expect(await clock.until(drained())).toBe(true);
    expect(clock.now()).toBe(300);
    for (const call of calls) expect(await call).toMatchObject({ ok: true });
  });

  it.each<{ given: string; leaves: (of: ReturnType<typeof home>) => unknown }>([
    { given: 'disposed', leaves: ({ policy }) => policy.dispose() },
    { given: 'made again', leaves: ({ registry, clock }) => registry.policy('draining', { clock }) },
  ])('[drain.waits] waits for a policy that was $given with a call in flight', async ({ leaves }) => {
    const of = home();
    const { policy, drained, clock } = of;
    const call = policy.settle(() => clock.sleep(300));
    leaves(of);
    const empty = drained();
    expect(await policy.settle(() => 'no')).toMatchObject(refused);
    expect(await clock.until(empty)).toBe(true);
    expect(clock.now()).toBe(300);
    expect(await call).toMatchObject({ ok: true });
  });

  it('[drain.waits] does not wait for a function that outlived its call', async () => {
    const { policy, drained, clock } = home({ attemptTimeoutMs: 100, retry: false });
    const call = policy.settle(() => clock.sleep(1e6));
    expect(await clock.until(drained())).toBe(true);
    expect(await call).toMatchObject({ ok: false });
    expect(clock.now()).toBe(100);
  });

  it.each(['succeeds', 'fails'])(
    '[drain.answers-first] has the last call answered first, however far off its caller is: it %s',
    async (how) => {
      const { policy, drained, clock } = home({ retry: false });
      const seen: string[] = [];
      const far = async (depth: number): Promise<unknown> => {
        if (depth > 0) return await far(depth - 1);
        return policy.call(async () => {
          await clock.sleep(100);
          if (how === 'fails') throw new Error('last');
        });
      };
      const call = far(30).then(
        () => seen.push('answer'),
        () => seen.push('answer'),
      );
      const empty = drained().then((value) => seen.push(`drained: ${value}`));
      await clock.advance(100);
      await turn();
      await Promise.all([call, empty]);
      expect(seen).toEqual(['answer', 'drained: true']);
    },
  );

  it('[drain.again] a second time waits anew, and neither ends the other', async () => {
    const { policy, drained, clock } = home();
    const call = policy.settle(() => clock.sleep(500));
    const [short, long] = [drained(100), drained(2_000)];
    expect(await clock.until(short)).toBe(false);
    expect(clock.now()).toBe(100);
    expect(await clock.until(long)).toBe(true);
    expect(clock.now()).toBe(500);
    await call;
  });

  it('[drain.resume] is over when calls are taken again, by the gates that stood there before', async () => {
    const { policy, registry, drained, clock } = home({ bulkhead: { maxConcurrent: 1 } });
    const call = policy.settle(() => clock.sleep(500));
    const empty = drained();
    expect(registry.draining).toBe(true);
    registry.resume();
    registry.resume();
    expect(await empty).toBe(false);
    expect(registry.draining).toBe(false);
    expect(clock.pending).toBe(2); // the call's own timers
    expect(await policy.settle(() => 'second')).toMatchObject({ stopReason: 'BULKHEAD_FULL' });
    await clock.until(call);
    expect(await policy.settle(() => 'third')).toMatchObject({ ok: true });
    expect(policy.stats()).toMatchObject({ draining: false, inFlight: 0 });
    expect(await drained()).toBe(true);
    expect(await policy.settle(() => 'no')).toMatchObject(refused);
  });

  it('[drain.resume] leaves the count of calls as it was', async () => {
    const { policy, registry, drained, clock } = home();
    const calls = [100, 200].map((ms) => policy.settle(() => clock.sleep(ms)));
    void drained();
    await clock.advance(100);
    expect(policy.stats().inFlight).toBe(1);
    registry.resume();
    expect(await telemetry.gauge('redress.active_calls', { 'redress.policy': 'draining' })).toBe(1);
    await clock.advance(100);
    await Promise.all(calls);
    expect(policy.stats().inFlight).toBe(0);
  });

  it('is of the default registry without another, by the time of the system', async () => {
    const made = makePolicy('drained-by-default');
    try {
      expect(await drain({ timeoutMs: 1_000 })).toBe(true);
      expect(defaultRegistry().draining).toBe(true);
      expect(await made.settle(() => 'no')).toMatchObject(refused);
      expect(healthCheck()).toMatchObject({ status: 'unhealthy', draining: true });
    } finally {
      resume();
    }
    expect(await made.settle(() => 'yes')).toMatchObject({ ok: true });
    made.dispose();
  });

  it.each<[unknown, string]>([
    [undefined, 'drain: options must be an object; got undefined'],
    [{}, 'drain: timeoutMs must be a finite number of milliseconds, at least 0; got undefined'],
    [{ timeoutMs: -1 }, 'drain: timeoutMs must be a finite number of milliseconds, at least 0; got -1'],
    [{ timeoutMs: Infinity }, 'drain: timeoutMs must be a finite number of milliseconds, at least 0; got Infinity'],
    [{ timeoutMs: 1, clock: {} }, 'drain: clock must be a clock with now, setTimeout and clearTimeout; got [object Object]'],
    [{ timeout: 1 }, 'drain: unknown option timeout (1); known are timeoutMs, clock'],
  ])('[call.options-validated] refuses %j, and drains nothing then', async (options, message) => {
    const { registry } = home();
    await expect(registry.drain(options as never)).rejects.toThrow(new TypeError(message));
    expect(registry.draining).toBe(false);
  });

  it('shares a breaker that a policy of another registry uses', async () => {
    const clock = new FakeClock();
    const circuitBreaker = new CircuitBreaker({ scope: 'call' });
    const [one, other] = [createRegistry(), createRegistry()];
    const policies = [one, other].map((registry) => registry.policy('sharing', { clock, circuitBreaker }));
    expect(await one.drain({ timeoutMs: 1 })).toBe(true);
    const outcomes = await Promise.all(policies.map((policy) => policy.settle(() => 'x')));
    expect(outcomes.map(({ ok }) => ok)).toEqual([false, true]);
  });
});

import fc from 'fast-check';
import { CircuitBreaker } from '../../gates/breaker/CircuitBreaker.js';
import { Bulkhead } from '../../gates/bulkhead/Bulkhead.js';
import { RetryBudget } from '../../retry/budget/RetryBudget.js';
import { withStatus } from '../../runtime/fixtures/script.js';
import { told, withDiag } from '../../telemetry/fixtures/diag.js';
import { FakeClock } from '../../testing/FakeClock.js';
import { instant } from '../../testing/fixedBackoffs.js';
import { seededRandom } from '../../testing/seededRandom.js';
import type { PolicyOptions } from '../PolicyOptions.js';
import { createRegistry } from '../Registry.js';
import { healthCheck } from './healthCheck.js';
import type { HealthStatus } from './PolicyHealth.js';

const once = { trip: { type: 'consecutive', failures: 1 }, recoveryMs: () => 4_321 } as const;
const fail = (): Promise<never> => Promise.reject(withStatus(503));

function home(options: PolicyOptions = {}) {
  const clock = new FakeClock();
  const registry = createRegistry();
  return { clock, registry, policy: registry.policy('p', { clock, retry: false, ...options }) };
}

describe('the health of a policy', () => {
  it('[health.parts] of one without anything is its calls in flight', async () => {
    const { policy, clock } = home();
    const call = policy.settle(() => clock.sleep(100));
    expect(policy.stats()).toStrictEqual({ policy: 'p', status: 'ok', reasons: [], critical: false, draining: false, inFlight: 1 });
    await clock.until(call);
    expect(policy.stats().inFlight).toBe(0);
  });

  it('[health.parts] has its budget, its circuit and its bulkhead', async () => {
    const { policy, clock } = home({
      critical: true,
      circuitBreaker: { name: 'c' },
      bulkhead: { maxConcurrent: 1, maxQueued: 2 },
      retry: { budget: { max: 7, windowMs: 1_000 }, backoff: instant() },
    });
    const calls = [fail, () => clock.sleep(100), fail].map((fn) => policy.settle(fn));
    await clock.advance(1);
    const { inFlight, bulkhead, circuitBreaker, budget } = policy.stats();
    expect({ inFlight, bulkhead, circuitBreaker, budget }).toEqual({
      inFlight: 2,
      bulkhead: { name: 'p', inFlight: 1, queued: 1, maxConcurrent: 1, maxQueued: 2 },
      circuitBreaker: { name: 'c', state: 'closed', probeInMs: null, observeOnly: false },
      budget: { remaining: 5, limit: 7 },
    });
    await clock.until(Promise.all(calls));
    expect(policy.stats()).toMatchObject({ critical: true, inFlight: 0, bulkhead: { inFlight: 0, queued: 0 } });
  });

  it('[health.parts] is that of the policy behind options that are preset, and goes on when they are updated', () => {
    const { policy, registry } = home();
    registry.updatePolicy('p', { critical: true, circuitBreaker: {} });
    expect(policy.with({ operation: 'x' }).stats()).toStrictEqual(policy.stats());
    expect(policy.stats()).toMatchObject({ critical: true, circuitBreaker: { state: 'closed' } });
  });

  it('[health.parts] has each gate under its own name, in whatever order they stand', () => {
    const { policy } = home({
      order: ['circuitBreaker', 'retry', 'bulkhead'],
      retry: {},
      circuitBreaker: {},
      bulkhead: { maxConcurrent: 3 },
    });
    expect(policy.stats()).toMatchObject({ circuitBreaker: { state: 'closed' }, bulkhead: { maxConcurrent: 3 } });
  });

  it('[call.through-proxy] is there through a proxy, and says what is wrong without its policy', () => {
    const { policy } = home();
    expect(new Proxy(policy, {}).stats().policy).toBe('p');
    const { stats } = policy;
    expect(() => stats()).toThrow('stats was called without its policy');
  });
});

interface Case {
  readonly given: string;
  readonly options: PolicyOptions;
  /** What the policy goes through. */
  readonly after: (of: ReturnType<typeof home>) => unknown;
  readonly status: HealthStatus;
  readonly critical: HealthStatus;
  readonly part?: string;
  readonly message?: string;
  /** Of the circuit, where it says when. */
  readonly probeInMs?: number | null;
}

const breaking: PolicyOptions = { circuitBreaker: once };
const failsOnce = ({ policy, clock }: ReturnType<typeof home>) => clock.until(policy.settle(fail));

const cases: readonly Case[] = [
  { given: 'a closed circuit', options: breaking, after: () => undefined, status: 'ok', critical: 'ok', probeInMs: null },
  {
    given: 'an open circuit',
    options: breaking,
    after: failsOnce,
    status: 'degraded',
    critical: 'unhealthy',
    part: 'circuitBreaker',
    message: 'Circuit p is open: it refuses calls, and lets a probe through in 4.4 s.',
    probeInMs: 4_321,
  },
  {
    given: 'a half-open circuit',
    options: breaking,
    after: async (of) => {
      await failsOnce(of);
      await of.clock.advance(4_321);
    },
    status: 'degraded',
    critical: 'degraded',
    part: 'circuitBreaker',
    message: 'Circuit p is half-open: probes say whether it closes.',
    probeInMs: 0,
  },
  {
    given: 'a circuit that was forced open',
    options: breaking,
    after: ({ policy }) => policy.circuitBreaker?.forceOpen(),
    status: 'degraded',
    critical: 'unhealthy',
    part: 'circuitBreaker',
    message: 'Circuit p is forced open: it refuses calls until it is reset.',
    probeInMs: null,
  },
  {
    given: 'an open circuit that only observes',
    options: { circuitBreaker: { ...once, observeOnly: true } },
    after: failsOnce,
    status: 'ok',
    critical: 'ok',
    probeInMs: 4_321,
  },
  {
    given: 'a circuit that only observes, forced open',
    options: { circuitBreaker: { ...once, observeOnly: true } },
    after: ({ policy }) => policy.circuitBreaker?.forceOpen(),
    status: 'ok',
    critical: 'ok',
    probeInMs: null,
  },
  {
    given: 'an empty budget',
    options: { retry: { budget: { max: 1, windowMs: 1_000 }, backoff: instant() } },
    after: failsOnce,
    status: 'degraded',
    critical: 'degraded',
    part: 'budget',
    message: 'The retry budget of p is empty: calls fail at their first error.',
  },
  {
    given: 'a full bulkhead',
    options: { bulkhead: { maxConcurrent: 1 } },
    after: ({ policy, clock }) => void policy.settle(() => clock.sleep(100)),
    status: 'ok',
    critical: 'ok',
  },
  {
    given: 'a drain',
    options: {},
    after: ({ registry }) => registry.drain({ timeoutMs: 0 }),
    status: 'degraded',
    critical: 'unhealthy',
    part: 'drain',
    message: 'Policy p drains: it takes no calls.',
  },
];

describe('the status', () => {
  it.each(
    cases.flatMap((each) =>
      [false, true].map((critical) => ({ ...each, isCritical: critical, then: critical ? each.critical : each.status })),
    ),
  )(
    '[health.status] [health.observe-only] of $given, critical: $isCritical, is $then',
    async ({ options, after, isCritical, then, part, message, probeInMs }) => {
      const of = home({ ...options, critical: isCritical });
      await after(of);
      const health = of.policy.stats();
      const reasons = then === 'ok' ? [] : [{ policy: 'p', part, status: then, message }];
      expect(health).toMatchObject({ status: then, reasons });
      if (probeInMs !== undefined) expect(health.circuitBreaker?.probeInMs).toBe(probeInMs);
      const report = healthCheck(of.registry);
      expect(report.policies).toStrictEqual([health]);
      if (part !== 'drain') expect(report).toStrictEqual({ status: then, reasons, draining: false, policies: [health] });
    },
  );

  it.each(cases)('[health.plain] of $given is the same through JSON', async ({ options, after }) => {
    const of = home({ ...options, critical: true });
    await after(of);
    const report = healthCheck(of.registry);
    expect(JSON.parse(JSON.stringify(report))).toStrictEqual(report);
  });

  it('[health.status] is the worst of all policies, and says which made it so', async () => {
    const clock = new FakeClock();
    const registry = createRegistry();
    const common = { clock, retry: false, circuitBreaker: once } as const;
    const [fine, limping, down] = ['fine', 'limping', 'down'].map((name) =>
      registry.policy(name, { ...common, critical: name !== 'limping' }),
    );
    expect(healthCheck(registry)).toMatchObject({ status: 'ok', reasons: [] });
    await limping?.settle(fail);
    expect(healthCheck(registry)).toMatchObject({ status: 'degraded', reasons: [{ policy: 'limping', part: 'circuitBreaker' }] });
    await down?.settle(fail);
    const { status, reasons, policies } = healthCheck(registry);
    expect([status, reasons.map(({ policy, status }) => `${policy} ${status}`)]).toEqual([
      'unhealthy',
      ['limping degraded', 'down unhealthy'],
    ]);
    expect(policies.map(({ policy, status }) => `${policy} ${status}`)).toEqual(['fine ok', 'limping degraded', 'down unhealthy']);
    expect(fine?.stats().status).toBe('ok');
  });

  it('[health.status] of a registry that drains is unhealthy, also without any policy', async () => {
    const registry = createRegistry();
    expect(healthCheck(registry)).toStrictEqual({ status: 'ok', reasons: [], draining: false, policies: [] });
    await registry.drain({ timeoutMs: 0 });
    const reasons = [{ part: 'drain', status: 'unhealthy', message: 'The registry drains: it takes no calls.' }];
    expect(healthCheck(registry)).toStrictEqual({ status: 'unhealthy', reasons, draining: true, policies: [] });
  });

  it('[registry.policies] has each policy once, as it is now', () => {
    const registry = createRegistry();
    const [a, , c] = ['a', 'b', 'c'].map((name) => registry.policy(name));
    registry.getPolicy('b')?.dispose();
    const again = registry.policy('a');
    expect(registry.policies()).toEqual([again, c]);
    expect(registry.policies()).not.toContain(a);
  });

  it('[health.guarded] leaves a gate out whose health cannot be read, and tells it', () => {
    withDiag();
    const bulkhead = new Bulkhead({ maxConcurrent: 1 });
    const { policy } = home({ bulkhead, circuitBreaker: {} });
    jest.spyOn(Bulkhead.prototype, 'name', 'get').mockImplementation(() => {
      throw new Error('unreadable');
    });
    const { bulkhead: left, circuitBreaker, status } = policy.stats();
    jest.restoreAllMocks();
    expect([left, circuitBreaker?.state, status]).toEqual([undefined, 'closed', 'ok']);
    expect(told()).toEqual(['redress: the health of a bulkhead could not be read']);
  });

  it.each([null, 5, 'default', {}])('[call.options-validated] of %j, which is no registry, is refused', (registry) => {
    expect(() => healthCheck(registry as never)).toThrow(/^healthCheck: registry must be a registry; got /);
  });
});

describe('[health.look] a look', () => {
  const step = fc.record({ afterMs: fc.nat(3_000), does: fc.constantFrom('fails', 'works', 'force', 'reset') });

  /** What becomes of calls, with and without somebody who looks between them. */
  async function story(steps: readonly { afterMs: number; does: string }[], looks: boolean): Promise<unknown[]> {
    const clock = new FakeClock();
    const registry = createRegistry();
    const seen: string[] = [];
    const circuitBreaker = new CircuitBreaker({
      trip: { type: 'consecutive', failures: 2 },
      recoveryMs: 2_000,
      onTransition: ({ from, to, reason }) => seen.push(`${from} > ${to}: ${reason}`),
    });
    const budget = new RetryBudget({ minPerSecond: 0, maxSaved: 2, windowMs: 2_000 });
    const policy = registry.policy('p', {
      clock,
      circuitBreaker,
      random: seededRandom(1),
      retry: { budget, backoff: instant() },
      bulkhead: { maxConcurrent: 1 },
    });
    const log: unknown[] = [];
    for (const { afterMs, does } of steps) {
      for (let part = 0; part < 3; part++) {
        if (looks) for (let time = 0; time < 2; time++) healthCheck(registry);
        await clock.advance(afterMs / 3);
      }
      if (does === 'force') circuitBreaker.forceOpen();
      else if (does === 'reset') circuitBreaker.reset();
      else {
        const outcome = await clock.until(policy.settle((): unknown => (does === 'fails' ? fail() : 'ok')));
        log.push(outcome.ok ? 'ok' : [outcome.stopReason, outcome.attempts]);
      }
      log.push(budget.remaining);
    }
    return [...log, ...seen, circuitBreaker.toJSON().state.state];
  }

  it('changes nothing of what becomes of calls', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        expect(await story(steps, true)).toEqual(await story(steps, false));
      }),
      { numRuns: 60 },
    );
  });
});

import { CircuitBreaker } from '../gates/breaker/CircuitBreaker.js';
import { RetryBudget } from '../retry/budget/RetryBudget.js';
import { FakeClock } from '../testing/FakeClock.js';
import { fixed } from '../testing/fixedBackoffs.js';
import { systemClock } from '../timers/systemClock.js';
import type { PolicyOptions } from './PolicyOptions.js';
import { createRegistry } from './Registry.js';

const busy = Object.assign(new Error('busy'), { status: 503 });
const fail = (): never => {
  throw busy;
};
const once = { trip: { type: 'consecutive', failures: 1 }, recoveryMs: () => 1_000 } as const;

/** An instance of each kind that policies may share, as an option. */
const instances: readonly { readonly option: string; make(): PolicyOptions }[] = [
  { option: 'circuitBreaker', make: () => ({ circuitBreaker: new CircuitBreaker({ ...once, name: 'shared' }) }) },
  { option: 'retry.budget', make: () => ({ retry: { budget: new RetryBudget() } }) },
];

describe.each(instances)('an instance for $option', ({ option, make }) => {
  const refused = {
    name: 'TypeError',
    message: expect.stringContaining(`: ${option} must not be an instance that policies of another clock`),
  };

  it('[breaker.one-clock] [budget.one-clock] is refused to a policy of another clock, which is then not made', () => {
    const [registry, shared] = [createRegistry(), make()];
    registry.policy('one', { ...shared, clock: new FakeClock() });
    expect(() => registry.policy('two', { ...shared, clock: new FakeClock() })).toThrow(expect.objectContaining(refused));
    expect(() => registry.policy('two', shared)).toThrow(expect.objectContaining(refused));
    expect(() => registry.policy('two', { ...shared, clock: systemClock })).toThrow(expect.objectContaining(refused));
    expect(registry.getPolicy('two')).toBeUndefined();
  });

  it('[breaker.one-clock] [budget.one-clock] is given to policies of one clock, and the real one is the default', () => {
    const [registry, shared, alike] = [createRegistry(), make(), make()];
    const clock = new FakeClock();
    for (const name of ['one', 'two']) registry.policy(name, { ...shared, clock });
    registry.policy('three', { ...alike, clock: systemClock });
    registry.policy('four', alike);
    expect(() => registry.policy('five', { ...alike, clock })).toThrow(expect.objectContaining(refused));
  });

  it('[breaker.one-clock] [budget.one-clock] an update to another clock is refused while others use it, and nothing has changed', async () => {
    const [registry, shared, clock] = [createRegistry(), make(), new FakeClock()];
    const one = registry.policy('one', { ...shared, clock });
    const two = registry.policy('two', { ...shared, clock });
    expect(() => registry.updatePolicy('one', { clock: new FakeClock(), timeoutMs: 5 })).toThrow(expect.objectContaining(refused));
    expect(await clock.until(one.settle(() => clock.sleep(50)))).toMatchObject({ ok: true, elapsedMs: 50 });
    two.dispose();
    two.dispose();
    registry.updatePolicy('one', { clock: new FakeClock() });
  });

  it('[breaker.one-clock] [budget.one-clock] is free again once the policies that used it are gone, updated or replaced', () => {
    const [registry, shared] = [createRegistry(), make()];
    registry.policy('one', { ...shared, clock: new FakeClock() }).dispose();
    registry.policy('two', { ...shared, clock: new FakeClock() });
    registry.updatePolicy('two', { retry: {}, circuitBreaker: false });
    const replaced = registry.policy('three', { ...shared, clock: new FakeClock() });
    registry.policy('three', { ...shared, clock: new FakeClock() });
    replaced.dispose();
    expect(() => registry.policy('four', { ...shared, clock: new FakeClock() })).toThrow(expect.objectContaining(refused));
  });
});

describe('updatePolicy with another clock', () => {
  it.each([
    { given: 'of its own', circuitBreaker: once },
    { given: 'handed to it', circuitBreaker: new CircuitBreaker(once) },
  ])(
    '[breaker.update-clock] takes a breaker $given along: what is left of its open time passes by the new clock',
    async ({ circuitBreaker }) => {
      const registry = createRegistry();
      const [old, clock] = [new FakeClock({ startMs: 1e7 }), new FakeClock()];
      const made = registry.policy('moved', { clock: old, retry: false, circuitBreaker });
      const circuit = made.circuitBreaker;
      await made.settle(fail);
      await old.advance(400);
      registry.updatePolicy('moved', { clock });
      expect(made.circuitBreaker).toBe(circuit);
      await old.advance(1e6);
      await clock.advance(599);
      expect(await made.settle(() => 1)).toMatchObject({ stopReason: 'CIRCUIT_OPEN', retryAfterMs: 1 });
      await clock.advance(1);
      expect(circuit.state).toBe('half_open');
      expect(await made.settle(() => 1)).toMatchObject({ ok: true });
    },
  );

  it('[breaker.update-clock] a call that began before tells its failure at the time of the new clock', async () => {
    const registry = createRegistry();
    const [old, clock] = [new FakeClock({ startMs: 1e7 }), new FakeClock({ startMs: 5 })];
    const made = registry.policy('moved', { clock: old, retry: false, circuitBreaker: once });
    const late = made.settle(() => old.sleep(100).then(fail));
    registry.updatePolicy('moved', { clock });
    await old.advance(100);
    await late;
    expect(made.circuitBreaker.state).toBe('open');
    await old.advance(1e6);
    expect(await made.settle(() => 1)).toMatchObject({ stopReason: 'CIRCUIT_OPEN', retryAfterMs: 1_000 });
    await clock.advance(1_000);
    expect(made.circuitBreaker.state).toBe('half_open');
  });

  it('[budget.update-clock] takes the budget along: it is as empty as before, and fills by the new clock', async () => {
    const registry = createRegistry();
    const [old, clock] = [new FakeClock({ startMs: 1e7 }), new FakeClock()];
    const retry = { backoff: fixed(0), maxAttempts: 2, budget: { max: 2, windowMs: 10_000 } };
    const made = registry.policy('moved', { clock: old, retry });
    for (const call of [1, 2, 3]) expect(await old.until(made.settle(fail))).toMatchObject({ attempts: call === 3 ? 1 : 2 });
    registry.updatePolicy('moved', { clock });
    await clock.advance(9_000);
    expect(await clock.until(made.settle(fail))).toMatchObject({ stopReason: 'BUDGET_EXHAUSTED' });
    await clock.advance(1_000);
    expect(await clock.until(made.settle(fail))).toMatchObject({ attempts: 2 });
  });
});

describe('maxProbeMs when none is given', () => {
  const hangs = (): Promise<never> => new Promise(() => undefined);
  /** How long a probe that never settles keeps the next call out. */
  const probeMs = async (breaker: CircuitBreaker, clock: FakeClock): Promise<unknown> => {
    const prober = createRegistry().policy('prober', { clock, retry: false, circuitBreaker: breaker, timeoutMs: 1_000 });
    breaker.reset();
    await prober.settle(fail);
    await clock.advance(1_000);
    void prober.settle(hangs);
    const refused = await prober.settle(() => 1);
    prober.dispose();
    return refused.ok ? undefined : Reflect.get(refused, 'retryAfterMs');
  };

  it('[breaker.max-probe-follows] follows the longest attempt timeout of the policies that use it now', async () => {
    const [registry, clock] = [createRegistry(), new FakeClock()];
    const circuitBreaker = new CircuitBreaker({ ...once, name: 'followed' });
    const one = registry.policy('one', { clock, circuitBreaker, attemptTimeoutMs: 20_000 });
    expect(await probeMs(circuitBreaker, clock)).toBe(21_000);
    registry.updatePolicy('one', { timeoutMs: 90_000, attemptTimeoutMs: 60_000 });
    expect(await probeMs(circuitBreaker, clock)).toBe(61_000);
    const two = registry.policy('two', { clock, circuitBreaker, timeoutMs: 90_000, attemptTimeoutMs: 70_000 });
    registry.policy('three', { clock, circuitBreaker, timeoutMs: 90_000, attemptTimeoutMs: 70_000 });
    expect(await probeMs(circuitBreaker, clock)).toBe(71_000);
    two.dispose();
    two.dispose();
    expect(await probeMs(circuitBreaker, clock)).toBe(71_000);
    registry.updatePolicy('three', { circuitBreaker: false });
    expect(await probeMs(circuitBreaker, clock)).toBe(61_000);
    registry.policy('one', { clock, circuitBreaker, timeoutMs: 7_000 });
    expect(await probeMs(circuitBreaker, clock)).toBe(8_000);
    one.dispose();
    expect(await probeMs(circuitBreaker, clock)).toBe(8_000);
  });
});

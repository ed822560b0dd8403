import { diag, DiagLogLevel } from '@opentelemetry/api';
import { getPolicy, policy as makePolicy, updatePolicy } from './defaultPolicies.js';
import type { PolicyOptions } from './PolicyOptions.js';
import { createRegistry } from './Registry.js';
import { CircuitBreaker } from '../gates/breaker/CircuitBreaker.js';
import { RetryBudget } from '../retry/budget/RetryBudget.js';
import { FakeClock } from '../testing/FakeClock.js';
import { fixed, instant } from '../testing/fixedBackoffs.js';
import { inMemoryTelemetry } from '../testing/inMemoryTelemetry.js';
import type { TelemetryHarness } from '../testing/TelemetryHarness.js';

const busy = Object.assign(new Error('busy'), { status: 503 });
const fail = (): never => {
  throw busy;
};
const once = { trip: { type: 'consecutive', failures: 1 } } as const;

let told: string[] = [];
let telemetry: TelemetryHarness;
beforeAll(async () => {
  telemetry = await inMemoryTelemetry();
});
afterAll(() => telemetry.shutdown());
beforeEach(async () => {
  await telemetry.reset();
  told = [];
  const warn = (...message: unknown[]): void => void told.push(message.map(String).join(' '));
  const quiet = (): void => undefined;
  diag.setLogger(
    { warn, error: warn, info: quiet, debug: quiet, verbose: quiet },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
});
afterEach(() => diag.disable());

describe('policy()', () => {
  it('[registry.get] is found by its name, and nothing by another', () => {
    const registry = createRegistry();
    const made = registry.policy('one');
    expect(registry.getPolicy('one')).toBe(made);
    expect(registry.getPolicy('two')).toBeUndefined();
    expect(registry.getPolicy('toString')).toBeUndefined();
    made.dispose();
    expect(registry.getPolicy('one')).toBeUndefined();
  });

  it('[registry.takes-over] under a taken name makes a new one, with new state', async () => {
    const clock = new FakeClock();
    const registry = createRegistry();
    const options: PolicyOptions = {
      clock,
      circuitBreaker: once,
      retry: { backoff: instant(), maxAttempts: 2, budget: { max: 1, windowMs: 1e9 } },
    };
    const first = registry.policy('taken', options);
    await first.settle(fail);
    expect(first.circuitBreaker?.state).toBe('open');
    const second = registry.policy('taken', options);
    expect(second).not.toBe(first);
    expect(registry.getPolicy('taken')).toBe(second);
    expect(second.circuitBreaker?.state).toBe('closed');
    expect(await second.settle(() => 'ok')).toMatchObject({ ok: true });
    // Whoever holds the first goes on with it.
    expect(await first.settle(() => 'ok')).toMatchObject({ stopReason: 'CIRCUIT_OPEN' });
  });

  it('[registry.takes-over] the gauges are those of the new one, and stay when the old one is disposed', async () => {
    const clock = new FakeClock();
    const registry = createRegistry();
    const first = registry.policy('gauged', { clock, circuitBreaker: once, retry: { budget: { max: 3, windowMs: 1e9 } } });
    first.circuitBreaker.forceOpen();
    const second = registry.policy('gauged', { clock, circuitBreaker: once, retry: { budget: { max: 7, windowMs: 1e9 } } });
    const gauges = async (): Promise<number[]> => [
      await telemetry.gauge('redress.circuit.state', { 'circuit.name': 'gauged', 'circuit.state': 'closed' }),
      await telemetry.gauge('redress.circuit.state', { 'circuit.name': 'gauged', 'circuit.state': 'forced_open' }),
      await telemetry.gauge('redress.retry.budget', { 'redress.policy': 'gauged' }),
    ];
    expect(await gauges()).toEqual([1, 0, 7]);
    first.dispose();
    expect(registry.getPolicy('gauged')).toBe(second);
    expect(await gauges()).toEqual([1, 0, 7]);
    second.dispose();
    expect(await gauges()).toEqual([0, 0, 0]);
  });

  it('[registry.takeover-told-once] is told once through diag, with the name, whatever else it takes over', () => {
    const registry = createRegistry();
    for (const options of [undefined, {}, { circuitBreaker: {} }, { circuitBreaker: {}, retry: false as const }]) {
      registry.policy('told', options);
    }
    expect(told).toHaveLength(3);
    for (const message of told) expect(message).toContain('policy told was made again; the new one takes the name over');
  });

  it('[registry.takeover-told-once] is not told for a name that is free again, and not for a wrong option', () => {
    const registry = createRegistry();
    registry.policy('free', { circuitBreaker: {} }).dispose();
    const kept = registry.policy('free', { circuitBreaker: {} });
    expect(() => registry.policy('free', { timeoutMs: 0 })).toThrow(TypeError);
    expect(registry.getPolicy('free')).toBe(kept);
    expect(told).toEqual([]);
  });

  it('goes on with a breaker that it is given from the one before', async () => {
    const clock = new FakeClock();
    const registry = createRegistry();
    const { circuitBreaker } = registry.policy('handed', { clock, circuitBreaker: once });
    circuitBreaker.forceOpen();
    const second = registry.policy('handed', { clock, circuitBreaker });
    expect(await second.settle(() => 'ok')).toMatchObject({ stopReason: 'CIRCUIT_OPEN' });
    expect(await telemetry.gauge('redress.circuit.state', { 'circuit.name': 'handed', 'circuit.state': 'forced_open' })).toBe(1);
  });

  it('does not see later changes of the options object', async () => {
    const options: { timeoutMs: number; retry: false } = { timeoutMs: 1_000, retry: false };
    const clock = new FakeClock();
    const made = createRegistry().policy('copied', { clock, ...options });
    options.timeoutMs = 1;
    expect(await clock.until(made.settle(() => new Promise(() => undefined)))).toMatchObject({ elapsedMs: 1_000 });
  });
});

describe('[breaker.one-per-name]', () => {
  it('a breaker of a name that another policy holds takes it over, and is told', async () => {
    const registry = createRegistry();
    const one = registry.policy('one', { circuitBreaker: { ...once, name: 'db' } });
    const two = registry.policy('two', { circuitBreaker: { ...once, name: 'db' } });
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('circuit db was made again; the new one takes the name over');
    one.circuitBreaker.forceOpen();
    const gauge = (state: string): Promise<number> =>
      telemetry.gauge('redress.circuit.state', { 'circuit.name': 'db', 'circuit.state': state });
    expect([await gauge('closed'), await gauge('forced_open')]).toEqual([1, 0]);
    two.circuitBreaker.forceOpen();
    expect([await gauge('closed'), await gauge('forced_open')]).toEqual([0, 1]);
    one.dispose();
    expect([await gauge('closed'), await gauge('forced_open')]).toEqual([0, 1]);
    two.dispose();
  });

  it('it keeps the name when the one before it goes: the next is told again', () => {
    const registry = createRegistry();
    const one = registry.policy('one', { circuitBreaker: { name: 'kept' } });
    registry.policy('two', { circuitBreaker: { name: 'kept' } });
    one.dispose();
    registry.policy('three', { circuitBreaker: { name: 'kept' } });
    expect(told).toHaveLength(2);
  });

  it('one that is shared is one, and nothing is told', () => {
    const registry = createRegistry();
    const circuitBreaker = new CircuitBreaker({ name: 'shared-db' });
    registry.policy('one', { circuitBreaker });
    registry.policy('two', { circuitBreaker });
    expect(told).toEqual([]);
  });

  it('a name that is free again is told of nothing', () => {
    const registry = createRegistry();
    registry.policy('one', { circuitBreaker: { name: 'freed' } });
    registry.updatePolicy('one', { circuitBreaker: { name: 'another' } });
    registry.policy('two', { circuitBreaker: { name: 'freed' } });
    expect(told).toEqual([]);
  });

  it('another registry has names of its own', () => {
    createRegistry().policy('one', { circuitBreaker: { name: 'apart' } });
    createRegistry().policy('one', { circuitBreaker: { name: 'apart' } });
    expect(told).toEqual([]);
  });
});

describe('updatePolicy()', () => {
  const options = (clock: FakeClock): PolicyOptions => ({
    clock,
    timeoutMs: 1_000,
    circuitBreaker: { trip: { type: 'count', failures: 2, windowMs: 1e6 }, recoveryMs: () => 1_000, tripOn: ['SERVER_ERROR'] },
    retry: { maxAttempts: 2, backoff: instant(), budget: { max: 3, windowMs: 1e9 } },
  });

  it('gives back the same policy, changed in place', async () => {
    const clock = new FakeClock();
    const registry = createRegistry();
    const made = registry.policy('updated', options(clock));
    expect(registry.updatePolicy('updated', { timeoutMs: 50 })).toBe(made);
    expect(registry.getPolicy('updated')).toBe(made);
    expect(await clock.until(made.settle(() => new Promise(() => undefined)))).toMatchObject({ elapsedMs: 50 });
  });

  it('changes what was made from it by with, wrap and fn', async () => {
    const clock = new FakeClock();
    const registry = createRegistry();
    const made = registry.policy('updated', options(clock));
    const [preset, wrapped, fn] = [made.with({ operation: 'preset' }), made.wrap(fail), made.fn(fail)];
    registry.updatePolicy('updated', { circuitBreaker: false, retry: false });
    await expect(preset.settle(fail)).resolves.toMatchObject({ attempts: 1 });
    await expect(wrapped()).rejects.toBe(busy);
    await expect(fn()).rejects.toBe(busy);
    expect(preset.circuitBreaker).toBeUndefined();
  });

  it.each<{ given: string; change: PolicyOptions }>([
    { given: 'another option changes', change: { timeoutMs: 500 } },
    { given: 'nothing changes', change: {} },
    { given: '[call.options-undefined-absent] it is undefined', change: { circuitBreaker: undefined, retry: undefined } },
    {
      given: 'the same options are given again',
      change: { circuitBreaker: { trip: { type: 'count', failures: 2, windowMs: 1e6 }, recoveryMs: undefined, tripOn: ['SERVER_ERROR'] } },
    },
  ])('[registry.update-keeps-state] keeps breaker and budget where $given', async ({ given, change }) => {
    const clock = new FakeClock();
    const registry = createRegistry();
    const recoveryMs = (): number => 1_000;
    const first = options(clock);
    const made = registry.policy('kept', { ...first, circuitBreaker: { ...first.circuitBreaker, recoveryMs } as object });
    const before = made.circuitBreaker;
    await made.settle(fail, { retry: false });
    await made.settle(() => fail(), { retry: { maxAttempts: 2 } });
    expect(before?.state).toBe('open');
    const next = given.startsWith('the same') ? { circuitBreaker: { ...(change.circuitBreaker as object), recoveryMs } } : change;
    registry.updatePolicy('kept', next);
    expect(made.circuitBreaker).toBe(before);
    expect(made.circuitBreaker?.state).toBe('open');
    expect(await telemetry.gauge('redress.retry.budget', { 'redress.policy': 'kept' })).toBe(3);
    expect(await telemetry.gauge('redress.circuit.state', { 'circuit.name': 'kept', 'circuit.state': 'open' })).toBe(1);
    made.dispose();
  });

  it('[registry.update-keeps-state] keeps what the budget has spent', async () => {
    const clock = new FakeClock();
    const registry = createRegistry();
    const made = registry.policy('spent', { ...options(clock), circuitBreaker: false });
    await made.settle(fail);
    await made.settle(fail);
    const gauge = (): Promise<number> => telemetry.gauge('redress.retry.budget', { 'redress.policy': 'spent' });
    expect(await gauge()).toBe(1);
    registry.updatePolicy('spent', { retry: { maxAttempts: 3, backoff: instant(), budget: { windowMs: 1e9, max: 3 } } });
    expect(await gauge()).toBe(1);
    expect(await made.settle(fail)).toMatchObject({ stopReason: 'BUDGET_EXHAUSTED', attempts: 2 });
    registry.updatePolicy('spent', { retry: { maxAttempts: 3, backoff: instant(), budget: { windowMs: 1e9, max: 4 } } });
    expect(await gauge()).toBe(4);
    registry.updatePolicy('spent', { retry: false });
    expect(await gauge()).toBe(0);
    registry.updatePolicy('spent', { retry: { budget: new RetryBudget({ windowMs: 1e9, max: 9 }) } });
    expect(await gauge()).toBe(9);
    made.dispose();
    expect(await gauge()).toBe(0);
  });

  it.each<{ given: string; change: PolicyOptions; then: string | undefined }>([
    { given: 'another threshold', change: { circuitBreaker: { trip: { type: 'count', failures: 3, windowMs: 1e6 } } }, then: 'closed' },
    {
      given: 'another recovery function',
      change: {
        circuitBreaker: { trip: { type: 'count', failures: 2, windowMs: 1e6 }, recoveryMs: () => 1_000, tripOn: ['SERVER_ERROR'] },
      },
      then: 'closed',
    },
    { given: 'a shorter list', change: { circuitBreaker: { ...once, tripOn: [] } }, then: 'closed' },
    { given: 'options left out', change: { circuitBreaker: {} }, then: 'closed' },
    { given: 'an instance', change: { circuitBreaker: new CircuitBreaker({ name: 'given' }) }, then: 'closed' },
    { given: 'none', change: { circuitBreaker: false }, then: undefined },
  ])('[registry.update-new-state] makes a new breaker for $given', async ({ change, then }) => {
    const clock = new FakeClock();
    const registry = createRegistry();
    const made = registry.policy('renewed', options(clock));
    const before = made.circuitBreaker;
    before?.forceOpen();
    registry.updatePolicy('renewed', change);
    expect(made.circuitBreaker).not.toBe(before);
    expect(made.circuitBreaker?.state).toBe(then);
    expect(await telemetry.gauge('redress.circuit.state', { 'circuit.name': 'renewed', 'circuit.state': 'forced_open' })).toBe(0);
    expect(told).toEqual([]);
    made.dispose();
  });

  it.each<[PolicyOptions, string]>([
    [{ timeoutMs: 0 }, 'policy whole: timeoutMs must be a finite number of milliseconds above 0; got 0'],
    [{ attemptTimeoutMs: 2_000 }, 'policy whole: attemptTimeoutMs must be at most timeoutMs (1000); got 2000'],
    [{ retry: { maxAttempts: 0 } }, 'policy whole: retry.maxAttempts must be a whole number, at least 1; got 0'],
    [{ circuitBreaker: { probes: 0 }, timeoutMs: 5 }, 'policy whole, circuitBreaker: probes must be a whole number, at least 1; got 0'],
    [null as never, 'policy whole: options must be an object; got null'],
  ])('[call.options-validated] with %j changes nothing', async (change, text) => {
    const clock = new FakeClock();
    const registry = createRegistry();
    const made = registry.policy('whole', options(clock));
    const before = made.circuitBreaker;
    before?.forceOpen();
    expect(() => registry.updatePolicy('whole', change)).toThrow(new TypeError(text));
    expect(made.circuitBreaker).toBe(before);
    before?.reset();
    expect(await clock.until(made.settle(() => new Promise(() => undefined)))).toMatchObject({ elapsedMs: 1_000 });
    made.dispose();
  });

  it('of a name that nobody holds is a clear error', () => {
    const registry = createRegistry();
    expect(() => registry.updatePolicy('none', {})).toThrow(
      new RangeError('updatePolicy: there is no policy "none"; make it with policy()'),
    );
    registry.policy('gone').dispose();
    expect(() => registry.updatePolicy('gone', {})).toThrow(RangeError);
  });

  it('keeps gauging functions of calls that began before', async () => {
    const clock = new FakeClock();
    const registry = createRegistry();
    const made = registry.policy('gauging', { clock, timeoutMs: 100 });
    const gauge = (): Promise<number> => telemetry.gauge('redress.attempt.abandoned', { 'redress.policy': 'gauging' });
    const call = made.settle(() => clock.sleep(500));
    await clock.advance(50);
    registry.updatePolicy('gauging', { timeoutMs: 200 });
    await clock.advance(50);
    expect(await call).toMatchObject({ stopReason: 'DEADLINE_EXCEEDED', elapsedMs: 100 });
    expect(await gauge()).toBe(1);
    await clock.runAll();
    expect(await gauge()).toBe(0);
    void made.settle(() => new Promise(() => undefined));
    await clock.advance(200);
    expect(await gauge()).toBe(1);
    made.dispose();
    expect(await gauge()).toBe(0);
  });
});

describe('dispose()', () => {
  it('zeroes the gauges, keeps the counters, and lets whoever holds it go on', async () => {
    const clock = new FakeClock();
    const made = createRegistry().policy('disposed', { clock, circuitBreaker: once, retry: { backoff: fixed(10) } });
    await made.call(() => 'ok');
    made.dispose();
    made.dispose();
    for (const state of ['closed', 'open', 'half_open', 'forced_open']) {
      expect(await telemetry.gauge('redress.circuit.state', { 'circuit.name': 'disposed', 'circuit.state': state })).toBe(0);
    }
    expect(await telemetry.gauge('redress.retry.budget', { 'redress.policy': 'disposed' })).toBe(0);
    expect(await telemetry.counter('redress.attempts', { 'redress.policy': 'disposed' })).toBe(1);
    await expect(made.call(() => 'still')).resolves.toBe('still');
    expect(await telemetry.counter('redress.attempts', { 'redress.policy': 'disposed' })).toBe(2);
    expect(clock.pending).toBe(0);
  });

  it('leaves a breaker that was handed in alive', async () => {
    const circuitBreaker = new CircuitBreaker({ name: 'handed-in' });
    createRegistry().policy('short', { circuitBreaker }).dispose();
    expect(await telemetry.gauge('redress.circuit.state', { 'circuit.name': 'handed-in', 'circuit.state': 'closed' })).toBe(1);
    circuitBreaker.dispose();
    expect(await telemetry.gauge('redress.circuit.state', { 'circuit.name': 'handed-in', 'circuit.state': 'closed' })).toBe(0);
  });
});

describe('the default registry', () => {
  afterEach(() => getPolicy('default-one')?.dispose());

  it('[registry.get] is that of policy, getPolicy and updatePolicy', async () => {
    const clock = new FakeClock();
    const made = makePolicy('default-one', { clock, circuitBreaker: {} });
    expect(made.circuitBreaker.name).toBe('default-one');
    expect(getPolicy('default-one')).toBe(made);
    expect(updatePolicy('default-one', { timeoutMs: 20 })).toBe(made);
    expect(await clock.until(made.settle(() => new Promise(() => undefined)))).toMatchObject({ elapsedMs: 20 });
  });

  it('[registry.isolated] shares nothing with a registry that was created', () => {
    const registry = createRegistry();
    const [mine, theirs] = [makePolicy('default-one', { circuitBreaker: {} }), registry.policy('default-one', { circuitBreaker: {} })];
    expect(mine).not.toBe(theirs);
    expect(getPolicy('default-one')).toBe(mine);
    expect(registry.getPolicy('default-one')).toBe(theirs);
    mine.circuitBreaker.forceOpen();
    expect(theirs.circuitBreaker.state).toBe('closed');
    theirs.dispose();
    expect(getPolicy('default-one')).toBe(mine);
    expect(told).toEqual([]);
    expect(createRegistry().getPolicy('default-one')).toBeUndefined();
  });

  it('is one for two copies of the package', async () => {
    const made = makePolicy('default-one');
    await jest.isolateModulesAsync(async () => {
      const copy = await import('./defaultPolicies.js');
      expect(copy.getPolicy).not.toBe(getPolicy);
      expect(copy.getPolicy('default-one')).toBe(made);
    });
  });
});

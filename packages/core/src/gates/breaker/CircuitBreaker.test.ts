import { CircuitBreaker } from './CircuitBreaker.js';
import type { CircuitBreakerOptions } from './options.js';
import { createRegistry } from '../../policy/Registry.js';
import { FakeClock } from '../../testing/FakeClock.js';
import { inMemoryTelemetry } from '../../testing/inMemoryTelemetry.js';
import type { TelemetryHarness } from '../../testing/TelemetryHarness.js';

const busy = Object.assign(new Error('busy'), { status: 503 });
const fail = (): never => {
  throw busy;
};
const once = {
  trip: { type: 'consecutive', failures: 1 },
  recoveryMs: ({ attempt }) => 1_000 * 2 ** (attempt - 1),
} as const satisfies CircuitBreakerOptions;

let telemetry: TelemetryHarness;
beforeAll(async () => {
  telemetry = await inMemoryTelemetry();
});
beforeEach(() => telemetry.reset());
afterAll(() => telemetry.shutdown());

const events = (event: string, labels: Record<string, string> = {}): Promise<number> =>
  telemetry.counter('redress.events', { 'redress.event': event, ...labels });

function guarded(circuitBreaker: CircuitBreaker | CircuitBreakerOptions, name = 'owner') {
  const clock = new FakeClock();
  const policy = createRegistry().policy(name, { clock, retry: false, circuitBreaker });
  return { clock, policy, circuit: policy.circuitBreaker };
}

describe('the name of a breaker', () => {
  it.each([
    { given: 'none', make: () => guarded({}).circuit, then: 'owner' },
    { given: 'one of its own', make: () => guarded({ name: 'mine' }).circuit, then: 'mine' },
    { given: 'an instance without', make: () => guarded(new CircuitBreaker()).circuit, then: 'owner' },
    { given: 'an instance with one', make: () => guarded(new CircuitBreaker({ name: 'mine' })).circuit, then: 'mine' },
  ])('with $given is $then', ({ make, then }) => {
    expect(make().name).toBe(then);
  });

  it('of an instance without one is that of its first policy', () => {
    const circuitBreaker = new CircuitBreaker();
    const clock = new FakeClock();
    for (const name of ['first', 'second']) createRegistry().policy(name, { clock, circuitBreaker });
    expect(circuitBreaker.name).toBe('first');
  });

  it.each([
    { options: {}, then: 'attempt' },
    { options: { scope: 'call' as const }, then: 'call' },
  ])('its scope with $options is $then', ({ options, then }) => {
    expect(new CircuitBreaker(options).scope).toBe(then);
  });
});

describe('the age of a breaker', () => {
  it.each([
    { given: 'named like its policy', options: {} },
    { given: 'with a name of its own', options: { name: 'aged' } },
  ])('made by a policy, $given, is by the clock of the policy alone', async ({ options }) => {
    const { clock, circuit } = guarded(options, 'aging');
    await clock.advance(1_500);
    expect(await telemetry.counter('redress.circuit.time_in_state', { 'circuit.name': circuit.name })).toBe(1.5);
    circuit.dispose();
  });
});

describe('[breaker.force-holds] what was forced before there was a policy', () => {
  it('open stays so when it gets one', async () => {
    const circuitBreaker = new CircuitBreaker({ ...once, name: 'early-open' });
    circuitBreaker.forceOpen();
    const { clock, policy } = guarded(circuitBreaker);
    await clock.advance(1e6);
    expect(await policy.settle(() => 'no')).toMatchObject({ stopReason: 'CIRCUIT_OPEN', retryAfterMs: Infinity });
    circuitBreaker.reset();
    expect(await policy.settle(fail)).toMatchObject({ stopReason: 'MAX_ATTEMPTS_GLOBAL', attempts: 1 });
    // Its time is now that of its policy.
    await clock.advance(999);
    expect(circuitBreaker.state).toBe('open');
    await clock.advance(1);
    expect(circuitBreaker.state).toBe('half_open');
  });

  it('closed stays so when it gets one', async () => {
    const circuitBreaker = new CircuitBreaker({ ...once, name: 'early-closed' });
    circuitBreaker.forceClose();
    const { policy } = guarded(circuitBreaker);
    expect(await policy.settle(fail)).toMatchObject({ stopReason: 'MAX_ATTEMPTS_GLOBAL' });
    expect(circuitBreaker.state).toBe('closed');
    circuitBreaker.reset();
    await policy.settle(fail);
    expect(circuitBreaker.state).toBe('open');
  });

  it('is told once', async () => {
    const circuitBreaker = new CircuitBreaker({ name: 'early-told' });
    circuitBreaker.forceOpen();
    guarded(circuitBreaker);
    expect(await events('circuit_opened')).toBe(1);
  });
});

describe('[breaker.snapshot] toJSON and restore', () => {
  afterEach(() => jest.restoreAllMocks());

  it('keep the open time that was left, through JSON text', async () => {
    const { clock, policy, circuit } = guarded(once);
    await policy.settle(fail);
    await clock.advance(300);
    const text = JSON.stringify(circuit);
    expect(JSON.parse(text)).toMatchObject({ name: 'owner', state: { version: 1, state: 'open', remainingOpenMs: 700 } });
    for (const json of [text, JSON.parse(text) as unknown, circuit.toJSON()]) {
      const restored = guarded(CircuitBreaker.restore(json, once), 'heir');
      expect(restored.circuit.name).toBe('owner');
      expect(restored.circuit.state).toBe('open');
      const outcome = await restored.policy.settle(() => 'no');
      if (outcome.ok || outcome.stopReason !== 'CIRCUIT_OPEN') throw new Error('it was to be refused');
      // Wall-clock time that passed meanwhile counts: this test takes some of it.
      expect(outcome.retryAfterMs).toBeLessThanOrEqual(700);
      expect(outcome.retryAfterMs).toBeGreaterThan(200);
      await restored.clock.advance(outcome.retryAfterMs);
      expect(restored.circuit.state).toBe('half_open');
      expect(await restored.policy.settle(() => 'ok')).toMatchObject({ ok: true });
      expect(restored.circuit.state).toBe('closed');
    }
  });

  it('count the time that passed since as open time', () => {
    const { circuit } = guarded(once);
    const { name, state } = circuit.toJSON();
    const taken = { ...state, state: 'open', remainingOpenMs: 5_000, takenAtMs: Date.now() - 60_000 };
    expect(CircuitBreaker.restore({ name, state: taken }).state).toBe('half_open');
  });

  it.each([
    { downMs: 3_000_000, then: 'open' },
    { downMs: 3_600_000, then: 'half_open' },
  ])('know when they were made: an hour of open time is $then after $downMs ms by the wall clock', async ({ downMs, then }) => {
    const hour = { ...once, recoveryMs: () => 3_600_000 };
    const wall = jest.spyOn(Date, 'now').mockReturnValue(1e12);
    const { policy, circuit } = guarded(hour);
    await policy.settle(fail);
    const text = JSON.stringify(circuit);
    wall.mockReturnValue(1e12 + downMs);
    const { state } = CircuitBreaker.restore(text, hour);
    expect(state).toBe(then);
  });

  it('go on with the doubling', async () => {
    const { clock, policy, circuit } = guarded(once);
    await policy.settle(fail);
    await clock.advance(1_000);
    await policy.settle(fail);
    const heir = guarded(CircuitBreaker.restore(circuit.toJSON(), once), 'heir');
    await heir.clock.advance(2_000);
    const probe = await heir.policy.settle(fail);
    expect(probe).toMatchObject({ stopReason: 'MAX_ATTEMPTS_GLOBAL', attempts: 1 });
    expect(await heir.policy.settle(() => 'no')).toMatchObject({ stopReason: 'CIRCUIT_OPEN', retryAfterMs: 4_000 });
  });

  it.each([
    { given: 'closed', act: () => undefined, then: 'closed' },
    { given: 'forced open', act: (circuit: CircuitBreaker) => circuit.forceOpen(), then: 'forced_open' },
    { given: 'forced closed', act: (circuit: CircuitBreaker) => circuit.forceClose(), then: 'closed' },
  ])('keep what is $given', async ({ given, act, then }) => {
    const { circuit } = guarded(once);
    act(circuit);
    const heir = guarded(CircuitBreaker.restore(circuit.toJSON(), once), 'heir');
    expect(heir.circuit.state).toBe(then);
    await heir.policy.settle(fail);
    expect(heir.circuit.state).toBe(given === 'closed' ? 'open' : then);
  });

  it('keep what was forced after the restore', async () => {
    const { circuit, policy } = guarded(once);
    await policy.settle(fail);
    const restored = CircuitBreaker.restore(circuit.toJSON(), once);
    restored.forceOpen();
    expect(guarded(restored, 'heir').circuit.state).toBe('forced_open');
  });

  it('take the name from the options where they give one', () => {
    const { circuit } = guarded(once);
    expect(CircuitBreaker.restore(circuit.toJSON(), { name: 'renamed' }).name).toBe('renamed');
  });

  it('are told once, for the owner', async () => {
    const { policy, circuit } = guarded(once);
    await policy.settle(fail);
    const json = circuit.toJSON();
    await telemetry.reset();
    const restored = CircuitBreaker.restore({ ...json, name: 'restored' }, once);
    guarded(restored, 'heir');
    expect(await events('circuit_opened')).toBe(1);
    expect(await events('circuit_opened', { 'redress.policy': 'heir', 'circuit.name': 'restored', 'circuit.state': 'open' })).toBe(1);
  });

  const state = { version: 1, state: 'open', remainingOpenMs: 1, openings: 1 };
  it.each<[unknown, string]>([
    [undefined, 'json must be what toJSON() gave; got undefined'],
    [null, 'json must be what toJSON() gave; got null'],
    ['{"name":', 'json must be what toJSON() gave; got "{\\"name\\":"'],
    ['null', 'json must be what toJSON() gave; got "null"'],
    [{}, 'json must be what toJSON() gave; got [object Object]'],
    [{ name: 'c' }, 'json must be what toJSON() gave; got [object Object]'],
    [{ name: '', state }, 'name must be a string that is not empty; got ""'],
    [{ name: 'c', state: 'open' }, 'state must be an object; got "open"'],
    [{ name: 'c', state, extra: 1 }, 'unknown option extra (1); known are name, state'],
    [{ name: 'c', state: { ...state, version: 2 } }, 'state.version must be 1; got 2'],
    [
      { name: 'c', state: { ...state, state: 'ajar' } },
      'state.state must be one of closed, open, half_open, forced_open, forced_closed; got "ajar"',
    ],
    [{ name: 'c', state: { ...state, remainingOpenMs: -1 } }, 'state.remainingOpenMs must be a finite number, at least 0; got -1'],
    [
      { name: 'c', state: { version: 1, state: 'open', remainingOpenMs: 1 } },
      'state.openings must be a finite number, at least 0; got undefined',
    ],
  ])('refuse %j', (json, text) => {
    expect(() => CircuitBreaker.restore(json)).toThrow(new TypeError(`CircuitBreaker.restore: ${text}`));
  });
});

describe('a breaker alone', () => {
  it('without a policy is closed, can be forced, and says nothing wrong', () => {
    const circuit = new CircuitBreaker();
    expect(circuit.state).toBe('closed');
    circuit.forceOpen();
    expect(circuit.state).toBe('forced_open');
    circuit.reset();
    expect(circuit.state).toBe('closed');
    circuit.dispose();
    circuit.dispose();
    expect(circuit.state).toBe('closed');
  });

  it('[breaker.force-holds] tells a change once, and nothing where there is none', async () => {
    const { circuit } = guarded(once, 'changes');
    circuit.forceOpen();
    circuit.forceOpen();
    circuit.forceClose();
    circuit.forceClose();
    circuit.reset();
    expect(await events('circuit_opened')).toBe(1);
    expect(await events('circuit_closed')).toBe(1);
  });
});

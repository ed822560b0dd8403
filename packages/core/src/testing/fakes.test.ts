import { Bulkhead } from '../gates/bulkhead/Bulkhead.js';
import { BulkheadFullError } from '../gates/bulkhead/BulkheadFullError.js';
import { CircuitBreaker } from '../gates/breaker/CircuitBreaker.js';
import { CircuitOpenError } from '../gates/breaker/CircuitOpenError.js';
import type { Policy } from '../policy/Policy.js';
import { createRegistry } from '../policy/Registry.js';
import { outcomeOf } from '../runtime/outcomeOf.js';
import { fakeCircuit } from './FakeCircuit.js';
import { FakeClock } from './FakeClock.js';
import { calling, fakePolicy, refusing } from './fakePolicy.js';
import { fixed } from './fixedBackoffs.js';
import { inMemoryTelemetry } from './inMemoryTelemetry.js';
import { recordPolicy } from './recordPolicy.js';
import { failing, giving } from './script.js';
import type { TelemetryHarness } from './TelemetryHarness.js';

let telemetry: TelemetryHarness;
beforeAll(async () => {
  telemetry = await inMemoryTelemetry();
});
beforeEach(() => telemetry.reset());
afterAll(() => telemetry.shutdown());

const down = new CircuitOpenError({ circuit: 'inventory', retryAfterMs: 700 });
const full = new BulkheadFullError({ bulkhead: 'inventory', maxConcurrent: 1, maxQueued: 0 });

/** Code under test, which wants a policy and no more. */
async function stockOf(inventory: Policy): Promise<string> {
  return inventory.call(({ number }) => `attempt ${number}`, { operation: 'get-stock' });
}

describe('fakePolicy', () => {
  it('[kit.fake-policy] calls a function once, whatever it does, and hands on what it gives', async () => {
    const fake = fakePolicy();
    const fails = jest.fn(failing(503));
    expect(await stockOf(fake)).toBe('attempt 1');
    const outcome = await fake.settle(fails);
    expect(outcome).toMatchObject({ ok: false, attempts: 1, stopReason: 'MAX_ATTEMPTS_GLOBAL', errorClass: 'SERVER_ERROR', elapsedMs: 0 });
    expect(fails).toHaveBeenCalledTimes(1);
    expect([fake.name, fake.callCount]).toEqual(['fake', 2]);
  });

  it('[kit.fake-policy] answers by a script, the last of which goes on for ever', async () => {
    const fake = fakePolicy(
      'inventory',
      giving('in stock'),
      failing(404),
      refusing('CIRCUIT_OPEN', down),
      refusing('BULKHEAD_FULL', full),
      calling,
    );
    const fn = jest.fn(() => 'called');
    const outcomes: unknown[] = [];
    for (let call = 0; call < 6; call++) outcomes.push(await fake.settle(fn));
    expect(outcomes).toMatchObject([
      { ok: true, value: 'in stock' },
      { ok: false, stopReason: 'NON_RETRYABLE_CLASS', errorClass: 'PERMANENT' },
      { ok: false, stopReason: 'CIRCUIT_OPEN', attempts: 0, retryAfterMs: 700 },
      { ok: false, stopReason: 'BULKHEAD_FULL', attempts: 0, retryAfterMs: 0 },
      { ok: true, value: 'called' },
      { ok: true, value: 'called' },
    ]);
    expect(fn).toHaveBeenCalledTimes(2);
    expect(fake.callCount).toBe(6);
  });

  it('[kit.fake-policy] rejects with the very error of a refusal, which leads to its outcome', async () => {
    const fake = fakePolicy('inventory', refusing('CIRCUIT_OPEN', down));
    const error: unknown = await stockOf(fake).catch((thrown: unknown) => thrown);
    expect(error).toBe(down);
    expect(outcomeOf(error)).toMatchObject({ stopReason: 'CIRCUIT_OPEN', retryAfterMs: 700 });
    telemetry.expectOneCall('get-stock').rejectedWith('CIRCUIT_OPEN');
  });

  it('[kit.fake-policy] does so by all that makes calls', async () => {
    const fake = fakePolicy('inventory', giving('scripted'), giving('scripted'), giving('scripted'), calling);
    const self = { unit: 'ms' };
    const wrapped = fake.wrap(function (this: typeof self, time: number) {
      return `${time} ${this.unit}`;
    });
    const withAttempt = fake.fn(({ number, operation }, time: number) => `${operation} ${number}: ${time}`, { operation: 'op' });
    expect([await wrapped.call(self, 1), await withAttempt(2), await fake.with({ operation: 'x' }).call(() => 'real')]).toEqual(
      Array(3).fill('scripted'),
    );
    expect([await wrapped.call(self, 1), await withAttempt(2)]).toEqual(['1 ms', 'op 1: 2']);
    expect(fake.with({ operation: 'x' }).callCount).toBe(5);
  });

  it('[kit.fake-policy] refuses what a real one refuses, and is in no registry', async () => {
    const fake = fakePolicy('inventory', refusing('CIRCUIT_OPEN', down), giving('next'));
    await expect(fake.call(5 as never)).rejects.toThrow(TypeError);
    expect(await fake.call(() => 'x')).toBe('next');
    expect(() => fake.wrap('no' as never)).toThrow(TypeError);
    expect(() => fake.with({ timeoutMs: 0 })).toThrow(TypeError);
    expect(fake.circuitBreaker).toBeUndefined();
    expect(fake.stats()).toMatchObject({ policy: 'inventory', status: 'ok', inFlight: 0 });
    expect(createRegistry().getPolicy('inventory')).toBeUndefined();
    fake.dispose();
  });
});

describe('recordPolicy', () => {
  it('[kit.record-policy] remembers calls as they were, and passes them on to a real one', async () => {
    const clock = new FakeClock();
    const real = createRegistry().policy('real', { clock, retry: { backoff: fixed(100) } });
    const recording = recordPolicy(real.with({ timeoutMs: 5_000 }));
    let calls = 0;
    const call = recording.call(() => (++calls < 2 ? failing(503)({} as never) : 'rescued'), { operation: 'get-stock' });
    expect(recording.calls).toMatchObject([{ method: 'call', operation: 'get-stock', outcome: undefined, attempts: [{ number: 1 }] }]);
    expect(await clock.until(call)).toBe('rescued');
    const settled = await recording.settle(() => Promise.reject(Object.assign(new Error('no'), { status: 404 })));
    expect(settled).toMatchObject({ ok: false, attempts: 1 });
    expect(recording.calls.map(({ method, operation, attempts, outcome }) => [method, operation, attempts.length, outcome])).toEqual([
      ['call', 'get-stock', 2, { ok: true, value: 'rescued' }],
      ['settle', 'real', 1, { ok: false, error: expect.objectContaining({ status: 404 }), stopReason: 'NON_RETRYABLE_CLASS' }],
    ]);
  });

  it('[kit.record-policy] remembers those of policies made from it, with what was preset', async () => {
    const recording = recordPolicy(fakePolicy('inventory', calling, failing(404)));
    const preset = recording.with({ operation: 'preset', timeoutMs: 100 });
    await preset.call(() => 'a', { timeoutMs: 50 });
    await preset
      .fn((_, sku: string) => sku, { idempotent: false })('b')
      .catch(() => undefined);
    const wrapped = recording.wrap(JSON.parse, { operation: 'parse' });
    await expect(wrapped('{}')).rejects.toMatchObject({ status: 404 });
    expect(recording.calls.map(({ options }) => options)).toEqual([
      { operation: 'preset', timeoutMs: 50 },
      { operation: 'preset', timeoutMs: 100, idempotent: false },
      { operation: 'parse' },
    ]);
    expect(recording.calls.map(({ outcome }) => outcome?.ok)).toEqual([true, false, false]);
    expect(recording.calls.map(({ attempts }) => attempts.length)).toEqual([1, 0, 0]);
  });

  it('[kit.record-policy] is the other policy in all else', async () => {
    const bulkhead = new Bulkhead({ maxConcurrent: 1 });
    const recording = recordPolicy(createRegistry().policy('real', { bulkhead, circuitBreaker: {}, clock: new FakeClock() }));
    expect([recording.name, recording.bulkhead, recording.circuitBreaker?.state]).toEqual(['real', bulkhead, 'closed']);
    expect(recording.stats().policy).toBe('real');
    recording.circuitBreaker?.forceOpen();
    await recording.call(() => 'no').catch(() => undefined);
    expect(recording.calls[0]?.outcome).toMatchObject({ ok: false, stopReason: 'CIRCUIT_OPEN' });
    await expect(recording.call(null as never)).rejects.toThrow(TypeError);
    expect(recording.calls[1]).toMatchObject({ attempts: [], outcome: { ok: false, stopReason: undefined } });
  });
});

describe('fakeCircuit', () => {
  const made = (options = {}) => {
    const clock = new FakeClock();
    const circuit = fakeCircuit(options);
    return {
      clock,
      circuit,
      policy: createRegistry().policy('guarded', { clock, circuitBreaker: circuit, retry: { backoff: fixed(100) } }),
    };
  };

  it.each([
    { state: 'closed', refuses: undefined, stats: null },
    { state: 'half_open', refuses: undefined, stats: 0 },
    { state: 'open', refuses: 700, stats: 700 },
    { state: 'forced_open', refuses: Infinity, stats: null },
  ] as const)('[kit.fake-circuit] that is $state lets through or refuses as a real one', async ({ state, refuses, stats }) => {
    const { circuit, policy } = made({ retryAfterMs: 700 });
    circuit.state = state;
    const outcome = await policy.settle(() => 'through');
    if (refuses === undefined) expect(outcome).toMatchObject({ ok: true, value: 'through' });
    else expect(outcome).toMatchObject({ stopReason: 'CIRCUIT_OPEN', retryAfterMs: refuses, error: { circuit: 'guarded', state } });
    expect(policy.circuitBreaker?.state).toBe(state);
    expect(policy.stats()).toMatchObject({ circuitBreaker: { name: 'guarded', state, probeInMs: stats, observeOnly: false } });
    expect(policy.stats().status).toBe(state === 'closed' ? 'ok' : 'degraded');
  });

  it('[kit.fake-circuit] stays as it is, whatever fails and however long it takes', async () => {
    const { circuit, policy, clock } = made();
    for (let call = 0; call < 30; call++) await clock.until(policy.settle(failing(503)));
    expect(circuit.state).toBe('closed');
    expect(new Set(circuit.results)).toEqual(new Set(['failure']));
    circuit.state = 'open';
    await clock.advance(1e9);
    expect(circuit.state).toBe('open');
    circuit.state = 'half_open';
    await policy.settle(() => 'ok');
    expect([circuit.state, circuit.results.at(-1)]).toEqual(['half_open', 'success']);
  });

  it('[kit.fake-circuit] stops a call between two attempts', async () => {
    const { circuit, policy } = made();
    const outcome = await policy.settle(() => {
      circuit.state = 'open';
      return failing(503)({} as never);
    });
    expect(outcome).toMatchObject({ stopReason: 'CIRCUIT_OPEN', attempts: 1, retryAfterMs: 5_000, errorClass: 'SERVER_ERROR' });
  });

  it('[kit.fake-circuit] is a circuit breaker, operated as one, and one for policies of several clocks', async () => {
    const circuit = fakeCircuit({ name: 'c', state: 'open' });
    expect(circuit).toBeInstanceOf(CircuitBreaker);
    const states: string[] = [circuit.state];
    for (const act of ['forceOpen', 'reset', 'forceOpen', 'forceClose'] as const) {
      circuit[act]();
      states.push(circuit.state);
    }
    expect(states).toEqual(['open', 'forced_open', 'closed', 'forced_open', 'closed']);
    for (const clock of [new FakeClock(), new FakeClock()]) createRegistry().policy('p', { clock, circuitBreaker: circuit });
    expect(circuit.name).toBe('c');
    circuit.state = 'open';
    expect(CircuitBreaker.restore(JSON.stringify(circuit)).state).toBe('open');
    circuit.dispose();
  });

  it.each([{ state: 'ajar' }, { retryAfterMs: -1 }, { name: '' }, { colour: 'red' }, null])(
    '[call.options-validated] refuses %j',
    (options) => {
      expect(() => fakeCircuit(options as never)).toThrow(TypeError);
      expect(() => {
        fakeCircuit().state = 'ajar' as never;
      }).toThrow('fakeCircuit: state must be one of closed, open, half_open, forced_open; got "ajar"');
    },
  );
});

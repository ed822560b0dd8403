import { CircuitBreaker } from '../../gates/breaker/CircuitBreaker.js';
import type { CircuitBreakerOptions } from '../../gates/breaker/options.js';
import { createRegistry } from '../../policy/Registry.js';
import { FakeClock } from '../../testing/FakeClock.js';
import { begin, circuitFacts, rejectedBy, showCircuit } from '../fixtures/calls.js';
import { type Listening, listen } from '../fixtures/listen.js';
import { telemetry } from './install.js';

let sdk: Listening;
let number = 0;
beforeEach(async () => {
  sdk = await listen({ logSeverity: 'DEBUG' });
});
afterEach(() => sdk.stop());

const busy = (): never => {
  throw Object.assign(new Error('busy'), { status: 503 });
};
const once = { trip: { type: 'consecutive', failures: 1 }, recoveryMs: 1_000 } as const;

function made(circuitBreaker: CircuitBreakerOptions | CircuitBreaker, name = `rows ${++number}`) {
  const registry = createRegistry();
  const clock = new FakeClock();
  return { registry, clock, policy: registry.policy(name, { clock, retry: false, random: () => 0.4321, circuitBreaker }) };
}

/** The rows of a circuit that are not 0. */
const rowsOf = async (name: string, metric = 'redress.circuit.state'): Promise<Record<string, unknown>[]> =>
  (await sdk.series())
    .filter((row) => row.name === metric && row.attributes['circuit.name'] === name && row.kind !== 'histogram' && row.value !== 0)
    .map(({ attributes }) => ({ ...attributes }));

describe('the state of a circuit', () => {
  it('[breaker.idle-half-open] is half_open once its open time is over, for as long as nobody calls it', async () => {
    const { policy, clock, name } = { ...made(once), name: `rows ${number}` };
    await policy.settle(busy);
    expect(await rowsOf(name)).toEqual([{ 'circuit.name': name, 'circuit.state': 'open' }]);
    for (const wait of [10_000, 3_600_000, 36_000_000]) {
      await clock.advance(wait);
      expect(await rowsOf(name)).toEqual([{ 'circuit.name': name, 'circuit.state': 'half_open' }]);
    }
    // That is told with the first probe, and with no call there is no event.
    expect(await sdk.values('redress.events', 'redress.event')).toMatchObject({ circuit_opened: 1, circuit_half_open: 0 });
    await policy.settle(() => 1);
    expect(await rowsOf(name)).toEqual([{ 'circuit.name': name, 'circuit.state': 'closed' }]);
  });

  it('[breaker.observe-only-marked] is marked of one that only observes, and the time in it', async () => {
    const { policy, clock } = made({ ...once, observeOnly: true });
    const { name } = policy;
    await policy.settle(busy);
    const open = [{ 'circuit.name': name, 'circuit.state': 'open', 'redress.observe_only': true }];
    expect(await rowsOf(name)).toEqual(open);
    await clock.advance(100);
    expect(await rowsOf(name, 'redress.circuit.time_in_state')).toEqual(open);
  });

  it('[breaker.observe-only-marked] changes its mark with the circuit, and only one of the two is in a state', async () => {
    const { policy, registry } = made({ ...once, observeOnly: true });
    const { name } = policy;
    await policy.settle(busy);
    await rowsOf(name);
    registry.updatePolicy(name, { circuitBreaker: once });
    expect(await rowsOf(name)).toEqual([{ 'circuit.name': name, 'circuit.state': 'closed' }]);
    await policy.settle(busy);
    expect(await rowsOf(name)).toEqual([{ 'circuit.name': name, 'circuit.state': 'open' }]);
  });

  it('[breaker.observe-only-marked] is marked of an instance that was shown before it had a policy', async () => {
    const name = `rows ${++number}`;
    const circuitBreaker = new CircuitBreaker({ ...once, observeOnly: true, name });
    expect(await rowsOf(name)).toEqual([{ 'circuit.name': name, 'circuit.state': 'closed', 'redress.observe_only': true }]);
    await made(circuitBreaker).policy.settle(busy);
    expect(await rowsOf(name)).toEqual([{ 'circuit.name': name, 'circuit.state': 'open', 'redress.observe_only': true }]);
  });
});

describe('the events of a circuit', () => {
  it.each([false, true])('[breaker.refusal-says-when] say the wait first, to the millisecond; observeOnly: %s', async (observeOnly) => {
    const { policy, clock } = made({ trip: { type: 'consecutive', failures: 1 }, observeOnly });
    await policy.settle(busy);
    await clock.advance(0.123_456);
    await policy.settle(() => 1);
    const told = sdk.spans().flatMap(({ events }) => events);
    const opened = told.find(({ name }) => name === 'circuit_opened')?.attributes['redress.circuit.open_for'];
    const refused = told.find(({ name }) => name === 'circuit_rejected')?.attributes ?? {};
    for (const seconds of [opened, refused['redress.retry_after']]) {
      expect(seconds).toBeGreaterThan(3);
      expect(seconds).toBe(Math.round(Number(seconds) * 1_000) / 1_000);
    }
    const reason = observeOnly ? [] : ['redress.stop_reason'];
    const observed = observeOnly ? ['redress.observe_only'] : [];
    expect(Object.keys(refused)).toEqual(['retry.attempt', 'redress.retry_after', ...reason, 'circuit.name', 'circuit.state', ...observed]);
  });

  it('[call.names-cut] name it by at most 255 characters of well-formed Unicode, wherever it is named', async () => {
    const name = `${'c'.repeat(200)}\ud800${'c'.repeat(200)}`;
    const { policy } = made({ ...once, name });
    await policy.settle(busy);
    await policy.settle(busy);
    // That of another library is cut where it is told.
    const foreign = begin(telemetry().policy({ policy: 'other', library: 'other' }));
    foreign.event('circuit_opened', 1, circuitFacts(name, 'open'));
    foreign.end(rejectedBy(name, 'open', 1), 1);
    const all = [...sdk.spans(), ...sdk.spans().flatMap(({ events }) => events), ...sdk.logs(), ...(await sdk.series())];
    const names = new Set(
      all.flatMap(({ attributes }) => (typeof attributes['circuit.name'] === 'string' ? [attributes['circuit.name']] : [])),
    );
    expect([...names].filter((one) => one.startsWith('ccc'))).toEqual([`${'c'.repeat(200)}\ufffd${'c'.repeat(54)}`]);
  });
});

describe('names of circuits', () => {
  it('[telemetry.many-circuits] that no collection saw are given back, and what they counted is lost to no sum', async () => {
    const time = async (): Promise<number> => Object.values(await sdk.values('redress.circuit.time_in_state')).reduce((a, b) => a + b, 0);
    const before = await time();
    // Each was in a state for two seconds.
    for (let n = 0; n < 1_000; n++) showCircuit(`gone ${n}`).dispose();
    expect((await time()) - before).toBe(2_000);
  });

  it('[telemetry.many-circuits] on spans and in the log are always the real ones', async () => {
    sdk.configure({ maxRows: 50, logSeverity: 'DEBUG' });
    for (let n = 0; n < 30; n++) await made(once, `real ${n}`).policy.settle(busy);
    expect((await sdk.values('redress.events', 'circuit.name'))._other).toBeGreaterThan(0);
    const real = Array.from({ length: 30 }, (_, n) => `real ${n}`);
    const opened = sdk.logs().filter(({ eventName }) => eventName === 'redress.circuit_opened');
    expect(opened.map(({ attributes }) => attributes['circuit.name'])).toEqual(real);
    expect(sdk.spans().map(({ attributes }) => attributes['circuit.name'])).toEqual(real);
    expect(
      sdk
        .spans()
        .flatMap(({ events }) => events.map(({ attributes }) => attributes['circuit.name']))
        .filter((one) => one !== undefined),
    ).toEqual(real);
  });
});

import { createRegistry } from '../../policy/Registry.js';
import { FakeClock } from '../../testing/FakeClock.js';
import { inMemoryTelemetry } from '../../testing/inMemoryTelemetry.js';
import type { TelemetryHarness } from '../../testing/TelemetryHarness.js';
import { CircuitBreaker } from './CircuitBreaker.js';
import type { CircuitBreakerOptions } from './options.js';

const busy = Object.assign(new Error('busy'), { status: 503 });
const fail = (): never => {
  throw busy;
};

let telemetry: TelemetryHarness;
beforeAll(async () => {
  telemetry = await inMemoryTelemetry();
});
beforeEach(() => telemetry.reset());
afterAll(() => telemetry.shutdown());

/** What the last event of that name said of the circuit, but for its name and state. */
function said(event: string): Readonly<Record<string, unknown>> {
  const last = telemetry
    .logs()
    .filter(({ eventName }) => eventName === `redress.${event}`)
    .at(-1);
  const ofCircuit = Object.entries(last?.attributes ?? {}).filter(([name]) => /^redress\.(circuit\.|retry_after)/.test(name));
  return Object.fromEntries(ofCircuit.map(([name, value]) => [name.replace(/^redress\./, ''), value]));
}

/** `.` a success, `f` a failure, `s` a slow success. */
async function play(circuitBreaker: CircuitBreakerOptions | CircuitBreaker, calls: string) {
  const clock = new FakeClock();
  const policy = createRegistry().policy('told', { clock, retry: false, random: () => 0.5, circuitBreaker });
  for (const call of calls) {
    await clock.until(policy.settle(call === 'f' ? fail : () => clock.sleep(call === 's' ? 200 : 0)));
  }
  return { clock, policy };
}

describe('circuit_opened', () => {
  it.each<{ given: string; options: CircuitBreakerOptions; calls: string; then: object }>([
    {
      given: 'a rate',
      options: { trip: { type: 'rate', minimumCalls: 4 } },
      calls: '..ff',
      then: { 'circuit.trip_reason': 'failure_ratio', 'circuit.failure_ratio': 0.5, 'circuit.calls': 4 },
    },
    {
      given: 'slow calls',
      options: { trip: { type: 'rate', minimumCalls: 4, slowCallMs: 100, slowCallRate: 0.75 } },
      calls: 'fsss',
      then: {
        'circuit.trip_reason': 'slow_call_ratio',
        'circuit.failure_ratio': 0.25,
        'circuit.slow_call_ratio': 0.75,
        'circuit.calls': 4,
      },
    },
    {
      given: 'a run',
      options: { trip: { type: 'rate', minimumCalls: 10, consecutiveFailures: 2 } },
      calls: '.ff',
      then: { 'circuit.trip_reason': 'consecutive', 'circuit.failure_ratio': 2 / 3, 'circuit.calls': 3 },
    },
    {
      given: 'failures in a row',
      options: { trip: { type: 'consecutive', failures: 2 } },
      calls: '.ff',
      then: { 'circuit.trip_reason': 'consecutive' },
    },
    {
      given: 'a count',
      options: { trip: { type: 'count', failures: 2, windowMs: 9e9 } },
      calls: 'f.f',
      then: { 'circuit.trip_reason': 'count' },
    },
  ])('[breaker.open-facts] says what opened it, and for how long: $given', async ({ options, calls, then }) => {
    await play(options, calls);
    expect(said('circuit_opened')).toEqual({ ...then, 'circuit.open_for': 5 });
  });

  it('[breaker.open-facts] says of a probe that failed no window', async () => {
    const { clock, policy } = await play({ trip: { type: 'rate', minimumCalls: 2 } }, 'ff');
    await clock.advance(5_000);
    await policy.settle(fail);
    expect(said('circuit_opened')).toEqual({ 'circuit.trip_reason': 'probe_failed', 'circuit.open_for': 10 });
    expect(said('circuit_half_open')).toEqual({});
  });

  it('[breaker.open-facts] says of one that was forced open what it held, and no time', async () => {
    const { policy } = await play({}, '...f');
    policy.circuitBreaker.forceOpen();
    const then = { 'circuit.trip_reason': 'forced', 'circuit.failure_ratio': 0.25, 'circuit.calls': 4 };
    expect(said('circuit_opened')).toEqual(then);
    await policy.settle(() => 1);
    expect(said('circuit_rejected')).toEqual({});
  });

  it('[breaker.open-facts] says of one that was restored the time that is left', async () => {
    const state = { version: 1, state: 'open', remainingOpenMs: 3_000, openings: 1 };
    await play(CircuitBreaker.restore({ name: 'restored', state }), '');
    expect(said('circuit_opened')).toEqual({ 'circuit.trip_reason': 'restored', 'circuit.open_for': expect.closeTo(3, 0) });
  });
});

describe('circuit_rejected', () => {
  it.each([false, true])(
    '[breaker.refusal-says-when] says in seconds when it is worth trying again; observeOnly: %s',
    async (observeOnly) => {
      const { clock, policy } = await play({ trip: { type: 'consecutive', failures: 1 }, observeOnly }, 'f');
      await clock.advance(1_500);
      await policy.settle(() => 1);
      expect(said('circuit_rejected')).toEqual({ retry_after: 3.5 });
    },
  );
});

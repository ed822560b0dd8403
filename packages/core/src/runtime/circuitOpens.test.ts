import { AbortRetryError } from '../model/errors/AbortRetryError.js';
import { CircuitBreaker } from '../gates/breaker/CircuitBreaker.js';
import type { CircuitBreakerOptions } from '../gates/breaker/options.js';
import type { PolicyOptions } from '../policy/PolicyOptions.js';
import { inMemoryTelemetry } from '../testing/inMemoryTelemetry.js';
import type { TelemetryHarness } from '../testing/TelemetryHarness.js';
import { guarded, once } from './fixtures/guarded.js';
import { gives, hangs, throws, withStatus, type Step } from './fixtures/script.js';

const busy = withStatus(503);
const missing = withStatus(404);
const boom = (): never => {
  throw new Error('boom');
};
/** By what they open at. */
const breakers = {
  '75 % of 4 calls or more': { trip: { type: 'rate', failureRate: 0.75, minimumCalls: 4 } },
  'half of 3 calls or more': { trip: { type: 'rate', minimumCalls: 3 } },
  'half of 4 calls or more': { trip: { type: 'rate', minimumCalls: 4 } },
  'half of 3 to 5 calls': { trip: { type: 'rate', minimumCalls: 3, windowCalls: 5 } },
  'half of the last 5 calls': { trip: { type: 'rate', windowCalls: 5 } },
  '40 % of the last 4 calls': { trip: { type: 'rate', failureRate: 0.4, windowCalls: 4 } },
  '2 calls in a second': { trip: { type: 'rate', minimumCalls: 2, windowMs: 1_000 } },
  '2 calls in 2 seconds': { trip: { type: 'rate', minimumCalls: 2, windowMs: 2_000 } },
  '2 in a second': { trip: { type: 'count', failures: 2, windowMs: 1_000 } },
  '2 in 2 seconds': { trip: { type: 'count', failures: 2, windowMs: 2_000 } },
  '2 in a row': { trip: { type: 'consecutive', failures: 2 } },
  'a RATE_LIMIT': { ...once, tripOn: ['RATE_LIMIT'] },
  '2 of RATE_LIMIT': { trip: { type: 'count', failures: 9, windowMs: 1_000, failuresByClass: { RATE_LIMIT: 2 } } },
} as const satisfies Readonly<Record<string, CircuitBreakerOptions>>;
/** `.` a success, `f` a failure, `q` and `n` ones of classes that do not trip, `a` an abort; anything else is a second that passes. */
const steps: Readonly<Record<string, Step>> = {
  '.': gives('ok'),
  f: throws(busy),
  q: throws(withStatus(429)),
  n: throws(missing),
  a: throws(new AbortRetryError()),
};

let telemetry: TelemetryHarness;
beforeAll(async () => {
  telemetry = await inMemoryTelemetry();
});
beforeEach(() => telemetry.reset());
afterAll(() => telemetry.shutdown());

const events = (event: string): Promise<number> => telemetry.counter('redress.events', { 'redress.event': event });

describe('when it opens', () => {
  it.each([
    { given: 'at the threshold', failures: 10, successes: 10, then: 'open' },
    { given: 'above it', failures: 15, successes: 5, then: 'open' },
    { given: 'below it', failures: 9, successes: 11, then: 'closed' },
    { given: 'with one call too few', failures: 19, successes: 0, then: 'closed' },
  ])(
    '[breaker.opens-at-threshold] [breaker.minimum-calls] by default half of at least 20 calls: $given',
    async ({ failures, successes, then }) => {
      const { policy, circuit, fail } = guarded({});
      for (let call = 0; call < successes; call++) await policy.settle(gives('ok'));
      await fail(failures);
      expect(circuit.state).toBe(then);
    },
  );

  it.each<{ rule: string; given: keyof typeof breakers; calls: string; then: string }>([
    { rule: 'opens-at-threshold', given: '75 % of 4 calls or more', calls: '..ff', then: 'closed' },
    { rule: 'opens-at-threshold', given: '75 % of 4 calls or more', calls: '.fff', then: 'open' },
    { rule: 'opens-at-threshold', given: '2 in a second', calls: 'f', then: 'closed' },
    { rule: 'opens-at-threshold', given: '2 in a second', calls: 'f.f', then: 'open' },
    { rule: 'opens-at-threshold', given: '2 in a row', calls: 'f.f', then: 'closed' },
    { rule: 'opens-at-threshold', given: '2 in a row', calls: 'ff', then: 'open' },
    { rule: 'minimum-calls', given: 'half of 3 calls or more', calls: 'ff', then: 'closed' },
    { rule: 'minimum-calls', given: 'half of 3 calls or more', calls: 'fff', then: 'open' },
    { rule: 'minimum-calls', given: 'half of 3 to 5 calls', calls: 'ff', then: 'closed' },
    { rule: 'minimum-calls', given: 'half of 3 to 5 calls', calls: 'fff', then: 'open' },
    { rule: 'minimum-calls', given: 'half of the last 5 calls', calls: 'ffff', then: 'closed' },
    { rule: 'minimum-calls', given: 'half of the last 5 calls', calls: 'fffff', then: 'open' },
    { rule: 'window-forgets', given: '2 calls in a second', calls: 'f-f', then: 'closed' },
    { rule: 'window-forgets', given: '2 calls in 2 seconds', calls: 'f-f', then: 'open' },
    { rule: 'window-forgets', given: '40 % of the last 4 calls', calls: 'f...f', then: 'closed' },
    { rule: 'window-forgets', given: '2 in a second', calls: 'f-f', then: 'closed' },
    { rule: 'window-forgets', given: '2 in 2 seconds', calls: 'f-f', then: 'open' },
    { rule: 'trip-on', given: 'a RATE_LIMIT', calls: 'q', then: 'open' },
    { rule: 'trip-on', given: 'a RATE_LIMIT', calls: 'f', then: 'closed' },
    { rule: 'failures-by-class', given: '2 of RATE_LIMIT', calls: 'q', then: 'closed' },
    { rule: 'failures-by-class', given: '2 of RATE_LIMIT', calls: 'qq', then: 'open' },
    { rule: 'non-failure-is-success', given: 'half of 4 calls or more', calls: 'nnff', then: 'open' },
    { rule: 'non-failure-is-success', given: 'half of 4 calls or more', calls: 'nnnff', then: 'closed' },
    { rule: 'non-failure-is-success', given: 'half of 4 calls or more', calls: '..ff', then: 'open' },
    { rule: 'non-failure-is-success', given: 'half of 4 calls or more', calls: 'aaff', then: 'closed' },
    { rule: 'non-failure-is-success', given: '2 in a row', calls: 'fnf', then: 'closed' },
    { rule: 'non-failure-is-success', given: '2 in a row', calls: 'faf', then: 'open' },
  ])('[breaker.$rule] at $given: "$calls" leaves it $then', async ({ given, calls, then }) => {
    const { clock, policy, circuit } = guarded(breakers[given]);
    for (const call of calls) {
      const step = steps[call];
      await (step === undefined ? clock.advance(1_000) : policy.settle(step, { retry: false }));
    }
    expect(circuit.state).toBe(then);
  });

  it('[breaker.crossing-call-opens] it is the call that crosses: the next one is refused', async () => {
    const { policy, circuit, fail } = guarded({ trip: { type: 'consecutive', failures: 3 } });
    await fail(2);
    expect(circuit.state).toBe('closed');
    expect(await policy.settle(throws(busy), { retry: false })).toMatchObject({ stopReason: 'MAX_ATTEMPTS_GLOBAL', attempts: 1 });
    expect(circuit.state).toBe('open');
    expect(await policy.settle(gives('no'))).toMatchObject({ stopReason: 'CIRCUIT_OPEN', attempts: 0 });
  });

  it.each([
    { given: 'SERVER_ERROR', step: throws(busy), then: 'open' },
    { given: 'TRANSIENT', step: throws(Object.assign(new Error('x'), { code: 'ECONNRESET' })), then: 'open' },
    { given: 'a Response 503', step: gives({ status: 503, headers: new Headers() }), then: 'open' },
    { given: 'an attempt timeout', step: hangs, then: 'open' },
    { given: 'RATE_LIMIT', step: throws(withStatus(429)), then: 'closed' },
    { given: 'PERMANENT', step: throws(missing), then: 'closed' },
    { given: 'UNKNOWN', step: throws(new Error('odd')), then: 'open' },
    { given: 'a Response 404', step: gives({ status: 404, headers: new Headers() }), then: 'closed' },
  ])('[breaker.trip-on] by default $given leaves it $then', async ({ step, then }) => {
    const { clock, policy, circuit } = guarded(once, { attemptTimeoutMs: 50 });
    await clock.until(policy.settle(step, { retry: false }));
    expect(circuit.state).toBe(then);
  });

  it.each<{ given: string; options: PolicyOptions; step: Step; then: string }>([
    { given: 'a classifier that throws', options: { classify: boom }, step: throws(busy), then: 'closed' },
    { given: 'a classifier that gives no class', options: { classify: () => 'busy' as 'UNKNOWN' }, step: throws(busy), then: 'closed' },
    {
      given: 'a classifier that gives a promise',
      options: { classify: (async () => 'UNKNOWN') as never },
      step: throws(busy),
      then: 'closed',
    },
    { given: 'a classifyResult that throws', options: { classifyResult: boom }, step: gives('ok'), then: 'closed' },
    { given: 'a classifyResult that gives no class', options: { classifyResult: () => null as never }, step: gives('ok'), then: 'closed' },
    { given: 'a classifier that says UNKNOWN', options: { classify: () => 'UNKNOWN' }, step: throws(busy), then: 'open' },
    {
      given: 'a classifier that leaves it to the rule',
      options: { classify: () => undefined },
      step: throws(new Error('odd')),
      then: 'open',
    },
    { given: 'a classifyResult that says UNKNOWN', options: { classifyResult: () => 'UNKNOWN' }, step: gives('ok'), then: 'open' },
  ])('[breaker.neutral-unknown] $given leaves it $then; neutral, it gives the probe back', async ({ options, step, then }) => {
    for (const scope of ['attempt', 'call'] as const) {
      const { clock, policy, circuit } = guarded({ ...once, scope }, options);
      expect(await clock.until(policy.settle(step, { retry: false }))).toMatchObject({ ok: false, errorClass: 'UNKNOWN' });
      expect(circuit.state).toBe(then);
      if (then === 'open') continue;
      const probing = CircuitBreaker.restore(
        { name: 'c', state: { version: 1, state: 'half_open', remainingOpenMs: 0, openings: 1 } },
        once,
      );
      const other = guarded(probing, options);
      await other.clock.until(other.policy.settle(step, { retry: false }));
      expect(probing.state).toBe('half_open');
      // Its place was given back: the next one is a probe again, and is not refused.
      expect(await other.clock.until(other.policy.settle(step, { retry: false }))).toMatchObject({ errorClass: 'UNKNOWN' });
    }
  });

  it('the deadline of the call during an attempt is a failure too', async () => {
    const { clock, policy, circuit } = guarded(once);
    expect(await clock.until(policy.settle(hangs, { timeoutMs: 50 }))).toMatchObject({ stopReason: 'DEADLINE_EXCEEDED' });
    expect(circuit.state).toBe('open');
  });

  it('[breaker.slow-calls] slow successes open it, and are told', async () => {
    const { clock, policy, circuit } = guarded({ trip: { type: 'rate', slowCallMs: 100, minimumCalls: 4, slowCallRate: 0.5 } });
    for (const ms of [99, 100, 50, 250]) await clock.until(policy.call(() => clock.sleep(ms)));
    expect(circuit.state).toBe('open');
    expect(await events('slow_call')).toBe(2);
    expect(await events('circuit_opened')).toBe(1);
  });

  it('[breaker.one-transition] fifty concurrent failures over the threshold are one transition', async () => {
    const { clock, policy, circuit } = guarded({ trip: { type: 'count', failures: 5, windowMs: 60_000 }, recoveryMs: () => 1_000 });
    const calls = Array.from({ length: 50 }, (_, index) =>
      policy.settle(
        async () => {
          await clock.sleep(index % 7);
          throw busy;
        },
        { retry: false },
      ),
    );
    await clock.runAll();
    await Promise.all(calls);
    expect(circuit.state).toBe('open');
    expect(await events('circuit_opened')).toBe(1);
    expect(await telemetry.counter('redress.attempts')).toBe(50);
  });
});

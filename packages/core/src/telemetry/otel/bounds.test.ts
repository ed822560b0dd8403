import * as fc from 'fast-check';
import type { CircuitState } from '../../model/CircuitState.js';
import { EventName } from '../../model/EventName.js';
import { begin, failure, rejectedBy, showCircuit, succeed, circuitFacts } from '../fixtures/calls.js';
import { told, withDiag } from '../fixtures/diag.js';
import { type Listening, listen } from '../fixtures/listen.js';
import { telemetry } from './install.js';

/** Past this many series the SDK sums into one overflow point, and for observed counters only the last value of it is kept. */
const SDK_LIMIT = 2_000;

const TRANSITION = {
  closed: 'circuit_closed',
  open: 'circuit_opened',
  half_open: 'circuit_half_open',
  forced_open: 'circuit_opened',
} as const;

let sdk: Listening;
beforeEach(() => withDiag());
afterEach(() => sdk.stop());

const sum = (values: Record<string, number>): number => Object.values(values).reduce((a, b) => a + b, 0);
const seriesOf = async (name: string): Promise<number> => (await sdk.series()).filter((series) => series.name === name).length;

describe('10,000 operations', () => {
  it('lose no total, stay below the limit of the SDK, and are told of once', async () => {
    sdk = await listen({ spans: 'never' });
    const policy = telemetry().policy({ policy: 'many' });
    for (let i = 0; i < 10_000; i++) succeed(policy, `operation ${i}`, 2);
    expect(sum(await sdk.values('redress.attempts', 'retry.attempt', 'operation'))).toBe(20_000);
    expect(await sdk.values('redress.attempts', 'retry.attempt')).toEqual({ 1: 10_000, 2: 10_000 });
    expect(await sdk.values('redress.retry.success_after_retries', 'retry.attempt')).toEqual({ 2: 10_000 });
    expect(await sdk.values('redress.events', 'redress.event')).toEqual({ success: 10_000, retry: 10_000 });
    expect(await sdk.values('redress.retry.duration', 'redress.outcome')).toEqual({ success: 10_000 });
    expect((await sdk.values('redress.backoff.time'))['']).toBeCloseTo(1_000, 6);
    expect((await sdk.values('redress.attempts', 'operation'))._other).toBe(2 * 9_800);
    expect(await seriesOf('redress.attempts')).toBe(2 * 201);
    expect(told().filter((line) => line.includes('maxOperations'))).toHaveLength(1);
  });

  it('keep their real names on spans', async () => {
    sdk = await listen({ maxOperations: 1 });
    const policy = telemetry().policy({ policy: 'many' });
    for (const name of ['a', 'b', 'c']) succeed(policy, name);
    expect(sdk.spans().map((span) => [span.name, span.attributes.operation])).toEqual([
      ['a', 'a'],
      ['b', 'b'],
      ['c', 'c'],
    ]);
  });
});

it('what is past the bound is `_other` in its error.type too', async () => {
  sdk = await listen({ spans: 'never', maxOperations: 1 });
  const policy = telemetry().policy({ policy: 'p' });
  for (const operation of ['a', 'b'])
    begin(policy, operation).end({ kind: 'failure', attempts: 1, stopReason: 'NO_STRATEGY', failure: failure() }, 1);
  const expected = { 'a TypeError': 1, '_other _other': 1 };
  expect(await sdk.values('redress.events', 'operation', 'error.type')).toEqual(expected);
  expect(await sdk.values('redress.retry.duration', 'operation', 'error.type')).toEqual(expected);
});

describe.each(['redress.events', 'redress.retry.duration'])('error.type of %s', (metric) => {
  it('has 50 values, and the rest is `_other`', async () => {
    sdk = await listen({ spans: 'never' });
    const policy = telemetry().policy({ policy: 'p' });
    for (let i = 0; i < 60; i++)
      begin(policy).end(
        { kind: 'failure', attempts: 1, stopReason: 'NO_STRATEGY', failure: failure('UNKNOWN', { errorType: `E${i}` }) },
        1,
      );
    const types = await sdk.values(metric, 'error.type');
    expect(Object.keys(types)).toHaveLength(51);
    expect(types._other).toBe(10);
    expect(told().filter((line) => line.includes(`error.type in ${metric}`))).toHaveLength(1);
  });
});

it.each([
  ['many attempts', (policies: number) => ({ policies, operations: 1, attempts: 400 }), 1],
  ['many policies', (policies: number) => ({ policies, operations: 1, attempts: 2 }), 3_000],
  ['both', (policies: number) => ({ policies, operations: 10, attempts: 30 }), 60],
])('%s lose no total and stay below the limit', async (_, shape, policies) => {
  sdk = await listen({ spans: 'never', logSeverity: 'OFF' });
  const { operations, attempts } = shape(policies);
  for (let p = 0; p < policies; p++) {
    const policy = telemetry().policy({ policy: `policy ${p}` });
    for (let o = 0; o < operations; o++) succeed(policy, `operation ${o}`, attempts);
  }
  const calls = policies * operations;
  const metrics = [
    'redress.attempts',
    'redress.retries',
    'redress.retry.success_after_retries',
    'redress.events',
    'redress.retry.duration',
  ];
  const totals = await Promise.all(metrics.map(async (metric) => sum(await sdk.values(metric))));
  expect(totals).toEqual([calls * attempts, calls * (attempts - 1), calls, calls * attempts, calls]);
  expect((await sdk.values('redress.attempts', 'retry.attempt'))['1']).toBe(calls);
  for (const metric of metrics) expect(await seriesOf(metric)).toBeLessThan(SDK_LIMIT);
});

it('whatever happens, the sum over all series is what happened', async () => {
  const call = fc.record({
    policy: fc.nat({ max: 30 }),
    operation: fc.oneof(fc.nat({ max: 60 }).map(String), fc.constant('_other')),
    attempts: fc.integer({ min: 1, max: 40 }),
    type: fc.oneof(
      fc.nat({ max: 80 }).map((n) => `E${n}`),
      fc.constant('_other'),
    ),
    fails: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(call, { minLength: 1, maxLength: 300 }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 50, max: 90 }),
      async (calls, maxOperations, maxRows) => {
        sdk = await listen({ spans: 'never', logSeverity: 'OFF', maxOperations, maxRows });
        const expected = { attempts: 0, first: 0, retries: 0, success: 0, failure: 0 };
        for (const { policy, operation, attempts, type, fails } of calls) {
          const recorder = begin(telemetry().policy({ policy: policy === 30 ? '_other' : `policy ${policy}` }), operation);
          for (let number = 1; number <= attempts; number++) {
            recorder.attempt(number);
            if (number < attempts) recorder.retry(number, failure('TRANSIENT', { errorType: type }), 1);
          }
          if (fails)
            recorder.end(
              { kind: 'failure', attempts, stopReason: 'MAX_ATTEMPTS_GLOBAL', failure: failure('UNKNOWN', { errorType: type }) },
              1,
            );
          else recorder.endSuccess(attempts, 1);
          expected.attempts += attempts;
          expected.first++;
          expected.retries += attempts - 1;
          expected[fails ? 'failure' : 'success']++;
        }
        const events = await sdk.values('redress.events', 'redress.event');
        const durations = await sdk.values('redress.retry.duration', 'redress.outcome');
        expect(sum(await sdk.values('redress.attempts'))).toBe(expected.attempts);
        expect((await sdk.values('redress.attempts', 'retry.attempt'))['1']).toBe(expected.first);
        expect(sum(await sdk.values('redress.retries'))).toBe(expected.retries);
        expect([events.retry ?? 0, events.success ?? 0, events.max_attempts_exceeded ?? 0]).toEqual([
          expected.retries,
          expected.success,
          expected.failure,
        ]);
        expect([durations.success ?? 0, durations.failure ?? 0]).toEqual([expected.success, expected.failure]);
        await sdk.stop();
      },
    ),
    { numRuns: 30 },
  );
  sdk = await listen();
});

it('the coarsest rows, which are always granted, leave room for every combination there can be', async () => {
  sdk = await listen({ spans: 'never', logSeverity: 'OFF' });
  // Fill the table to the brim with rows of operations and of policies, then tell one of each event under every state.
  for (let p = 0; p < 400; p++) {
    const policy = telemetry().policy({ policy: `policy ${p}` });
    for (let o = 0; o < 3; o++) {
      const call = begin(policy, `operation ${o}`);
      for (let t = 0; t < 20; t++) call.attemptTimeout(1, failure('TRANSIENT', { errorType: `E${t}` }));
      call.endSuccess(1, 1);
    }
    for (const state of ['closed', 'open', 'half_open', 'forced_open'] as const satisfies readonly CircuitState[]) {
      begin(policy).end(rejectedBy('c', state, 1, failure()), 1);
      policy.event(TRANSITION[state], circuitFacts('c', state));
    }
  }
  const events = await sdk.values('redress.events', 'redress.event');
  expect(events).toEqual({
    [EventName.ATTEMPT_TIMEOUT]: 400 * 60,
    [EventName.SUCCESS]: 400 * 3,
    [EventName.CIRCUIT_REJECTED]: 400 * 4,
    [EventName.CIRCUIT_CLOSED]: 400,
    [EventName.CIRCUIT_OPENED]: 800,
    [EventName.CIRCUIT_HALF_OPEN]: 400,
  });
  expect(await seriesOf('redress.events')).toBeLessThan(1_700);
});

describe('1,000 circuits', () => {
  it('lose none: each is one in the sum of states, and time in state is the sum of ages', async () => {
    sdk = await listen();
    const live = Array.from({ length: 1_000 }, (_, n) => showCircuit(`circuit ${n}`, { state: () => (n % 10 === 0 ? 'open' : 'closed') }));
    expect(await sdk.values('redress.circuit.state', 'circuit.state')).toEqual({ closed: 900, open: 100, half_open: 0, forced_open: 0 });
    expect(sum(await sdk.values('redress.circuit.time_in_state'))).toBe(2_000);
    const byName = await sdk.values('redress.circuit.state', 'circuit.name');
    // 250 from the start, 25 of which are open; the other 75 that are open have names that were kept back.
    expect(Object.keys(byName)).toHaveLength(250 + 75 + 1);
    expect(byName._other).toBe(1_000 - 250 - 75);
    expect(await sdk.values('redress.circuit.state', 'circuit.state')).toEqual({ closed: 900, open: 100, half_open: 0, forced_open: 0 });
    expect((await sdk.values('redress.circuit.state', 'circuit.name', 'circuit.state'))['circuit 990 open']).toBe(1);
    for (const metric of ['redress.circuit.state', 'redress.circuit.time_in_state', 'redress.circuit.failure_ratio']) {
      expect(await seriesOf(metric)).toBeLessThan(SDK_LIMIT);
    }
    expect(told().filter((line) => line.includes('circuits'))).toHaveLength(1);
    for (const each of live) each.dispose();
    expect(sum(await sdk.values('redress.circuit.state'))).toBe(0);
    expect(sum(await sdk.values('redress.circuit.time_in_state'))).toBe(2_000);
  });
});

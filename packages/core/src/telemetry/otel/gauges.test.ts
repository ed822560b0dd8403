import type { CircuitState } from '../../model/CircuitState.js';
import { budget, showCircuit } from '../fixtures/calls.js';
import { type Listening, listen } from '../fixtures/listen.js';
import { telemetry } from './install.js';

let sdk: Listening;
let number = 0;
let name: string;
beforeEach(async () => {
  sdk = await listen();
  name = `gauge ${++number}`;
});
afterEach(() => sdk.stop());

async function states(): Promise<Record<string, number>> {
  return only(await sdk.values('redress.circuit.state', 'circuit.name', 'circuit.state'));
}

async function times(): Promise<Record<string, number>> {
  return only(await sdk.values('redress.circuit.time_in_state', 'circuit.name', 'circuit.state'));
}

/** Of this test's circuit, by state. */
function only(values: Record<string, number>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([key]) => key.startsWith(`${name} `))
      .map(([key, value]) => [key.slice(name.length + 1), value]),
  );
}

const zero = { closed: 0, open: 0, half_open: 0, forced_open: 0 };

describe('a circuit', () => {
  it.each(['closed', 'open', 'half_open', 'forced_open'] as const satisfies readonly CircuitState[])(
    '[breaker.one-hot] [breaker.series-at-once] that is %s shows all its states, and 1 for that one',
    async (state) => {
      showCircuit(name, { state: () => state });
      expect(await states()).toEqual({ ...zero, [state]: 1 });
      expect(await times()).toEqual({ ...zero, closed: 2 });
    },
  );

  it('[breaker.one-hot] whose state changes in the middle of a collection shows 1 for one alone', async () => {
    let reads = 0;
    showCircuit(name, { state: () => (reads++ % 4 < 2 ? 'open' : 'half_open') });
    for (const _ of [1, 2, 3, 4]) expect(Object.values(await states()).sort()).toEqual([0, 0, 0, 1]);
  });

  it('is read at collection, so that a change by time shows', async () => {
    let state: CircuitState = 'open';
    showCircuit(name, { state: () => state });
    expect((await states()).open).toBe(1);
    state = 'half_open';
    expect(await states()).toEqual({ ...zero, half_open: 1 });
  });

  it('that is disposed reads 0 in every state and as its ratio, and keeps its time', async () => {
    const live = showCircuit(name);
    expect((await sdk.values('redress.circuit.failure_ratio', 'circuit.name'))[name]).toBe(0.25);
    live.dispose();
    live.dispose();
    expect(await states()).toEqual(zero);
    expect((await sdk.values('redress.circuit.failure_ratio', 'circuit.name'))[name]).toBe(0);
    expect(await times()).toEqual({ ...zero, closed: 2 });
  });

  it('[breaker.one-per-name] that takes a name over takes its series over, and the counter goes on', async () => {
    const first = showCircuit(name, { timeInState: () => ({ ...zero, closed: 3_000, open: 1_000 }) });
    showCircuit(name, { state: () => 'open', timeInState: () => ({ ...zero, open: 500 }) });
    expect(await states()).toEqual({ ...zero, open: 1 });
    expect(await times()).toEqual({ ...zero, closed: 3, open: 1.5 });
    first.dispose();
    expect(await states()).toEqual({ ...zero, open: 1 });
    expect(await times()).toEqual({ ...zero, closed: 3, open: 1.5 });
  });

  it.each([Number.NaN, Infinity, -Infinity])('whose ratio is %p is not observed, and reads 0 where it was once', async (ratio) => {
    let reading = ratio;
    showCircuit(name, { failureRatio: () => reading });
    const ratios = async () => (await sdk.values('redress.circuit.failure_ratio', 'circuit.name'))[name];
    expect(await ratios()).toBeUndefined();
    reading = 0.5;
    expect(await ratios()).toBe(0.5);
    reading = ratio;
    expect(await ratios()).toBe(0);
    expect(await states()).toEqual({ ...zero, closed: 1 });
  });

  it('that no collection saw gives its name back when it is disposed', async () => {
    for (let n = 0; n < 400; n++) showCircuit(`gone ${n}`).dispose();
    showCircuit(name);
    expect(await states()).toEqual({ ...zero, closed: 1 });
  });
});

describe('a policy', () => {
  const budgetNow = async (): Promise<number | undefined> => (await sdk.values('redress.retry.budget', 'redress.policy'))[name];
  const abandoned = async (): Promise<number | undefined> => (await sdk.values('redress.attempt.abandoned', 'redress.policy'))[name];

  it('without a budget has no budget series', async () => {
    telemetry().policy({ policy: name });
    expect(await budgetNow()).toBeUndefined();
    expect(await abandoned()).toBe(0);
  });

  it('shows what its budget has at collection, and 0 once disposed', async () => {
    let left = 9;
    const policy = telemetry().policy(
      { policy: name },
      budget(() => left),
    );
    expect(await budgetNow()).toBe(9);
    left = 3;
    expect(await budgetNow()).toBe(3);
    policy.dispose();
    expect(await budgetNow()).toBe(0);
  });

  it('that takes a name over takes the budget over; disposing the one before changes nothing', async () => {
    const before = telemetry().policy(
      { policy: name },
      budget(() => 1),
    );
    telemetry().policy(
      { policy: name },
      budget(() => 2),
    );
    expect(await budgetNow()).toBe(2);
    before.dispose();
    expect(await budgetNow()).toBe(2);
  });

  it.each([
    { latest: 'a budget', of: budget(() => 2), shows: 2 },
    { latest: 'no budget', of: undefined, shows: 0 },
  ])('that takes a name over with $latest shows that alone, and 0 once disposed', async ({ of, shows }) => {
    telemetry().policy(
      { policy: name },
      budget(() => 1),
    );
    const latest = telemetry().policy({ policy: name }, of);
    expect(await budgetNow()).toBe(shows);
    latest.dispose();
    expect(await budgetNow()).toBe(0);
  });

  it('[call.abandoned-gauge] shows the functions that outlived their call, those of one before it under the name included', async () => {
    const before = telemetry().policy({ policy: name });
    const policy = telemetry().policy({ policy: name });
    before.abandoned(1);
    policy.abandoned(1);
    policy.abandoned(1);
    policy.abandoned(-1);
    expect(await abandoned()).toBe(2);
    before.dispose();
    before.abandoned(-1);
    expect(await abandoned()).toBe(1);
    policy.dispose();
    policy.dispose();
    expect(await abandoned()).toBe(0);
  });

  it('past maxRows shares `_other`: the smallest budget, the sum of abandoned functions', async () => {
    sdk.configure({ maxRows: 50 });
    const policies = Array.from({ length: 60 }, (_, n) =>
      telemetry().policy(
        { policy: `crowd ${n}` },
        budget(() => 100 - n),
      ),
    );
    for (const policy of policies) policy.abandoned(1);
    const values = await sdk.values('redress.attempt.abandoned', 'redress.policy');
    expect(Object.values(values).reduce((a, b) => a + b, 0)).toBe(60);
    expect((await sdk.values('redress.retry.budget', 'redress.policy'))._other).toBe(41);
    for (const policy of policies) policy.dispose();
    expect((await sdk.values('redress.attempt.abandoned', 'redress.policy'))._other).toBe(0);
    expect((await sdk.values('redress.retry.budget', 'redress.policy'))._other).toBe(0);
  });
});

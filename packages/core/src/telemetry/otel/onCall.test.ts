import { CircuitBreaker } from '../../gates/breaker/CircuitBreaker.js';
import { createRegistry } from '../../policy/Registry.js';
import type { PolicyOptions } from '../../policy/PolicyOptions.js';
import type { Policy } from '../../policy/Policy.js';
import { FakeClock } from '../../testing/FakeClock.js';
import { fixed } from '../../testing/fixedBackoffs.js';
import { type Listening, listen } from '../fixtures/listen.js';

/** What whoever is on call reads, told by real policies. */

let sdk: Listening;
let number = 0;
beforeEach(async () => {
  sdk = await listen({ logSeverity: 'DEBUG' });
});
afterEach(() => sdk.stop());

const failing =
  (status = 503, more: object = {}) =>
  (): never => {
    throw Object.assign(new Error(`status ${status}`), { status, ...more });
  };
const once = { trip: { type: 'consecutive', failures: 1 }, recoveryMs: 1_000 } as const;

function made(options: PolicyOptions): { readonly policy: Policy; readonly clock: FakeClock; readonly name: string } {
  const clock = new FakeClock();
  const name = `on call ${++number}`;
  return { policy: createRegistry().policy(name, { clock, ...options }), clock, name };
}

const retrying = (...delays: [number, ...number[]]): PolicyOptions => ({
  retry: { maxAttempts: delays.length + 1, backoff: fixed(...delays), budget: false },
});

/** Events of the only span that say how an attempt failed. */
const toldFailures = (): string[] =>
  sdk
    .spans()
    .flatMap(({ events }) =>
      events.filter(({ attributes }) => 'error.class' in attributes || 'redress.cause' in attributes).map(({ name }) => name),
    );

describe('a failed attempt is told by one event', () => {
  it('retry, and the last by what ends the call', async () => {
    const { policy, clock } = made(retrying(10, 20));
    await clock.until(policy.settle(failing()));
    expect(toldFailures()).toEqual(['retry', 'retry', 'max_attempts_exceeded']);
    const failures = (await sdk.series()).filter(({ name, attributes }) => name === 'redress.events' && 'error.class' in attributes);
    expect(failures.reduce((sum, one) => sum + (one.kind === 'histogram' ? 0 : one.value), 0)).toBe(3);
  });

  it('which a deadline after the wait does not tell again; the span has it', async () => {
    const { policy, clock } = made({ ...retrying(10, 20), timeoutMs: 25 });
    let calls = 0;
    await clock.until(policy.settle(() => (++calls === 1 ? failing()() : new Promise(() => undefined))));
    expect(toldFailures()).toEqual(['retry', 'deadline_exceeded']);
    expect(sdk.spans()[0]?.attributes).toMatchObject({ 'redress.stop_reason': 'DEADLINE_EXCEEDED' });
  });

  it('which a circuit that is found open after the wait does not tell again', async () => {
    const circuit = new CircuitBreaker({ ...once, name: `circuit ${number}` });
    const { policy, clock } = made({ ...retrying(50), circuitBreaker: circuit });
    const other = createRegistry().policy('other', { clock, retry: false, circuitBreaker: circuit });
    // Not counted by the circuit, so that the call waits.
    const call = policy.settle(failing(409));
    await other.settle(failing());
    expect(await clock.until(call)).toMatchObject({ stopReason: 'CIRCUIT_OPEN', errorClass: 'CONCURRENCY' });
    const span = sdk.spans().find(({ attributes }) => attributes['redress.policy'] !== 'other');
    expect(span?.attributes).toMatchObject({ 'redress.outcome': 'failure', 'error.class': 'CONCURRENCY', 'error.type': '409' });
    expect(span?.events.map(({ name }) => name)).toEqual(['retry', 'circuit_rejected', 'exception']);
    expect(span?.events[1]?.attributes).not.toHaveProperty(['error.class']);
    expect(span?.events[1]?.attributes).not.toHaveProperty(['redress.cause']);
  });
});

describe('the outcome of a call that a gate stopped', () => {
  it('is rejected when the function was never called, and a failure with its error when it was', async () => {
    const { policy, name } = made({ ...retrying(10), circuitBreaker: once });
    await policy.settle(failing());
    await policy.settle(() => 'never called');
    const [opener, refused] = sdk.spans();
    expect(opener?.attributes).toMatchObject({
      'redress.outcome': 'failure',
      'redress.stop_reason': 'CIRCUIT_OPEN',
      'error.class': 'SERVER_ERROR',
      'error.type': '503',
      'circuit.name': name,
    });
    expect(opener?.events.map((event) => event.name)).toEqual(['circuit_opened', 'circuit_rejected', 'exception']);
    expect(refused?.attributes).toMatchObject({ 'redress.outcome': 'rejected', 'circuit.name': name });
    expect(refused?.attributes).not.toHaveProperty(['error.class']);
    expect(await sdk.values('redress.retry.duration', 'redress.outcome', 'error.type')).toEqual({
      'failure 503': 1,
      'rejected undefined': 1,
    });
  });

  it('warns once an opening, is an error where the call had been attempted, and a retry is no warning', async () => {
    const { policy, clock } = made({ ...retrying(10), circuitBreaker: once });
    const severities = () =>
      sdk
        .logs()
        .filter(({ eventName }) => eventName === 'redress.circuit_rejected')
        .map(({ severityText }) => severityText);
    await policy.settle(failing());
    for (let call = 0; call < 3; call++) await policy.settle(failing());
    expect(severities()).toEqual(['ERROR', 'WARN', 'DEBUG', 'DEBUG']);
    await clock.advance(10_000);
    await policy.settle(failing());
    await policy.settle(failing());
    expect(severities().slice(4)).toEqual(['ERROR', 'WARN']);
  });

  it('names the circuit on the span of each call that it refused, that opened, probed or closed it, and on no other', async () => {
    const { policy, clock, name } = made({ retry: false, circuitBreaker: { ...once, probes: 2, successThreshold: 2 } });
    await policy.settle(() => 1);
    await policy.settle(failing());
    await clock.advance(10_000);
    await policy.settle(() => 1);
    await policy.settle(() => 1);
    expect(sdk.spans().map(({ attributes }) => attributes['circuit.name'])).toEqual([undefined, name, name, name]);
  });
});

describe('the events of a span', () => {
  it('say the wait first, to the millisecond, and what the server asked for; not whose they are', async () => {
    const { policy, clock } = made({ retry: { backoff: fixed(697.4988870306328, 697.4988870306328), budget: false } });
    let calls = 0;
    await clock.until(
      policy.settle(() => (++calls === 1 ? failing(429, { headers: { 'retry-after': '2' } })() : calls === 2 ? failing()() : 'ok')),
    );
    const [retry, another, success] = sdk.span().events;
    const waited = Number(retry?.attributes['redress.backoff.delay']);
    expect([waited >= 2, waited <= 2.4, waited === Math.round(waited * 1_000) / 1_000]).toEqual([true, true, true]);
    expect(Object.entries(retry?.attributes ?? {})).toEqual([
      ['retry.attempt', 1],
      ['redress.backoff.delay', waited],
      ['redress.retry_after', 2],
      ['error.class', 'RATE_LIMIT'],
      ['error.type', '429'],
      ['redress.cause', 'exception'],
    ]);
    expect(another?.attributes['redress.backoff.delay']).toBe(0.697);
    expect(another?.attributes).not.toHaveProperty(['redress.retry_after']);
    expect(success).toMatchObject({ name: 'success', attributes: { 'retry.attempt': 3 } });
    expect(sdk.span().attributes['redress.retried']).toBe(true);
    expect(sdk.logs()[0]?.attributes).toMatchObject({ 'redress.policy': policy.name, operation: policy.name });
  });

  it.each([Number.NaN, Infinity, -Infinity])("leave out a caller's %p, and a list with one, and keep the rest", async (value) => {
    const { policy } = made({});
    await policy.call(() => 1, { attributes: { price: value, prices: [1, value], sku: 'a1', good: [1, 2] } });
    expect(sdk.span().attributes).toMatchObject({ sku: 'a1', good: [1, 2] });
    expect(sdk.span().attributes).not.toHaveProperty('price');
    expect(sdk.span().attributes).not.toHaveProperty('prices');
  });
});

describe('metrics', () => {
  it('the failure ratio is that of the window as it is, then as the circuit left closed, then of the new window', async () => {
    const { policy, clock, name } = made({ retry: false, circuitBreaker: { trip: { type: 'rate', minimumCalls: 4 }, recoveryMs: 1_000 } });
    const ratio = async () => (await sdk.values('redress.circuit.failure_ratio', 'circuit.name'))[name];
    expect(await ratio()).toBe(0);
    await policy.settle(() => 1);
    await policy.settle(failing());
    expect(await ratio()).toBe(1 / 2);
    await policy.settle(failing());
    await policy.settle(failing());
    expect(policy.circuitBreaker?.state).toBe('open');
    expect(await ratio()).toBe(3 / 4);
    await clock.advance(10_000);
    expect(await ratio()).toBe(3 / 4);
    await policy.settle(() => 1);
    expect(await ratio()).toBe(0);
  });

  it.each([{ type: 'consecutive', failures: 1 } as const, { type: 'count', failures: 1, windowMs: 1_000 } as const])(
    'a circuit that trips on $type has no ratio',
    async (trip) => {
      const { policy, name } = made({ retry: false, circuitBreaker: { trip } });
      await policy.settle(failing());
      expect(await sdk.values('redress.circuit.failure_ratio', 'circuit.name')).not.toHaveProperty([name]);
    },
  );

  it('[telemetry.zero-rows] rare events have rows of 0 with the labels that are counted: no row is new when they happen', async () => {
    const { policy, clock } = made({
      retry: { maxAttempts: 2, backoff: fixed(10), budget: { max: 1, windowMs: 1e6 } },
      circuitBreaker: once,
    });
    const rows = async () =>
      (await sdk.series())
        .filter(({ name, attributes }) => name === 'redress.events' && attributes['redress.policy'] === policy.name)
        .map(({ attributes }) => JSON.stringify(Object.entries(attributes).sort()))
        .filter((row) => /circuit_|budget_exhausted/.test(row))
        .sort();
    await clock.until(policy.settle(failing(409)));
    const before = await rows();
    await policy.settle(failing(409));
    await policy.settle(failing(503));
    await policy.settle(() => 1);
    await clock.advance(10_000);
    await policy.settle(() => 1);
    policy.circuitBreaker?.forceOpen();
    const opened = sdk.spans().flatMap(({ events }) => events.map(({ name }) => name));
    expect(opened).toEqual(
      expect.arrayContaining(['budget_exhausted', 'circuit_opened', 'circuit_rejected', 'circuit_half_open', 'circuit_closed']),
    );
    // But for the refusal of a call that had failed: that tells its failure.
    const failedAndRefused = (row: string): boolean => row.includes('circuit_rejected') && row.includes('error.class');
    expect((await rows()).filter((row) => !failedAndRefused(row))).toEqual(before);
    // Four changes, a refusal, and one for each of the five classes that are retried.
    expect(before.filter((row) => row.includes('budget_exhausted'))).toHaveLength(5);
    expect(before).toHaveLength(10);
  });

  it('[telemetry.zero-rows] rows of 0 never take more than a quarter of maxRows', async () => {
    sdk.configure({ maxRows: 60 });
    for (let n = 0; n < 40; n++) await made({ circuitBreaker: {} }).policy.call(() => 1);
    const zeros = (await sdk.series()).filter((one) => one.name === 'redress.events' && one.kind !== 'histogram' && one.value === 0);
    expect(zeros.length).toBeLessThanOrEqual(15);
    expect(zeros.length).toBeGreaterThan(0);
  });

  it('calls under way are counted while they are, and those from before the SDK too', async () => {
    await sdk.stop();
    const { policy, name } = made({});
    let resolve = (): void => undefined;
    const call = policy.call(() => new Promise<void>((done) => (resolve = done)));
    sdk = await listen();
    const active = async () => (await sdk.values('redress.active_calls', 'redress.policy'))[name];
    expect(await active()).toBe(1);
    resolve();
    await call;
    expect(await active()).toBe(0);
  });

  it('time of attempts that failed is wasted, by class, whether there are spans or not', async () => {
    sdk.configure({ spans: 'never', logSeverity: 'OFF' });
    const { policy, clock, name } = made(retrying(100));
    let calls = 0;
    const fn = async (): Promise<string> => {
      await new Promise<void>((resolve) => clock.setTimeout(() => resolve(), 250));
      return ++calls === 1 ? failing()() : 'ok';
    };
    await clock.until(policy.settle(fn));
    expect(
      (await sdk.values('redress.wasted.time', 'redress.policy', 'error.class', 'redress.waste'))[`${name} SERVER_ERROR failed_attempt`],
    ).toBe(0.25);
  });

  it.each([
    { budget: { maxSaved: 7 }, limit: 7 },
    { budget: { max: 3, windowMs: 1_000 }, limit: 3 },
    { budget: false as const, limit: undefined },
  ])('a budget of $budget has the limit $limit', async ({ budget, limit }) => {
    const { name } = made({ retry: { budget } });
    expect((await sdk.values('redress.retry.budget_limit', 'redress.policy'))[name]).toBe(limit);
  });

  it('names that UTF-8 cannot tell apart are one row, and no name is longer than 255', async () => {
    const { policy } = made({ retry: false });
    for (const operation of ['\ud800', '\ud801', `${'a'.repeat(254)}\u{1F389}`, `${'a'.repeat(254)}\u{10348}`])
      await policy.call(() => 1, { operation });
    const attempts = await sdk.values('redress.attempts', 'redress.policy', 'operation');
    const own = Object.entries(attempts).filter(([key]) => key.startsWith(`${policy.name} `));
    expect(own).toEqual([
      [`${policy.name} \ufffd`, 2],
      [`${policy.name} ${'a'.repeat(254)}`, 2],
    ]);
  });
});

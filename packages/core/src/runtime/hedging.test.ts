import type { CallOptions } from './CallOptions.js';
import type { Policy } from '../policy/Policy.js';
import { createRegistry } from '../policy/Registry.js';
import type { PolicyOptions } from '../policy/PolicyOptions.js';
import { FakeClock } from '../testing/FakeClock.js';
import { fixed } from '../testing/fixedBackoffs.js';
import { inMemoryTelemetry } from '../testing/inMemoryTelemetry.js';
import type { TelemetryHarness } from '../testing/TelemetryHarness.js';
import { errorOf, hangs, heeds, scripted, type Step, withStatus } from './fixtures/script.js';

let telemetry: TelemetryHarness;
beforeAll(async () => {
  telemetry = await inMemoryTelemetry();
});
beforeEach(() => telemetry.reset());
afterAll(() => telemetry.shutdown());

let made = 0;

function setUp(steps: (clock: FakeClock) => readonly Step[], options: PolicyOptions = {}, call: CallOptions = {}) {
  const clock = new FakeClock();
  made += 1;
  const policy = createRegistry().policy(`hedged ${made}`, {
    clock,
    random: () => 0,
    hedge: { afterMs: 100 },
    retry: { backoff: fixed(1_000), budget: false },
    ...options,
  });
  const begun: number[] = [];
  const { fn, attempts } = scripted(...steps(clock));
  const run = (own = call) =>
    policy.settle((attempt) => {
      begun.push(clock.now());
      return fn(attempt);
    }, own);
  return { clock, policy, begun, attempts, run };
}

/** An attempt that gives a value, or rejects with an error, after so many milliseconds. */
const after =
  (ms: number, result: unknown) =>
  (clock: FakeClock): Step =>
  () =>
    clock.sleep(ms).then(() => {
      if (result instanceof Error) throw result;
      return result;
    });

const steps =
  (...made: readonly ((clock: FakeClock) => Step)[]) =>
  (clock: FakeClock): readonly Step[] =>
    made.map((make) => make(clock));

const hanging = (): Step => hangs;
const busy = () => withStatus(503);

describe('a hedged call', () => {
  it.each([
    { given: 'a quick answer', made: steps(after(99, 'first')), begun: [0], value: 'first', atMs: 99 },
    { given: 'a slow one', made: steps(after(500, 'first'), after(50, 'second')), begun: [0, 100], value: 'second', atMs: 150 },
    {
      given: 'one that comes after all',
      made: steps(after(120, 'first'), after(50, 'second')),
      begun: [0, 100],
      value: 'first',
      atMs: 120,
    },
    {
      given: 'several',
      made: steps(hanging, hanging, after(10, 'third')),
      options: { hedge: { afterMs: 100, maxHedged: 2 } },
      begun: [0, 100, 200],
      value: 'third',
      atMs: 210,
    },
    {
      given: 'no more than may be',
      made: steps(after(5_000, 'first'), hanging, hanging),
      begun: [0, 100],
      value: 'first',
      atMs: 5_000,
    },
  ])('[hedge.after] [hedge.max] $given: attempts at $begun, $value at $atMs', async ({ made: script, options, begun, value, atMs }) => {
    const { clock, run, begun: seen } = setUp(script, options);
    const outcome = await clock.until(run());
    expect(outcome).toMatchObject({ ok: true, value, attempts: begun.length, elapsedMs: atMs });
    expect(seen).toEqual(begun);
    expect(clock.now()).toBe(atMs);
  });

  it.each([
    { given: 'a failure', first: busy(), begun: [0, 10] },
    { given: 'a failure of which nobody knows what it is', first: errorOf.UNKNOWN(), begun: [0, 10] },
    { given: 'one that asks for a wait', first: withStatus(503, { 'retry-after': '3' }), begun: [0, 3_010] },
  ])('[hedge.on-failure] after $given attempts begin at $begun', async ({ first, begun }) => {
    const { clock, run, begun: seen } = setUp(steps(after(10, first), after(50, 'second')));
    expect(await clock.until(run())).toMatchObject({ ok: true, value: 'second' });
    expect(seen).toEqual(begun);
  });

  it('[hedge.on-failure] a failure leaves it to the attempts that run, and the last decides about a retry', async () => {
    const { clock, run, begun } = setUp(steps(after(300, busy()), after(100, busy()), after(1, 'third')));
    expect(await clock.until(run())).toMatchObject({ ok: true, value: 'third', attempts: 3 });
    expect(begun).toEqual([0, 100, 1_300]);
  });

  it('[hedge.fatal] what no attempt would change ends them all', async () => {
    const { clock, run, attempts } = setUp(steps(hanging, after(20, errorOf.PERMANENT())));
    expect(await clock.until(run())).toMatchObject({ ok: false, stopReason: 'NON_RETRYABLE_CLASS', attempts: 2, elapsedMs: 120 });
    expect(attempts[0]?.signal.aborted).toBe(true);
  });

  it('[hedge.losers] calls the losers off through their signals, after the value is there', async () => {
    const order: string[] = [];
    const watched: Step = ({ signal }) => {
      signal.addEventListener('abort', () => order.push(`aborted: ${String(signal.reason)}`));
      return new Promise(() => undefined);
    };
    const { clock, run, attempts } = setUp(steps(() => watched, after(10, 'second')));
    const call = run().then(() => order.push('settled'));
    await clock.until(call);
    expect(order).toEqual(['aborted: AbortError: Another attempt of this call succeeded', 'settled']);
    expect(attempts[1]?.signal.aborted).toBe(false);
  });

  it('[hedge.losers] a loser says nothing to the breaker, and its late end changes nothing', async () => {
    const { clock, run, policy } = setUp(steps(after(500, busy()), after(10, 'second'), after(500, busy()), after(10, 'second')), {
      circuitBreaker: { trip: { type: 'consecutive', failures: 1 } },
    });
    for (const _ of [1, 2]) expect(await clock.until(run())).toMatchObject({ ok: true, value: 'second' });
    await clock.advance(1_000);
    expect(policy.circuitBreaker?.state).toBe('closed');
  });

  it.each<{ given: string; options?: PolicyOptions; call?: CallOptions; meanwhile?: (policy: Policy) => void; then: number }>([
    { given: 'nothing forbids it', then: 2 },
    { given: 'the call is not idempotent', call: { idempotent: false }, then: 1 },
    { given: 'the call says so', call: { hedge: false }, then: 1 },
    { given: 'the call has no time for it', call: { timeoutMs: 100 }, then: 1 },
    { given: 'the circuit refuses', options: { circuitBreaker: {} }, meanwhile: (policy) => policy.circuitBreaker?.forceOpen(), then: 1 },
  ])('[hedge.not-when] makes $then attempts when $given', async ({ options, call, meanwhile, then }) => {
    const { clock, run, begun, policy } = setUp(steps(hanging), { timeoutMs: 1_000, ...options });
    const done = run(call);
    await clock.advance(50);
    meanwhile?.(policy);
    expect(await clock.until(done)).toMatchObject({ ok: false, stopReason: 'DEADLINE_EXCEEDED' });
    expect(begun).toHaveLength(then);
  });

  it('[hedge.budget] each costs a retry, none is made without, and one that a gate refuses costs nothing', async () => {
    const retry = { budget: { max: 1, windowMs: 60_000 }, backoff: fixed(1) };
    const { clock, run, begun, policy } = setUp(steps(hanging), { circuitBreaker: {}, retry, timeoutMs: 1_000 });
    const refused = run();
    await clock.advance(50);
    policy.circuitBreaker?.forceOpen();
    await clock.until(refused);
    policy.circuitBreaker?.reset();
    for (const attempts of [2, 1]) expect(await clock.until(run())).toMatchObject({ attempts });
    expect(begun).toEqual([0, 1_000, 1_100, 2_000]);
  });

  it('[hedge.timeouts] each attempt has its own time, and the call one for all', async () => {
    const own = setUp(steps(hanging, hanging, after(1, 'third')), { attemptTimeoutMs: 300 });
    expect(await own.clock.until(own.run({ timeline: true }))).toMatchObject({
      ok: true,
      value: 'third',
      timeline: [
        { atMs: 0, event: 'attempt', attempt: 1 },
        { atMs: 100, event: 'hedge', attempt: 2 },
        { atMs: 100, event: 'attempt', attempt: 2 },
        { atMs: 300, event: 'attempt_timeout', attempt: 1 },
        { atMs: 300, event: 'attempt_failed', attempt: 1 },
        { atMs: 400, event: 'attempt_timeout', attempt: 2 },
        { atMs: 400, event: 'retry', attempt: 2 },
        { atMs: 1_400, event: 'attempt', attempt: 3 },
        { atMs: 1_401, event: 'success', attempt: 3 },
      ],
    });
    const all = setUp(
      steps(() => heeds),
      { timeoutMs: 500 },
    );
    expect(await all.clock.until(all.run())).toMatchObject({ ok: false, stopReason: 'DEADLINE_EXCEEDED', attempts: 2, elapsedMs: 500 });
    expect(all.attempts.map(({ signal }) => signal.aborted)).toEqual([true, true]);
  });

  it('[hedge.abort] an abort ends all attempts', async () => {
    const controller = new AbortController();
    const { clock, run, attempts } = setUp(steps(() => heeds));
    const call = run({ signal: controller.signal });
    await clock.advance(150);
    controller.abort(new Error('enough'));
    expect(await call).toMatchObject({ ok: false, stopReason: 'ABORTED', attempts: 2 });
    expect(attempts.map(({ signal }) => signal.reason)).toEqual([new Error('enough'), new Error('enough')]);
    expect(clock.pending).toBe(0);
  });

  it('[hedge.abort] an abort before the hedge leaves no timer of it', async () => {
    const controller = new AbortController();
    const { clock, run, attempts } = setUp(steps(() => heeds));
    const call = run({ signal: controller.signal });
    await clock.advance(50);
    controller.abort(new Error('enough'));
    expect(await call).toMatchObject({ ok: false, stopReason: 'ABORTED', attempts: 1 });
    expect(clock.pending).toBe(0);
    await clock.advance(1_000);
    expect(attempts).toHaveLength(1);
  });

  it('[hedge.place] a loser that still runs holds the place of its call', async () => {
    const { clock, run, policy } = setUp(steps(after(500, 'late'), after(10, 'second')), { bulkhead: { maxConcurrent: 1 } });
    await clock.until(run());
    expect(policy.bulkhead?.inFlight).toBe(1);
    await clock.advance(1_000);
    expect(policy.bulkhead?.inFlight).toBe(0);
  });

  it('[hedge.quantile] hedges by what the attempts of the policy took, losers included', async () => {
    const script = (clock: FakeClock) => [...Array(100).fill(after(200, 'usual')(clock)), hangs, after(5, 'second')(clock)];
    const { clock, run, begun } = setUp(script, { hedge: { afterMs: { quantile: 0.95 } } });
    for (let each = 0; each < 100; each += 1) await clock.until(run());
    expect(begun).toHaveLength(100);
    const startMs = clock.now();
    expect(await clock.until(run())).toMatchObject({ ok: true, value: 'second', attempts: 2 });
    expect((begun.at(-1) ?? 0) - startMs).toBeGreaterThanOrEqual(200);
    expect((begun.at(-1) ?? 0) - startMs).toBeLessThanOrEqual(211);
  });

  it('[hedge.told] tells the hedge, the winner, the work that was thrown away, and each failure once', async () => {
    const { clock, run, policy } = setUp(steps(after(300, 'first'), after(50, busy()), hanging), {
      hedge: { afterMs: 100, maxHedged: 2 },
    });
    await clock.until(run());
    const [span] = telemetry.spans().filter(({ name }) => name === policy.name);
    expect(span?.attributes).toMatchObject({ 'redress.hedge.winner': 1, 'redress.attempt_count': 3, 'redress.retried': true });
    expect(span?.events.map(({ name, attributes }) => [name, attributes['retry.attempt'], attributes['error.type']])).toEqual([
      ['hedge', 2, undefined],
      ['attempt_failed', 2, '503'],
      ['hedge', 3, undefined],
      ['success', 3, undefined],
    ]);
    // The third, from its start at 150 ms until the first answered at 300.
    const lost = { 'redress.policy': policy.name, 'redress.waste': 'hedge_lost' };
    expect(await telemetry.counter('redress.wasted.time', lost)).toBeCloseTo(0.15, 9);
  });

  it.each<{ given: string; options: PolicyOptions; made: ReturnType<typeof steps>; told: readonly [string, number, string | undefined][] }>(
    [
      {
        given: 'a retry after the first of two',
        options: {},
        made: steps(after(300, busy()), after(50, withStatus(500)), after(1, 'third')),
        told: [
          ['hedge', 2, undefined],
          ['attempt_failed', 2, '500'],
          ['retry', 1, '503'],
          ['success', 3, undefined],
        ],
      },
      {
        given: 'the end by the first of two',
        options: { retry: { maxAttempts: 2, budget: false } },
        made: steps(after(300, busy()), after(50, withStatus(500))),
        told: [
          ['hedge', 2, undefined],
          ['attempt_failed', 2, '500'],
          ['max_attempts_exceeded', 1, '503'],
        ],
      },
      {
        given: 'a fallback for the first of two',
        options: { retry: { maxAttempts: 2, budget: false }, fallback: { value: 'else' } as never },
        made: steps(after(300, busy()), after(50, withStatus(500))),
        told: [
          ['hedge', 2, undefined],
          ['attempt_failed', 2, '500'],
          ['fallback_used', 1, '503'],
          ['success', 2, undefined],
        ],
      },
    ],
  )('[hedge.told-attempt] tells a failure under the number of the attempt that failed: $given', async ({ options, made, told }) => {
    const { clock, run, policy } = setUp(made, options, { timeline: true });
    const outcome = await clock.until(run());
    const [span] = telemetry.spans().filter(({ name }) => name === policy.name);
    const events = span?.events.filter(({ name }) => name !== 'exception') ?? [];
    expect(events.map(({ name, attributes }) => [name, attributes['retry.attempt'], attributes['error.type']])).toEqual(told);
    const entries = outcome.timeline?.filter(({ event }) => event !== 'attempt').map(({ event, attempt }) => [event, attempt]);
    expect(entries).toEqual(told.map(([name, attempt]) => [name, attempt]));
    await telemetry.conserve();
  });
});

describe('wrong options of a hedge', () => {
  it.each([
    [{}, 'hedge: afterMs must be a finite number of milliseconds above 0, or { quantile }; got undefined'],
    [{ afterMs: 0 }, 'hedge: afterMs must be a finite number of milliseconds above 0, or { quantile }; got 0'],
    [{ afterMs: 5, maxHedged: 0 }, 'hedge: maxHedged must be a whole number, at least 1; got 0'],
    [{ afterMs: { quantile: 1 } }, 'hedge: afterMs.quantile must be a number above 0 and below 1; got 1'],
    [{ afterMs: {} }, 'hedge: afterMs.quantile must be a number above 0 and below 1; got undefined'],
    [{ afterMs: 5, after: 5 }, 'hedge: unknown option after (5); known are afterMs, maxHedged'],
  ])('[call.options-validated] %j', (hedge, text) => {
    expect(() => createRegistry().policy('p', { hedge: hedge as never })).toThrow(new TypeError(`policy p, ${text}`));
  });
});

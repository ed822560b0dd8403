import { AsyncLocalStorage } from 'node:async_hooks';
import type { PolicyOptions } from '../../policy/PolicyOptions.js';
import { createRegistry } from '../../policy/Registry.js';
import type { CallOptions } from '../../runtime/CallOptions.js';
import { BlockableClock } from '../../runtime/fixtures/BlockableClock.js';
import { withStatus } from '../../runtime/fixtures/script.js';
import { FakeClock } from '../../testing/FakeClock.js';
import { inMemoryTelemetry } from '../../testing/inMemoryTelemetry.js';
import type { TelemetryHarness } from '../../testing/TelemetryHarness.js';
import { RateLimitError } from '../../model/errors/RateLimitError.js';
import type { RateLimiterOptions } from './options.js';
import { RateLimitedError } from './RateLimitedError.js';
import { RateLimiter } from './RateLimiter.js';

let telemetry: TelemetryHarness;
beforeAll(async () => {
  telemetry = await inMemoryTelemetry();
});
beforeEach(() => telemetry.reset());
afterAll(() => telemetry.shutdown());

let made = 0;

/** A policy with a limiter; `call` notes when its function was called, and gives the outcome. */
function setUp(rateLimiter: RateLimiterOptions | RateLimiter, options: PolicyOptions = {}, clock = new FakeClock()) {
  made += 1;
  const policy = createRegistry().policy(`limited ${made}`, { clock, random: () => 0.5, retry: false, rateLimiter, ...options });
  const begun: [string, number][] = [];
  const call = (name: string, own: CallOptions<string> = {}) =>
    policy.settle(() => {
      begun.push([name, clock.now()]);
      return name;
    }, own);
  const limiter = policy.rateLimiter;
  if (limiter === undefined) throw new Error('it has none');
  return { clock, policy, limiter, begun, call };
}

/** What an API throws that asks for a wait. */
const busy = (retryAfterMs?: number): never => {
  throw new RateLimitError('too many', { status: 429, retryAfterMs });
};

describe('a policy with a rate limiter', () => {
  it('[limiter.refuses] [limiter.retry-after] refuses at once what finds no permit, with the time to wait, and does not call its function', async () => {
    const { clock, policy, limiter, begun, call } = setUp({ limit: 2, windowMs: 1_000 });
    expect(await Promise.all([call('a'), call('b')])).toMatchObject([{ ok: true }, { ok: true }]);
    await clock.advance(200);
    expect(await call('refused')).toMatchObject({ ok: false, stopReason: 'RATE_LIMITED', attempts: 0, retryAfterMs: 300 });
    await expect(policy.call(() => 'refused')).rejects.toMatchObject({
      name: 'RateLimitedError',
      message: `Rate limiter ${policy.name} has no permits left of 2 in 1000 ms: again in 300 ms`,
      limiter: policy.name,
      retryAfterMs: 300,
      limit: 2,
      windowMs: 1_000,
      errorClass: 'RATE_LIMIT',
    });
    expect(begun).toEqual([
      ['a', 0],
      ['b', 0],
    ]);
    await clock.advance(300);
    expect(await call('again')).toMatchObject({ ok: true });
    expect([limiter.available, limiter.waiting, clock.pending]).toEqual([0, 0, 0]);
  });

  it('[limiter.fifo] [limiter.wait-bound] [limiter.retry-after] lets others wait, each for its turn, and refuses who would have to wait too long', async () => {
    const { clock, limiter, begun, call } = setUp({ limit: 10, burst: 1, maxWaitMs: 250 });
    const calls = ['a', 'b', 'c', 'd'].map((name) => call(name));
    expect([limiter.waiting, limiter.available]).toEqual([2, 0]);
    expect(await calls[3]).toMatchObject({ stopReason: 'RATE_LIMITED', retryAfterMs: 300 });
    await clock.advance(100);
    const late = call('late');
    await clock.advance(250);
    expect(await Promise.all([...calls.slice(0, 3), late])).toMatchObject([
      { ok: true, elapsedMs: 0 },
      { ok: true, elapsedMs: 100 },
      { ok: true, elapsedMs: 200 },
      { ok: true, elapsedMs: 200 },
    ]);
    expect(begun).toEqual([
      ['a', 0],
      ['b', 100],
      ['c', 200],
      ['late', 300],
    ]);
    expect([limiter.waiting, clock.pending]).toEqual([0, 0]);
  });

  it('[limiter.deadline] refuses at once what could not have its permits before its time is up, and gives who can what is left of it', async () => {
    const { clock, call, policy } = setUp({ limit: 10, burst: 1, maxWaitMs: 5_000 });
    void call('first');
    expect(await call('no time', { timeoutMs: 100 })).toMatchObject({ stopReason: 'RATE_LIMITED', retryAfterMs: 100, elapsedMs: 0 });
    const left: number[] = [];
    const waits = policy.settle(({ remainingMs }) => left.push(remainingMs), { timeoutMs: 101 });
    await clock.advance(100);
    expect(await waits).toMatchObject({ ok: true });
    expect(left).toEqual([1]);
  });

  it('[limiter.deadline] [limiter.no-permit-lost] a call whose time is over just as it gets its permit, as after a blocked loop, gives it back', async () => {
    const inner = new FakeClock();
    const clock = new BlockableClock(inner);
    const { limiter, begun, call } = setUp({ limit: 10, burst: 1, maxWaitMs: 5_000 }, { clock });
    void call('first');
    const late = call('late', { timeoutMs: 150 });
    clock.block(300);
    await inner.advance(100);
    expect(await late).toMatchObject({ stopReason: 'DEADLINE_EXCEEDED', attempts: 0 });
    expect(begun.map(([name]) => name)).toEqual(['first']);
    expect([limiter.available, limiter.waiting, inner.pending]).toEqual([1, 0, 0]);
  });

  it('[limiter.abort] a call whose parent ends while it waits ends too, and takes no permit', async () => {
    const { clock, limiter, begun, call } = setUp({ limit: 10, burst: 1, maxWaitMs: 5_000 });
    const outer = createRegistry().policy('around', { clock, retry: false });
    void call('first');
    let waits: ReturnType<typeof call> | undefined;
    await outer.call((parent) => {
      waits = call('waits', { parent });
    });
    expect(await waits).toMatchObject({ stopReason: 'ABORTED' });
    await clock.advance(100);
    expect([limiter.available, limiter.waiting]).toEqual([1, 0]);
    expect(begun.map(([name]) => name)).toEqual(['first']);
  });

  it('[limiter.abort] a call that is aborted while it waits ends with the reason, and those behind it move up', async () => {
    const { clock, limiter, begun, call } = setUp({ limit: 10, burst: 1, maxWaitMs: 5_000 });
    const controller = new AbortController();
    void call('first');
    const gone = call('gone', { signal: controller.signal });
    const next = call('next');
    await clock.advance(50);
    controller.abort('gone');
    expect(limiter.waiting).toBe(1);
    expect(await gone).toMatchObject({ stopReason: 'ABORTED', error: 'gone', attempts: 0 });
    await clock.advance(50);
    expect(await next).toMatchObject({ ok: true, elapsedMs: 100 });
    expect(begun.map(([name]) => name)).toEqual(['first', 'next']);
    const last = call('last', { signal: controller.signal });
    expect(await last).toMatchObject({ stopReason: 'ABORTED' });
    expect([limiter.waiting, clock.pending]).toEqual([0, 0]);
  });

  it('[limiter.hold] one 429 that asks for a wait holds all callers back, and those who may wait so long go on one by one', async () => {
    const { clock, policy, limiter, begun, call } = setUp({ limit: 10, maxWaitMs: 2_000 });
    await policy.settle(() => busy(1_000));
    expect([limiter.available, limiter.heldMs]).toEqual([0, 1_000]);
    const calls = ['a', 'b', 'c'].map((name) => call(name));
    await clock.advance(999);
    expect(begun).toEqual([]);
    await clock.advance(201);
    expect(await Promise.all(calls)).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
    expect(begun).toEqual([
      ['a', 1_000],
      ['b', 1_100],
      ['c', 1_200],
    ]);
    expect([limiter.heldMs, clock.pending]).toEqual([0, 0]);
  });

  it('[limiter.hold] refuses those who wait already and cannot wait so long, at once and with the time', async () => {
    const { clock, policy, call, limiter } = setUp({ limit: 10, burst: 2, maxWaitMs: 1_000 });
    const running = policy.settle(() => clock.sleep(50).then(() => busy(1_020)));
    void call('second');
    const [waits, cannot] = [call('waits'), call('cannot', { timeoutMs: 900 })];
    const patient = [call('patient')];
    await clock.advance(50);
    expect(await running).toMatchObject({ errorClass: 'RATE_LIMIT' });
    expect(await Promise.all([waits, cannot])).toMatchObject([
      { stopReason: 'RATE_LIMITED', retryAfterMs: 1_020, elapsedMs: 50, attempts: 0 },
      { stopReason: 'RATE_LIMITED', elapsedMs: 50 },
    ]);
    expect(await Promise.all(patient)).toMatchObject([{ stopReason: 'RATE_LIMITED', retryAfterMs: 1_020 }]);
    expect([limiter.waiting, limiter.heldMs]).toEqual([0, 1_020]);
  });

  it.each<{ given: string; fn: () => unknown; heldMs: number }>([
    { given: 'a 429 without a wait', fn: () => busy(), heldMs: 0 },
    { given: 'a wait of 0', fn: () => busy(0), heldMs: 0 },
    { given: 'a 429 that asks for an hour', fn: () => busy(3_600_000), heldMs: 60_000 },
    {
      given: 'a 503 with a wait',
      fn: () => Promise.reject(Object.assign(withStatus(503), { headers: { 'retry-after': '5' } })),
      heldMs: 0,
    },
    { given: 'a Response of 429', fn: () => new Response(null, { status: 429, headers: { 'retry-after': '5' } }), heldMs: 5_000 },
    { given: 'a refusal by a limiter inside', fn: () => Promise.reject(refusal()), heldMs: 0 },
    { given: 'a success', fn: () => 'fine', heldMs: 0 },
  ])('[limiter.hold-bound] after $given all are held back for $heldMs ms', async ({ fn, heldMs }) => {
    const { policy, limiter } = setUp({ limit: 10 });
    await policy.settle(fn);
    expect(limiter.heldMs).toBe(heldMs);
  });

  it('[limiter.cost] a call takes what it costs, by its own option or a preset, and never more than can be saved', async () => {
    const { clock, policy, limiter, call } = setUp({ limit: 10, maxWaitMs: 500 });
    expect(await call('dear', { cost: 8 })).toMatchObject({ ok: true });
    expect(limiter.available).toBe(2);
    expect(await policy.with({ cost: 8 }).settle(() => 1)).toMatchObject({ stopReason: 'RATE_LIMITED', retryAfterMs: 600 });
    expect(await policy.with({ cost: 8 }).settle(() => 1, { cost: 2 })).toMatchObject({ ok: true });
    expect(await call('never', { cost: 11 })).toMatchObject({ stopReason: 'RATE_LIMITED', retryAfterMs: Infinity });
    await expect(policy.call(() => 1, { cost: 11 })).rejects.toMatchObject({
      message: `Rate limiter ${policy.name} can never let this call through: it costs 11 permits, and no more than 10 can be saved`,
      errorClass: 'PERMANENT',
    });
    const waits = call('waits', { cost: 5 });
    await clock.advance(500);
    expect(await waits).toMatchObject({ ok: true, elapsedMs: 500 });
  });

  it.each([0, -1, Number.NaN, Infinity, '1'])('[call.options-validated] refuses a cost of %p', async (cost) => {
    const { policy } = setUp({ limit: 10 });
    const says = /cost must be a finite number above 0; got /;
    await expect(Reflect.apply(policy.call, policy, [() => 1, { cost }])).rejects.toThrow(says);
    await expect(Reflect.apply(RateLimiter.prototype.run, new RateLimiter({ limit: 1 }), [() => 1, { cost }])).rejects.toThrow(says);
  });

  it('[limiter.scope] by attempt each attempt takes a permit, by call all of a call take one', async () => {
    for (const [scope, available] of [
      ['attempt', 7],
      ['call', 9],
    ] as const) {
      const { clock, policy, limiter } = setUp({ limit: 10, windowMs: 1e6, scope }, { retry: { backoff: () => 10 } });
      const outcome = policy.settle(() => Promise.reject(withStatus(503)));
      await clock.advance(20);
      expect(await outcome).toMatchObject({ attempts: 3, stopReason: 'MAX_ATTEMPTS_GLOBAL' });
      expect(limiter.available).toBe(available);
    }
  });

  it('[limiter.retry] a retry that waits for its backoff may try when the permits are there by then, or soon enough after it', async () => {
    const { clock, policy } = setUp({ limit: 10, burst: 1 }, { retry: { backoff: () => 100 } });
    const outcome = policy.settle(({ number }) => (number === 1 ? Promise.reject(withStatus(503)) : number));
    await clock.advance(100);
    expect(await outcome).toMatchObject({ ok: true, value: 2 });
    const patient = setUp({ limit: 10, burst: 1, maxWaitMs: 90 }, { retry: { backoff: () => 10 } });
    const waits = patient.policy.settle(({ number }) => (number === 1 ? Promise.reject(withStatus(503)) : number));
    await patient.clock.advance(100);
    expect(await waits).toMatchObject({ ok: true, value: 2, elapsedMs: 100 });
  });

  it('[limiter.retry] one that would be refused ends the call before it sleeps, and costs the budget nothing', async () => {
    const failed = withStatus(503);
    const { policy } = setUp({ limit: 10, burst: 1 }, { retry: { backoff: () => 99, budget: { max: 5, windowMs: 1_000 } } });
    const outcome = await policy.settle(() => Promise.reject(failed));
    expect(outcome).toMatchObject({
      ok: false,
      stopReason: 'RATE_LIMITED',
      attempts: 1,
      elapsedMs: 0,
      retryAfterMs: 100,
      errorClass: 'SERVER_ERROR',
    });
    expect(outcome).toHaveProperty('error.cause', failed);
    expect(await telemetry.gauge('redress.retry.budget', { 'redress.policy': policy.name })).toBe(5);
  });

  it('[limiter.retry] a call that ends anyway ends with its own error', async () => {
    const failed = withStatus(503);
    const { policy } = setUp({ limit: 10, burst: 1 }, { retry: { maxAttempts: 1 } });
    expect(await policy.settle(() => Promise.reject(failed))).toMatchObject({ stopReason: 'MAX_ATTEMPTS_GLOBAL', error: failed });
    const late = setUp({ limit: 10, burst: 1 }, { timeoutMs: 50, attemptTimeoutMs: 50, retry: { backoff: () => 60 } });
    expect(await late.policy.settle(() => Promise.reject(failed))).toMatchObject({ stopReason: 'DEADLINE_EXCEEDED', error: failed });
  });

  it('[limiter.retry] a sleep handler is asked all the same: it may put the call off', async () => {
    const { policy } = setUp({ limit: 10, burst: 1 }, { retry: { backoff: () => 10, sleep: () => 'defer' } });
    expect(await policy.settle(() => Promise.reject(withStatus(503)))).toMatchObject({ stopReason: 'SCHEDULED', nextDelayMs: 10 });
  });

  it('[limiter.retry] one that finds others before it after all ends as a failure that was refused', async () => {
    const { clock, policy, call } = setUp({ limit: 10, burst: 1 }, { retry: { backoff: () => 150 } });
    const outcome = policy.settle(() => Promise.reject(withStatus(503)));
    await clock.advance(120);
    expect(await call('before it')).toMatchObject({ ok: true });
    await clock.advance(30);
    expect(await outcome).toMatchObject({ stopReason: 'RATE_LIMITED', attempts: 1, retryAfterMs: 70, errorClass: 'SERVER_ERROR' });
    const [span] = telemetry.spans().filter(({ attributes }) => attributes['redress.stop_reason'] === 'RATE_LIMITED');
    expect(span?.attributes).toMatchObject({ 'redress.outcome': 'failure', 'redress.attempt_count': 1, 'error.class': 'SERVER_ERROR' });
  });

  it('[limiter.neutral] a refusal is nothing to a breaker, inside or around', async () => {
    const circuitBreaker = { trip: { type: 'consecutive', failures: 1 } } as const;
    const { clock, policy, call } = setUp({ limit: 1 }, { circuitBreaker });
    await call('first');
    expect(await call('refused')).toMatchObject({ stopReason: 'RATE_LIMITED' });
    expect(policy.circuitBreaker?.state).toBe('closed');
    const outer = createRegistry().policy('around', {
      clock,
      circuitBreaker: { ...circuitBreaker, tripOn: ['RATE_LIMIT'] },
      retry: { maxAttempts: 2 },
    });
    const outcome = outer.settle(() => policy.call(() => 'in time'), { idempotent: false });
    await clock.advance(2_000);
    expect(await outcome).toMatchObject({ ok: true, attempts: 2 });
    expect(outer.circuitBreaker.state).toBe('closed');
  });

  it('[limiter.no-permit-lost] a circuit that refuses behind it gives the permit back', async () => {
    const { policy, limiter, call } = setUp(
      { limit: 3, windowMs: 1e6 },
      { circuitBreaker: { trip: { type: 'consecutive', failures: 1 } } },
    );
    await policy.settle(() => Promise.reject(withStatus(503)));
    expect(limiter.available).toBe(2);
    for (let more = 0; more < 5; more += 1) expect(await call('refused')).toMatchObject({ stopReason: 'CIRCUIT_OPEN' });
    expect(limiter.available).toBe(2);
  });

  it('[limiter.no-permit-lost] also to one who waits for it', async () => {
    const { clock, policy, limiter, call } = setUp(
      { limit: 10, burst: 1, maxWaitMs: 1_000 },
      { circuitBreaker: { trip: { type: 'consecutive', failures: 1 } } },
    );
    await policy.settle(() => Promise.reject(withStatus(503)));
    const waiting = [call('a'), call('b'), call('c')];
    await clock.advance(100);
    expect(await Promise.all(waiting)).toMatchObject([
      { stopReason: 'CIRCUIT_OPEN' },
      { stopReason: 'CIRCUIT_OPEN' },
      { stopReason: 'CIRCUIT_OPEN' },
    ]);
    expect([limiter.available, limiter.waiting, clock.pending]).toEqual([1, 0, 0]);
  });

  it('[limiter.hedge] a hedge takes a permit of its own, and never waits for one', async () => {
    const { clock, policy, limiter } = setUp({ limit: 10, burst: 1, maxWaitMs: 5_000 }, { hedge: { afterMs: 50 } });
    const begun: number[] = [];
    const slow = policy.settle(({ number }) => {
      begun.push(number);
      return clock.sleep(80).then(() => number);
    });
    await clock.advance(80);
    expect(await slow).toMatchObject({ ok: true, value: 1, attempts: 1 });
    expect([begun, limiter.waiting, clock.pending]).toEqual([[1], 0, 0]);
    await clock.advance(100);
    const roomy = setUp({ limit: 10, burst: 2, windowMs: 1e6 }, { hedge: { afterMs: 50 } });
    const hedged = roomy.policy.settle(({ number }) => roomy.clock.sleep(number === 1 ? 500 : 10).then(() => number));
    await roomy.clock.advance(60);
    expect(await hedged).toMatchObject({ ok: true, value: 2 });
    expect(roomy.limiter.available).toBe(0);
  });

  it('[limiter.shared] one that several policies share has its permits, its queue and its holds in all', async () => {
    const limiter = new RateLimiter({ limit: 10, burst: 1, maxWaitMs: 5_000, name: 'api' });
    const clock = new FakeClock({ startMs: 1_000 });
    const [one, other] = [setUp(limiter, {}, clock), setUp(limiter, {}, clock)];
    void one.call('a');
    void other.call('b');
    void one.call('c');
    expect(limiter.waiting).toBe(2);
    await clock.advance(200);
    expect([one.begun, other.begun]).toEqual([
      [
        ['a', 1_000],
        ['c', 1_200],
      ],
      [['b', 1_100]],
    ]);
    await clock.advance(100);
    await one.policy.settle(() => busy(1_000));
    expect([limiter.heldMs, one.limiter, other.limiter]).toEqual([1_000, limiter, limiter]);
    expect(await other.call('held', { timeoutMs: 500 })).toMatchObject({ stopReason: 'RATE_LIMITED', retryAfterMs: 1_000 });
  });

  it('[limiter.one-clock] policies of two clocks may not share one, and an update may take it to another', async () => {
    const limiter = new RateLimiter({ limit: 10, burst: 1, maxWaitMs: 5_000 });
    const registry = createRegistry();
    const [first, second] = [new FakeClock(), new FakeClock({ startMs: 1e6 })];
    const policy = registry.policy('first', { clock: first, rateLimiter: limiter });
    expect(() => registry.policy('second', { clock: second, rateLimiter: limiter })).toThrow(
      'policy second: rateLimiter must not be an instance that policies of another clock use: it has one clock',
    );
    await policy.call(() => 'takes the permit');
    await first.advance(40);
    registry.updatePolicy('first', { clock: second });
    const waits = policy.settle(() => 'waits');
    await second.advance(59);
    expect(limiter.waiting).toBe(1);
    await second.advance(1);
    expect(await waits).toMatchObject({ ok: true, elapsedMs: 60 });
  });

  it('[registry.update-keeps-state] [registry.update-new-state] an update keeps its permits where its options did not change, and makes new ones where they did', async () => {
    const registry = createRegistry();
    const policy = registry.policy('kept', { clock: new FakeClock(), rateLimiter: { limit: 2 } });
    const before = policy.rateLimiter;
    await policy.call(() => 1);
    registry.updatePolicy('kept', { timeoutMs: 5_000, rateLimiter: { limit: 2 } });
    expect(policy.rateLimiter).toBe(before);
    expect(policy.rateLimiter?.available).toBe(1);
    registry.updatePolicy('kept', { rateLimiter: { limit: 3 } });
    expect([policy.rateLimiter === before, policy.rateLimiter?.available]).toEqual([false, 3]);
    registry.updatePolicy('kept', { rateLimiter: false });
    expect(policy.rateLimiter).toBeUndefined();
  });

  it('[limiter.fifo] stands behind the bulkhead and before the breaker: who waits has a place there and no probe here', async () => {
    const { clock, policy, limiter, call } = setUp(
      { limit: 10, burst: 1, maxWaitMs: 1_000 },
      { bulkhead: { maxConcurrent: 2 }, circuitBreaker: { trip: { type: 'consecutive', failures: 1 }, recoveryMs: () => 90 } },
    );
    await policy.settle(() => Promise.reject(withStatus(503)));
    const calls = [call('waits'), call('waits too')];
    expect(await call('no place')).toMatchObject({ stopReason: 'BULKHEAD_FULL' });
    expect([limiter.waiting, policy.bulkhead?.inFlight]).toEqual([2, 2]);
    await clock.advance(200);
    expect(await Promise.all(calls)).toMatchObject([{ ok: true }, { ok: true }]);
  });

  it.each([true, false])(
    '[limiter.idle] a wait keeps the process alive as the policy says (%p), and an idle limiter has no timer',
    async (keepAlive) => {
      const { clock, call } = setUp({ limit: 10, burst: 1, maxWaitMs: 1_000 }, { keepAlive });
      await call('first');
      expect(clock.pending).toBe(0);
      const waits = call('waits');
      expect(clock.keepsAlive).toBe(keepAlive);
      await clock.advance(100);
      await waits;
      expect(clock.pending).toBe(0);
    },
  );

  it('[call.caller-context] who waited goes on in the context of its own caller', async () => {
    const storage = new AsyncLocalStorage<string>();
    const { clock, policy } = setUp({ limit: 10, burst: 1, maxWaitMs: 1_000 });
    const seen = ['a', 'b', 'c'].map((name) => storage.run(name, () => policy.call(() => storage.getStore())));
    await clock.advance(200);
    expect(await Promise.all(seen)).toEqual(['a', 'b', 'c']);
  });

  it.each<{ given: object; says: string }>([
    { given: {}, says: 'limit must be a whole number, at least 1; got undefined' },
    { given: { limit: 0 }, says: 'limit must be a whole number, at least 1; got 0' },
    { given: { limit: 1.5 }, says: 'limit must be a whole number, at least 1; got 1.5' },
    { given: { limit: 1, windowMs: 0 }, says: 'windowMs must be a finite number of milliseconds above 0; got 0' },
    { given: { limit: 1, burst: 0 }, says: 'burst must be a whole number, at least 1; got 0' },
    { given: { limit: 1, maxWaitMs: -1 }, says: 'maxWaitMs must be a finite number of milliseconds, at least 0; got -1' },
    { given: { limit: 1, maxWaitMs: Infinity }, says: 'maxWaitMs must be a finite number of milliseconds, at least 0; got Infinity' },
    { given: { limit: 1, scope: 'policy' }, says: 'scope must be one of attempt, call; got "policy"' },
    { given: { limit: 1, name: '' }, says: 'name must be a string that is not empty; got ""' },
    { given: { limit: 1, rate: 2 }, says: 'unknown option rate (2); known are limit, windowMs, burst, maxWaitMs, scope, name' },
  ])('[call.options-validated] [call.options-unknown] [call.options-thresholds] refuses $given', ({ given, says }) => {
    expect(() => Reflect.construct(RateLimiter, [given])).toThrow(new TypeError(`rate limiter: ${says}`));
    const options: PolicyOptions = Object.fromEntries([['rateLimiter', given]]);
    expect(() => createRegistry().policy('wrong', options)).toThrow(new TypeError(`policy wrong, rateLimiter: ${says}`));
  });
});

describe('[limiter.told] what telemetry has of a rate limiter', () => {
  it('a refused call: its span, its event with the time to wait, and its duration by outcome and reason', async () => {
    const { policy, call } = setUp({ limit: 3 });
    for (const name of ['a', 'b', 'c']) await call(name);
    await call('refused');
    const labels = { 'redress.policy': policy.name };
    expect(
      await telemetry.counter('redress.events', { ...labels, 'redress.event': 'rate_limited', 'redress.stop_reason': 'RATE_LIMITED' }),
    ).toBe(1);
    const [span] = telemetry.spans().filter(({ attributes }) => attributes['redress.stop_reason'] === 'RATE_LIMITED');
    expect(span).toMatchObject({ status: 'error', statusMessage: 'RATE_LIMITED' });
    expect(span?.attributes).toMatchObject({ 'redress.outcome': 'rejected', 'redress.attempt_count': 0 });
    expect(span?.events).toMatchObject([{ name: 'rate_limited', attributes: { 'redress.retry_after': 0.334 } }]);
  });

  it('of one that can never pass no time', async () => {
    const { call } = setUp({ limit: 3 });
    await call('never', { cost: 4 });
    const [span] = telemetry.spans();
    expect(span?.events[0]?.attributes).not.toHaveProperty('redress.retry_after');
  });

  it('its gauge, by policy, which reads 0 when the policy is gone', async () => {
    const { policy, call } = setUp({ limit: 5, windowMs: 1e6 });
    await call('a');
    const gauge = () => telemetry.gauge('redress.rate_limiter.available', { 'redress.policy': policy.name });
    expect(await gauge()).toBe(4);
    policy.dispose();
    expect(await gauge()).toBe(0);
  });
});

describe('[limiter.alone] a rate limiter without a policy', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] }));
  afterEach(() => jest.useRealTimers());

  it('runs as many as may, the others in order, and refuses the rest', async () => {
    const limiter = new RateLimiter({ limit: 10, burst: 1, maxWaitMs: 150, name: 'api' });
    const begun: string[] = [];
    const run = (name: string) => limiter.run(() => void begun.push(name));
    const calls = [run('a'), run('b')];
    await expect(run('c')).rejects.toThrow(new RateLimitedError({ limiter: 'api', retryAfterMs: 200, limit: 10, windowMs: 1_000 }));
    expect([limiter.waiting, jest.getTimerCount()]).toEqual([1, 1]);
    await jest.advanceTimersByTimeAsync(100);
    await Promise.all(calls);
    expect(begun).toEqual(['a', 'b']);
    expect([limiter.waiting, jest.getTimerCount()]).toEqual([0, 0]);
  });

  it('takes what a call costs, and never lets one through that costs too much', async () => {
    const limiter = new RateLimiter({ limit: 10 });
    expect(await limiter.run(() => 'dear', { cost: 9 })).toBe('dear');
    expect(limiter.available).toBe(1);
    await expect(limiter.run(() => 'never', { cost: 11 })).rejects.toMatchObject({ retryAfterMs: Infinity });
    await expect(limiter.run(() => Promise.reject(new Error('own')))).rejects.toThrow('own');
  });

  it('heeds a signal that has fired, or fires while it waits', async () => {
    const limiter = new RateLimiter({ limit: 10, burst: 1, maxWaitMs: 5_000 });
    await expect(limiter.run(() => 'never', { signal: AbortSignal.abort('before') })).rejects.toBe('before');
    await limiter.run(() => 'first');
    const controller = new AbortController();
    const gone = limiter.run(() => 'never', { signal: controller.signal });
    const next = limiter.run(() => 'next');
    controller.abort('while it waits');
    await expect(gone).rejects.toBe('while it waits');
    await jest.advanceTimersByTimeAsync(100);
    expect(await next).toBe('next');
    expect([limiter.waiting, jest.getTimerCount()]).toEqual([0, 0]);
  });

  it('refuses what is no function', async () => {
    await expect(Reflect.apply(RateLimiter.prototype.run, new RateLimiter({ limit: 1 }), [5])).rejects.toThrow(
      new TypeError('rateLimiter.run: fn must be a function; got 5'),
    );
  });
});

function refusal(): RateLimitedError {
  return new RateLimitedError({ limiter: 'inside', retryAfterMs: 5_000, limit: 1, windowMs: 1_000 });
}

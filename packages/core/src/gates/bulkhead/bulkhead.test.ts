import { createRegistry } from '../../policy/Registry.js';
import type { PolicyOptions } from '../../policy/PolicyOptions.js';
import { withStatus } from '../../runtime/fixtures/script.js';
import { FakeClock } from '../../testing/FakeClock.js';
import { inMemoryTelemetry } from '../../testing/inMemoryTelemetry.js';
import type { TelemetryHarness } from '../../testing/TelemetryHarness.js';
import { Bulkhead } from './Bulkhead.js';
import type { BulkheadPriority } from './callOptions.js';
import { BulkheadFullError } from './BulkheadFullError.js';
import type { BulkheadOptions } from './options.js';

let telemetry: TelemetryHarness;
beforeAll(async () => {
  telemetry = await inMemoryTelemetry();
});
beforeEach(() => telemetry.reset());
afterAll(() => telemetry.shutdown());

/** A function that runs until it is told to end, and knows how many of it run. */
class Work {
  running = 0;
  most = 0;
  readonly begun: string[] = [];
  private readonly ends: (() => void)[] = [];

  start(name: string): Promise<string> {
    this.begun.push(name);
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    return new Promise((resolve) => {
      this.ends.push(() => {
        this.running -= 1;
        resolve(name);
      });
    });
  }

  /** Ends the one that runs longest. */
  end(): void {
    this.ends.shift()?.();
  }
}

let made = 0;

function setUp(bulkhead: BulkheadOptions | Bulkhead, options: PolicyOptions = {}, clock = new FakeClock()) {
  const work = new Work();
  made += 1;
  const policy = createRegistry().policy(`full ${made}`, { clock, retry: false, bulkhead, ...options });
  const call = (name: string, signal?: AbortSignal, priority?: BulkheadPriority) =>
    policy.settle(() => work.start(name), { signal, priority });
  return { clock, policy, work, call };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a policy with a bulkhead', () => {
  it('[bulkhead.limit] [bulkhead.fifo] runs as many as may, and the others in the order in which they came', async () => {
    const { policy, work, call } = setUp({ maxConcurrent: 2, maxQueued: 2 });
    const calls = ['a', 'b', 'c', 'd'].map((name) => call(name));
    expect(work.begun).toEqual(['a', 'b']);
    expect([policy.bulkhead?.inFlight, policy.bulkhead?.queued]).toEqual([2, 2]);
    for (let end = 0; end < 4; end += 1) {
      work.end();
      await settled();
    }
    expect(await Promise.all(calls)).toMatchObject(['a', 'b', 'c', 'd'].map((value) => ({ ok: true, value })));
    expect(work.begun).toEqual(['a', 'b', 'c', 'd']);
    expect(work.most).toBe(2);
    expect([policy.bulkhead?.inFlight, policy.bulkhead?.queued]).toEqual([0, 0]);
  });

  it.each([
    { given: { maxConcurrent: 1 }, message: /^Bulkhead full \d+ is full: 1 run$/ },
    { given: { maxConcurrent: 1, maxQueued: 1 }, message: /^Bulkhead full \d+ is full: 1 run and 1 wait$/ },
    { given: { maxConcurrent: 1, name: 'db' }, message: /^Bulkhead db is full: 1 run$/ },
  ])(
    '[bulkhead.refuses-when-full] refuses at once what finds no place, and does not call its function: $given',
    async ({ given, message }) => {
      const { policy, work, call } = setUp(given);
      void call('a');
      if (given.maxQueued !== undefined) void call('b');
      const outcome = await call('refused');
      expect(outcome).toMatchObject({ ok: false, stopReason: 'BULKHEAD_FULL', attempts: 0, retryAfterMs: 0 });
      expect(work.begun).toEqual(['a']);
      await expect(policy.call(() => work.start('refused'))).rejects.toBeInstanceOf(BulkheadFullError);
      await expect(policy.call(() => work.start('refused'))).rejects.toThrow(message);
    },
  );

  it('[bulkhead.priority] lets in calls of a higher class first, presets included', async () => {
    const { policy, work, call } = setUp({ maxConcurrent: 1, maxQueued: 4 });
    const urgent = policy.with({ priority: 'high' });
    const calls = [call('first'), call('low', undefined, 'low'), call('normal'), urgent.settle(() => work.start('preset'))];
    calls.push(urgent.settle(() => work.start('own goes before preset'), { priority: 'low' }));
    for (let end = 0; end < 5; end += 1) {
      work.end();
      await settled();
    }
    expect(await Promise.all(calls)).toMatchObject([{ ok: true }, { ok: true }, { ok: true }, { ok: true }, { ok: true }]);
    expect(work.begun).toEqual(['first', 'preset', 'normal', 'low', 'own goes before preset']);
  });

  it('[bulkhead.displaces] the newest of the lowest class goes for one of a higher, and is refused as by a full queue', async () => {
    const { policy, work, call } = setUp({ maxConcurrent: 1, maxQueued: 2 });
    const first = call('first');
    const [low, newest] = [call('low', undefined, 'low'), policy.call(() => work.start('newest'), { priority: 'low' })];
    const high = call('high', undefined, 'high');
    await expect(newest).rejects.toThrow(new BulkheadFullError({ bulkhead: policy.name, maxConcurrent: 1, maxQueued: 2 }));
    expect(policy.bulkhead?.queued).toBe(2);
    for (let end = 0; end < 3; end += 1) {
      work.end();
      await settled();
    }
    expect(await Promise.all([first, high, low])).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
    expect(work.begun).toEqual(['first', 'high', 'low']);
    const told = { 'redress.policy': policy.name, 'redress.event': 'bulkhead_rejected' };
    expect(await telemetry.counter('redress.events', told)).toBe(1);
  });

  it.each([
    { given: 'urgent', says: /priority must be one of high, normal, low; got "urgent"$/ },
    { given: 1, says: /priority must be one of high, normal, low; got 1$/ },
  ])('[call.options-validated] refuses a priority $given', async ({ given, says }) => {
    const { policy } = setUp({ maxConcurrent: 1 });
    await expect(Reflect.apply(policy.call, policy, [() => 1, { priority: given }])).rejects.toThrow(says);
    expect(() => policy.with(Object.fromEntries([['priority', given]]))).toThrow(says);
    await expect(Reflect.apply(Bulkhead.prototype.run, new Bulkhead({ maxConcurrent: 1 }), [() => 1, { priority: given }])).rejects.toThrow(
      says,
    );
  });

  it('[bulkhead.abort-frees-place] a call that is aborted in the queue ends with the reason, and its place is free', async () => {
    const { work, call } = setUp({ maxConcurrent: 1, maxQueued: 1 });
    const controller = new AbortController();
    const first = call('first');
    const waiting = call('waiting', controller.signal);
    controller.abort('gone');
    expect(await waiting).toMatchObject({ stopReason: 'ABORTED', error: 'gone', attempts: 0 });
    const next = call('next');
    work.end();
    await first;
    await settled();
    work.end();
    expect(await next).toMatchObject({ ok: true });
    expect(work.begun).toEqual(['first', 'next']);
  });

  it('[bulkhead.timeout-covers-queue] the wait counts towards the timeout, and gives its place up at its end', async () => {
    const { clock, policy, work, call } = setUp({ maxConcurrent: 1, maxQueued: 1 }, { timeoutMs: 1_000 });
    void policy.settle(() => work.start('first'), { timeoutMs: 10_000 });
    const waiting = call('waiting');
    await clock.advance(999);
    expect(policy.bulkhead?.queued).toBe(1);
    await clock.advance(1);
    expect(await waiting).toMatchObject({ stopReason: 'DEADLINE_EXCEEDED', attempts: 0, elapsedMs: 1_000 });
    expect(policy.bulkhead?.queued).toBe(0);
    expect(work.begun).toEqual(['first']);
  });

  it('[bulkhead.timeout-covers-queue] what is left of the time after the wait is all that an attempt has', async () => {
    const { clock, policy, work } = setUp({ maxConcurrent: 1, maxQueued: 1 }, { timeoutMs: 1_000 });
    void policy.settle(() => work.start('first'));
    const left: number[] = [];
    const waiting = policy.settle((attempt) => left.push(attempt.remainingMs));
    await clock.advance(400);
    work.end();
    expect(await waiting).toMatchObject({ ok: true, elapsedMs: 400 });
    expect(left).toEqual([600]);
  });

  it('[bulkhead.holds-slot] a function that outlives its call holds its place until it ends', async () => {
    const { clock, policy, work, call } = setUp({ maxConcurrent: 1, maxQueued: 1 }, { timeoutMs: 100 });
    expect(await Promise.all([call('outlives'), clock.advance(100)])).toMatchObject([{ stopReason: 'DEADLINE_EXCEEDED' }, undefined]);
    expect(policy.bulkhead?.inFlight).toBe(1);
    const next = policy.settle(() => work.start('next'), { timeoutMs: 10_000 });
    await settled();
    expect(work.begun).toEqual(['outlives']);
    work.end();
    await settled();
    expect(work.begun).toEqual(['outlives', 'next']);
    work.end();
    expect(await next).toMatchObject({ ok: true });
    expect(policy.bulkhead?.inFlight).toBe(0);
  });

  it('[bulkhead.holds-slot] a call whose earlier attempt still runs holds one place, until both have ended', async () => {
    const { clock, policy, work } = setUp({ maxConcurrent: 1 }, { attemptTimeoutMs: 50, retry: { backoff: () => 10 } });
    const outcome = policy.settle(({ number }) => work.start(`attempt ${number}`));
    await clock.advance(60);
    expect(work.begun).toEqual(['attempt 1', 'attempt 2']);
    expect(policy.bulkhead?.inFlight).toBe(1);
    const [first, second] = [() => work.end(), () => work.end()];
    second();
    await settled();
    expect(policy.bulkhead?.inFlight).toBe(1);
    first();
    expect(await outcome).toMatchObject({ ok: true, attempts: 2 });
    expect(policy.bulkhead?.inFlight).toBe(0);
  });

  it('[bulkhead.one-place-a-call] a call and its retries share one place, its waits between them included', async () => {
    const { clock, policy, call } = setUp({ maxConcurrent: 1 }, { retry: { backoff: () => 100 } });
    const busy = withStatus(503);
    const retried = policy.settle(({ number }) => {
      if (number < 3) throw busy;
      return 'at last';
    });
    expect(await call('meanwhile')).toMatchObject({ stopReason: 'BULKHEAD_FULL' });
    await clock.advance(100);
    expect(await call('meanwhile')).toMatchObject({ stopReason: 'BULKHEAD_FULL' });
    await clock.advance(100);
    expect(await retried).toMatchObject({ ok: true, attempts: 3 });
    expect(policy.bulkhead?.inFlight).toBe(0);
  });

  it('[bulkhead.shared] one that several policies share has its places in all', async () => {
    const bulkhead = new Bulkhead({ maxConcurrent: 1 });
    const clock = new FakeClock();
    const [one, other] = [setUp(bulkhead, {}, clock), setUp(bulkhead, {}, clock)];
    const first = one.call('first');
    expect(await other.call('second')).toMatchObject({ stopReason: 'BULKHEAD_FULL' });
    one.work.end();
    await first;
    void other.call('third');
    expect(other.work.begun).toEqual(['third']);
    expect(one.policy.bulkhead).toBe(bulkhead);
  });

  it('[bulkhead.neutral] a refusal says nothing to a breaker around it, and is retried as nothing was done', async () => {
    const inner = setUp({ maxConcurrent: 1 });
    void inner.call('holds the place');
    const outer = createRegistry().policy('around', {
      clock: inner.clock,
      circuitBreaker: { trip: { type: 'consecutive', failures: 1 } },
      retry: { maxAttempts: 2, backoff: () => 10 },
    });
    const outcome = outer.settle(() => inner.policy.call(() => 'refused'), { idempotent: false });
    await inner.clock.advance(10);
    expect(await outcome).toMatchObject({ ok: false, attempts: 2, errorClass: 'TRANSIENT', stopReason: 'MAX_ATTEMPTS_GLOBAL' });
    expect(outer.circuitBreaker.state).toBe('closed');
  });

  it('stands outside of retry and breaker: a call that waits has no probe, and takes nothing from the budget', async () => {
    const { clock, policy, work, call } = setUp(
      { maxConcurrent: 1, maxQueued: 1 },
      { circuitBreaker: { trip: { type: 'consecutive', failures: 1 }, recoveryMs: () => 100 } },
    );
    await policy.settle(() => Promise.reject(withStatus(503)));
    await clock.advance(100);
    void call('probe');
    const waiting = call('waits');
    await settled();
    expect(work.begun).toEqual(['probe']);
    work.end();
    await settled();
    work.end();
    expect(await waiting).toMatchObject({ ok: true });
  });

  it.each<{ given: object; says: string }>([
    { given: {}, says: 'bulkhead: maxConcurrent must be a whole number, at least 1; got undefined' },
    { given: { maxConcurrent: 0 }, says: 'bulkhead: maxConcurrent must be a whole number, at least 1; got 0' },
    { given: { maxConcurrent: 1.5 }, says: 'bulkhead: maxConcurrent must be a whole number, at least 1; got 1.5' },
    { given: { maxConcurrent: 1, maxQueued: -1 }, says: 'bulkhead: maxQueued must be a whole number, at least 0; got -1' },
    { given: { maxConcurrent: 1, maxQueued: Infinity }, says: 'bulkhead: maxQueued must be a whole number, at least 0; got Infinity' },
    { given: { maxConcurrent: 1, name: '' }, says: 'bulkhead: name must be a string that is not empty; got ""' },
    { given: { maxConcurrent: 1, limit: 2 }, says: 'bulkhead: unknown option limit (2); known are maxConcurrent, maxQueued, name' },
  ])('[call.options-validated] [call.options-unknown] [call.options-thresholds] refuses $given', ({ given, says }) => {
    expect(() => Reflect.construct(Bulkhead, [given])).toThrow(new TypeError(says));
    const options: PolicyOptions = Object.fromEntries([['bulkhead', given]]);
    expect(() => createRegistry().policy('wrong', options)).toThrow(new TypeError(`policy wrong, ${says}`));
  });

  it('[registry.update-keeps-state] [registry.update-new-state] an update keeps its places where its options did not change, and makes new ones where they did', () => {
    const registry = createRegistry();
    const policy = registry.policy('kept', { bulkhead: { maxConcurrent: 1 } });
    const before = policy.bulkhead;
    registry.updatePolicy('kept', { timeoutMs: 5_000, bulkhead: { maxConcurrent: 1 } });
    expect(policy.bulkhead).toBe(before);
    registry.updatePolicy('kept', { bulkhead: { maxConcurrent: 2 } });
    expect(policy.bulkhead).not.toBe(before);
    registry.updatePolicy('kept', { bulkhead: false });
    expect(policy.bulkhead).toBeUndefined();
  });
});

describe('[bulkhead.told] what telemetry has of a bulkhead', () => {
  it('a refused call: its span, its event and its duration by outcome and reason', async () => {
    const { policy, call } = setUp({ maxConcurrent: 1 });
    void call('holds the place');
    await call('refused');
    const labels = { 'redress.policy': policy.name };
    expect(
      await telemetry.counter('redress.events', {
        ...labels,
        'redress.event': 'bulkhead_rejected',
        'redress.stop_reason': 'BULKHEAD_FULL',
      }),
    ).toBe(1);
    const [span] = telemetry.spans().filter(({ name }) => name === policy.name);
    expect(span).toMatchObject({ status: 'error', statusMessage: 'BULKHEAD_FULL' });
    expect(span?.attributes).toMatchObject({
      'redress.outcome': 'rejected',
      'redress.stop_reason': 'BULKHEAD_FULL',
      'redress.attempt_count': 0,
    });
    expect(span?.events.map(({ name }) => name)).toEqual(['bulkhead_rejected']);
  });

  it('its gauges, by policy, which read 0 when the policy is gone', async () => {
    const { policy, call } = setUp({ maxConcurrent: 2, maxQueued: 3 });
    for (const name of ['a', 'b', 'c']) void call(name);
    const gauges = async () => ({
      inFlight: await telemetry.gauge('redress.bulkhead.in_flight', { 'redress.policy': policy.name }),
      queued: await telemetry.gauge('redress.bulkhead.queued', { 'redress.policy': policy.name }),
      limit: await telemetry.gauge('redress.bulkhead.limit', { 'redress.policy': policy.name }),
    });
    expect(await gauges()).toEqual({ inFlight: 2, queued: 1, limit: 2 });
    policy.dispose();
    expect(await gauges()).toEqual({ inFlight: 0, queued: 0, limit: 0 });
  });
});

describe('[bulkhead.alone] a bulkhead without a policy', () => {
  it('runs as many as may, the others in order, and refuses the rest', async () => {
    const bulkhead = new Bulkhead({ maxConcurrent: 1, maxQueued: 1, name: 'files' });
    const work = new Work();
    const calls = ['a', 'b'].map((name) => bulkhead.run(() => work.start(name)));
    await settled();
    expect(work.begun).toEqual(['a']);
    await expect(bulkhead.run(() => work.start('c'))).rejects.toThrow(
      new BulkheadFullError({ bulkhead: 'files', maxConcurrent: 1, maxQueued: 1 }),
    );
    work.end();
    await settled();
    work.end();
    expect(await Promise.all(calls)).toEqual(['a', 'b']);
    expect([bulkhead.inFlight, bulkhead.queued, work.most]).toEqual([0, 0, 1]);
  });

  it('[bulkhead.displaces] refuses who has to go for a higher class', async () => {
    const bulkhead = new Bulkhead({ maxConcurrent: 1, maxQueued: 1, name: 'files' });
    const work = new Work();
    const first = bulkhead.run(() => work.start('first'));
    const low = bulkhead.run(() => work.start('low'), { priority: 'low', signal: new AbortController().signal });
    const high = bulkhead.run(() => work.start('high'), { priority: 'high' });
    await expect(low).rejects.toBeInstanceOf(BulkheadFullError);
    work.end();
    await first;
    await settled();
    work.end();
    expect(await high).toBe('high');
    expect([bulkhead.inFlight, bulkhead.queued]).toEqual([0, 0]);
  });

  it.each<{ given: string; fn: () => unknown }>([
    {
      given: 'throws',
      fn: () => {
        throw new Error('own');
      },
    },
    {
      given: 'rejects',
      fn: async () => {
        throw new Error('own');
      },
    },
  ])('gives the place back when the function $given, and rejects with its error', async ({ fn }) => {
    const bulkhead = new Bulkhead({ maxConcurrent: 1 });
    await expect(bulkhead.run(fn)).rejects.toThrow('own');
    expect(bulkhead.inFlight).toBe(0);
    expect(await bulkhead.run(() => 'next')).toBe('next');
  });

  it('heeds a signal that has fired, fires in the queue, or fires just as the place is given', async () => {
    const bulkhead = new Bulkhead({ maxConcurrent: 1, maxQueued: 2 });
    await expect(bulkhead.run(() => 'never', { signal: AbortSignal.abort('before') })).rejects.toBe('before');
    const work = new Work();
    const first = bulkhead.run(() => work.start('first'));
    const [early, late] = [new AbortController(), new AbortController()];
    const gone = bulkhead.run(() => 'never', { signal: early.signal });
    const crossed = bulkhead.run(() => 'never', { signal: late.signal });
    early.abort('in the queue');
    await expect(gone).rejects.toBe('in the queue');
    work.end();
    await first;
    late.abort('too late or not');
    const end = await crossed.catch((reason: unknown) => reason);
    expect(['never', 'too late or not']).toContain(end);
    await settled();
    expect([bulkhead.inFlight, bulkhead.queued]).toEqual([0, 0]);
  });

  it.each<{ given: string; more: object; when: 'before' | 'in the queue' }>([
    { given: 'without a reason that has fired', more: { aborted: true }, when: 'before' },
    { given: 'without a reason that fires in the queue', more: {}, when: 'in the queue' },
    {
      given: 'whose reason cannot be read',
      more: {
        get reason() {
          throw new Error('unreadable');
        },
      },
      when: 'in the queue',
    },
  ])('[call.rejects-abort-reason] rejects with an AbortError for a signal $given', async ({ more, when }) => {
    const bulkhead = new Bulkhead({ maxConcurrent: 1, maxQueued: 1 });
    const work = new Work();
    const first = bulkhead.run(() => work.start('first'));
    let fire = (): void => {};
    const listening = {
      aborted: false,
      addEventListener: (_: string, listener: () => void) => (fire = listener),
      removeEventListener: () => {},
    };
    const signal = Object.defineProperties(
      {},
      { ...Object.getOwnPropertyDescriptors(listening), ...Object.getOwnPropertyDescriptors(more) },
    );
    const gone = bulkhead.run(() => 'never', { signal: signal as AbortSignal });
    if (when === 'in the queue') fire();
    await expect(gone).rejects.toMatchObject({ name: 'AbortError' });
    expect(bulkhead.queued).toBe(0);
    work.end();
    await first;
    expect(bulkhead.inFlight).toBe(0);
  });

  it.each(['addEventListener', 'removeEventListener'])('[bulkhead.alone] loses no place to a signal whose %s throws', async (method) => {
    const bulkhead = new Bulkhead({ maxConcurrent: 1, maxQueued: 1 });
    const boom = (): never => {
      throw new Error('boom');
    };
    const signal = { aborted: false, addEventListener: () => {}, removeEventListener: () => {}, [method]: boom };
    const work = new Work();
    const first = bulkhead.run(() => work.start('first'));
    const next = bulkhead.run(() => 'ran', { signal: signal as unknown as AbortSignal }).catch((error: unknown) => error);
    work.end();
    await first;
    expect(await next).toEqual(method === 'addEventListener' ? new Error('boom') : 'ran');
    expect([bulkhead.inFlight, bulkhead.queued]).toEqual([0, 0]);
  });

  it('refuses what is no function', async () => {
    await expect(Reflect.apply(Bulkhead.prototype.run, new Bulkhead({ maxConcurrent: 1 }), [5])).rejects.toThrow(
      new TypeError('bulkhead.run: fn must be a function; got 5'),
    );
  });
});

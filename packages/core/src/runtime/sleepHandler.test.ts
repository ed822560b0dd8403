import type { CallOptions } from './CallOptions.js';
import { RetryScheduledError } from '../model/errors/RetryScheduledError.js';
import type { SleepContext, SleepDecision, SleepHandler } from '../model/Sleep.js';
import type { PolicyOptions } from '../policy/PolicyOptions.js';
import { createRegistry } from '../policy/Registry.js';
import { RetryBudget } from '../retry/budget/RetryBudget.js';
import { FakeClock } from '../testing/FakeClock.js';
import { fixed } from '../testing/fixedBackoffs.js';
import { gives, hangs, rejects, scripted, type Step, throws, withStatus } from './fixtures/script.js';

const busy = withStatus(503);

function setUp(options: PolicyOptions = {}) {
  const clock = new FakeClock();
  const policy = createRegistry().policy('sleepy', {
    clock,
    random: () => 0,
    ...options,
    retry: { backoff: fixed(100), ...(options.retry || {}) },
  });
  const settle = (call: CallOptions, ...steps: readonly Step[]) => {
    const { fn, attempts } = scripted(...steps);
    return { outcome: clock.until(policy.settle(fn, call)), attempts };
  };
  return { clock, policy, settle };
}

describe('a sleep handler', () => {
  it.each<{ given: string; handler: SleepHandler; then: object; at: number }>([
    { given: 'sleep', handler: () => 'sleep', then: { ok: true, attempts: 2 }, at: 100 },
    { given: 'a promise of sleep', handler: async () => 'sleep' as const, then: { ok: true, attempts: 2 }, at: 100 },
    {
      given: '[retry.sleep-defer] defer',
      handler: () => 'defer',
      then: { stopReason: 'SCHEDULED', nextDelayMs: 100, error: busy, attempts: 1 },
      at: 0,
    },
    {
      given: '[retry.sleep-defer] a promise of defer',
      handler: async () => 'defer' as const,
      then: { stopReason: 'SCHEDULED', nextDelayMs: 100 },
      at: 0,
    },
    { given: '[retry.sleep-abort] abort', handler: () => 'abort', then: { stopReason: 'ABORTED', attempts: 1 }, at: 0 },
    { given: '[retry.sleep-abort] a promise of abort', handler: async () => 'abort' as const, then: { stopReason: 'ABORTED' }, at: 0 },
    {
      given: 'a thenable',
      handler: () => ({ then: (tell: (decision: SleepDecision) => void) => tell('defer') }) as never,
      then: { stopReason: 'SCHEDULED' },
      at: 0,
    },
    {
      given: 'a throw',
      handler: () => {
        throw new Error('in the handler');
      },
      then: { ok: true, attempts: 2 },
      at: 100,
    },
    { given: 'a rejection', handler: () => Promise.reject(new Error('in the handler')), then: { ok: true, attempts: 2 }, at: 100 },
  ])('that answers $given', async ({ handler, then, at }) => {
    const { clock, settle } = setUp();
    const { outcome, attempts } = settle({ sleep: handler }, rejects(busy), gives('ok'));
    expect(await outcome).toMatchObject(then);
    expect(clock.now()).toBe(at);
    expect(attempts).toHaveLength(at > 0 ? 2 : 1);
    expect(clock.pending).toBe(0);
  });

  it.each([
    { given: 'another word', answer: 'later', got: '"later"' },
    { given: 'undefined', answer: undefined, got: 'undefined' },
    { given: 'a number', answer: 100, got: 'number' },
    { given: 'what has no text', answer: Object.create(null), got: 'object' },
  ])('[retry.sleep-invalid] that answers $given is a clear error', async ({ answer, got }) => {
    const budget = new RetryBudget({ max: 1, windowMs: 1e9 });
    const { settle } = setUp({ retry: { budget } });
    for (const sleep of [() => answer, async () => answer]) {
      const { outcome, attempts } = settle({ sleep: sleep as SleepHandler }, rejects(busy), gives('ok'));
      const settled = await outcome;
      expect(settled).toMatchObject({ ok: false, stopReason: 'NON_RETRYABLE_CLASS', errorClass: 'PERMANENT', attempts: 1 });
      const error = settled.ok ? undefined : settled.error;
      expect(error).toEqual(new TypeError(`policy sleepy: sleep must answer 'sleep', 'defer' or 'abort'; got ${got}`));
      expect((error as Error).cause).toBe(busy);
      expect(attempts).toHaveLength(1);
      expect(budget.remaining).toBe(1);
    }
  });

  it('is told what failed and how long it is to wait', async () => {
    const seen: [SleepContext, number][] = [];
    const { settle } = setUp({ timeoutMs: 1_000, retry: { backoff: fixed(100, 250) } });
    const sleep: SleepHandler = (context, delayMs) => {
      seen.push([context, delayMs]);
      return 'sleep';
    };
    const response = { status: 503, headers: new Headers() };
    await settle({ sleep, operation: 'get-stock' }, rejects(busy), gives(response), gives('ok')).outcome;
    expect(seen).toEqual([
      [
        {
          policy: 'sleepy',
          operation: 'get-stock',
          attempt: 1,
          errorClass: 'SERVER_ERROR',
          failedBy: 'exception',
          cause: busy,
          remainingMs: 1_000,
        },
        100,
      ],
      [
        {
          policy: 'sleepy',
          operation: 'get-stock',
          attempt: 2,
          errorClass: 'SERVER_ERROR',
          failedBy: 'result',
          cause: response,
          remainingMs: 900,
        },
        250,
      ],
    ]);
  });

  it('of a call takes the place of that of the policy', async () => {
    const { settle } = setUp({ retry: { sleep: () => 'abort' } });
    expect(await settle({}, rejects(busy)).outcome).toMatchObject({ stopReason: 'ABORTED' });
    expect(await settle({ sleep: () => 'defer' }, rejects(busy)).outcome).toMatchObject({ stopReason: 'SCHEDULED' });
    expect(await settle({ sleep: undefined }, rejects(busy)).outcome).toMatchObject({ stopReason: 'ABORTED' });
  });

  it.each([
    { given: 'in time', thinksMs: 800, then: { ok: true, attempts: 2, elapsedMs: 900 } },
    {
      given: '[retry.delay-must-fit] too late for the delay',
      thinksMs: 900,
      then: { stopReason: 'DEADLINE_EXCEEDED', error: busy, attempts: 1, elapsedMs: 900 },
    },
    { given: 'never', thinksMs: 1e6, then: { stopReason: 'DEADLINE_EXCEEDED', error: busy, attempts: 1, elapsedMs: 1_000 } },
  ])('[call.timeout-covers-waits] [call.rejects-same-error] that answers $given', async ({ thinksMs, then }) => {
    const { clock, settle } = setUp({ timeoutMs: 1_000 });
    const sleep = async (): Promise<SleepDecision> => {
      await clock.sleep(thinksMs);
      return 'sleep';
    };
    const { outcome } = settle({ sleep }, rejects(busy), gives('ok'));
    expect(await outcome).toMatchObject(then);
  });

  it('whose call was aborted meanwhile is not heard', async () => {
    const { clock, settle } = setUp();
    const controller = new AbortController();
    const sleep = async (): Promise<SleepDecision> => {
      await clock.sleep(50);
      return 'sleep';
    };
    clock.setTimeout(() => controller.abort('gone'), 20);
    const { outcome, attempts } = settle({ sleep, signal: controller.signal }, rejects(busy), gives('ok'));
    expect(await outcome).toMatchObject({ stopReason: 'ABORTED', error: 'gone', elapsedMs: 20 });
    await clock.runAll();
    expect(attempts).toHaveLength(1);
  });

  it('that aborts gives the retry back to the budget; one that defers does not', async () => {
    const budget = new RetryBudget({ max: 2, windowMs: 1e9 });
    const { settle } = setUp({ retry: { budget } });
    await settle({ sleep: () => 'abort' }, rejects(busy)).outcome;
    expect(budget.remaining).toBe(2);
    await settle({ sleep: () => 'defer' }, rejects(busy)).outcome;
    expect(budget.remaining).toBe(1);
  });

  it('[retry.deferral-no-breaker-failure] that defers is no failure beside that of the attempt', async () => {
    const { policy, settle } = setUp({ circuitBreaker: { trip: { type: 'consecutive', failures: 2 } } });
    await settle({ sleep: () => 'defer' }, rejects(busy)).outcome;
    expect(policy.circuitBreaker?.state).toBe('closed');
    const callScoped = setUp({ circuitBreaker: { scope: 'call', trip: { type: 'consecutive', failures: 1 } } });
    await callScoped.settle({ sleep: () => 'defer' }, rejects(busy)).outcome;
    expect(callScoped.policy.circuitBreaker?.state).toBe('closed');
  });
});

describe('[retry.resume] a call that goes on', () => {
  it('has the attempt number and the delay of the deferred one', async () => {
    const previous: (number | undefined)[] = [];
    const { policy, clock } = setUp({
      retry: {
        maxAttempts: 4,
        backoff: ({ previousDelayMs = 100 }) => {
          previous.push(previousDelayMs);
          return previousDelayMs * 2;
        },
      },
    });
    const deferred = await policy.call(throws(busy), { sleep: () => 'defer' }).catch((error: unknown) => error);
    if (!(deferred instanceof RetryScheduledError)) throw new Error('the call was to be deferred');
    expect(deferred.nextDelayMs).toBe(200);
    const { fn, attempts } = scripted(throws(busy), gives('ok'));
    const resume = { attempt: deferred.attempts, previousDelayMs: deferred.nextDelayMs };
    const outcome = await clock.until(policy.settle(fn, { resume }));
    expect(outcome).toMatchObject({ ok: true, attempts: 3, elapsedMs: 400 });
    expect(attempts.map(({ number }) => number)).toEqual([2, 3]);
    expect(previous).toEqual([100, 200]);
  });

  it.each([
    { attempt: 1, calls: 2 },
    { attempt: 2, calls: 1 },
    { attempt: 7, calls: 1 },
  ])('after attempt $attempt of 3 makes $calls more', async ({ attempt, calls }) => {
    const { settle } = setUp();
    const { outcome, attempts } = settle({ resume: { attempt } }, rejects(busy));
    expect(await outcome).toMatchObject({ stopReason: 'MAX_ATTEMPTS_GLOBAL', attempts: attempt + calls });
    expect(attempts).toHaveLength(calls);
  });
});

describe('beforeSleep', () => {
  it('[retry.before-sleep] gets the class and the real delay before each wait', async () => {
    const seen: unknown[] = [];
    const limited = withStatus(429, { 'retry-after': '2' });
    const hasty = withStatus(429, { 'retry-after': '0.05' });
    const { clock, settle } = setUp({
      retry: {
        maxAttempts: 4,
        beforeSleep: ({ errorClass, attempt, cause }, delayMs) => void seen.push([attempt, errorClass, cause, delayMs, clock.now()]),
      },
    });
    await settle({}, rejects(busy), rejects(limited), rejects(hasty), gives('ok')).outcome;
    expect(seen).toEqual([
      [1, 'SERVER_ERROR', busy, 100, 0],
      [2, 'RATE_LIMIT', limited, 2_000, 100],
      [3, 'RATE_LIMIT', hasty, 100, 2_100],
    ]);
  });

  it.each([
    {
      given: 'throws',
      beforeSleep: () => {
        throw new Error('before');
      },
    },
    { given: 'rejects', beforeSleep: () => Promise.reject(new Error('before')) },
    { given: 'never settles', beforeSleep: () => new Promise<void>(() => undefined) },
  ])('[retry.before-sleep-error] that $given changes nothing', async ({ beforeSleep }) => {
    const { settle } = setUp();
    expect(await settle({ beforeSleep }, rejects(busy), gives('ok')).outcome).toMatchObject({ ok: true, attempts: 2, elapsedMs: 100 });
  });

  it('of a call takes the place of that of the policy', async () => {
    const seen: string[] = [];
    const { settle } = setUp({ retry: { beforeSleep: () => void seen.push('policy') } });
    await settle({ beforeSleep: () => void seen.push('call') }, rejects(busy), gives('ok')).outcome;
    await settle({}, rejects(busy), gives('ok')).outcome;
    expect(seen).toEqual(['call', 'policy']);
  });

  it('is not called where nothing is waited for', async () => {
    const beforeSleep = jest.fn();
    const { settle } = setUp({ retry: { beforeSleep } });
    await settle({ sleep: () => 'defer' }, rejects(busy)).outcome;
    await settle({ retry: false }, rejects(busy)).outcome;
    expect(beforeSleep).not.toHaveBeenCalled();
  });
});

describe('[retry.keep-alive] a call that waits', () => {
  const waits: readonly { what: string; step: Step; call?: CallOptions }[] = [
    { what: 'its function', step: hangs },
    { what: 'its retry', step: rejects(busy) },
    { what: 'its sleep handler', step: rejects(busy), call: { sleep: () => new Promise<SleepDecision>(() => undefined) } },
  ];
  it.each(
    waits.flatMap((wait) => [
      { ...wait, given: 'by default', keepAlive: undefined, then: true },
      { ...wait, given: 'with keepAlive', keepAlive: true, then: true },
      { ...wait, given: 'without', keepAlive: false, then: false },
    ]),
  )('for $what, $given, keeps the process: $then', async ({ step, call, keepAlive, then }) => {
    const { clock, policy } = setUp({ keepAlive });
    const waiting = policy.settle(scripted(step, () => clock.sleep(10)).fn, call);
    await clock.advance(50);
    expect(clock.pending).toBe(1);
    expect(clock.keepsAlive).toBe(then);
    await clock.until(waiting);
  });

  it('[retry.idle-lets-go] keeps nothing when it is over', async () => {
    const { clock, settle } = setUp();
    await settle({}, rejects(busy), gives('ok')).outcome;
    expect(clock.keepsAlive).toBe(false);
    expect(clock.pending).toBe(0);
  });

  it('[retry.idle-lets-go] keeps the process by a real timer that another call left behind, and idle not', async () => {
    // Timers that keep the process; this is one turn and the ticks after it, in which nobody else makes or ends any. A call starts its
    // timer when the turn is over in which it began: no process ends within a turn.
    const tick = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));
    const held = (): number => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    const before = held();
    const policy = createRegistry().policy('sleepy');
    const over = policy.settle(gives('ok'));
    await tick();
    expect(held()).toBe(before);
    const controller = new AbortController();
    const waiting = policy.settle(hangs, { signal: controller.signal });
    await tick();
    expect(held()).toBe(before + 1);
    controller.abort('gone');
    expect(held()).toBe(before);
    expect(await over).toMatchObject({ ok: true });
    expect(await waiting).toMatchObject({ stopReason: 'ABORTED' });
  });
});

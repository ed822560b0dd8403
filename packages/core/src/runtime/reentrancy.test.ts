import type { CallOptions } from './CallOptions.js';
import type { PolicyOptions } from '../policy/PolicyOptions.js';
import { createRegistry } from '../policy/Registry.js';
import { FakeClock } from '../testing/FakeClock.js';
import { fixed } from '../testing/fixedBackoffs.js';
import { inMemoryTelemetry } from '../testing/inMemoryTelemetry.js';
import type { TelemetryHarness } from '../testing/TelemetryHarness.js';
import { gives, hangs, rejects, scripted, throws, withStatus, type Step } from './fixtures/script.js';

const busy = withStatus(503);

/** Wherever a call hands over to the user's code, that code may end the call. */
interface Place {
  readonly given: string;
  readonly steps: (abort: () => void, clock: FakeClock) => readonly Step[];
  readonly policy?: (abort: () => void) => PolicyOptions;
  readonly call?: (abort: () => void) => CallOptions;
  readonly attempts: number;
  readonly elapsedMs?: number;
}

const places: readonly Place[] = [
  {
    given: 'the function',
    steps: (abort) => [
      () => {
        abort();
        return 'ok';
      },
    ],
    attempts: 1,
  },
  {
    given: 'a function that then throws',
    steps: (abort) => [
      () => {
        abort();
        throw busy;
      },
    ],
    attempts: 1,
  },
  {
    given: 'classify',
    steps: () => [rejects(busy)],
    policy: (abort) => ({
      classify: () => {
        abort();
        return 'TRANSIENT';
      },
    }),
    attempts: 1,
  },
  {
    given: 'classifyResult that finds nothing',
    steps: () => [gives('ok')],
    policy: (abort) => ({
      classifyResult: () => {
        abort();
        return undefined;
      },
    }),
    attempts: 1,
  },
  {
    given: 'classifyResult that finds a failure',
    steps: () => [gives('bad')],
    call: (abort) => ({
      classifyResult: () => {
        abort();
        return 'TRANSIENT';
      },
    }),
    attempts: 1,
  },
  {
    given: 'a backoff',
    steps: () => [throws(busy)],
    policy: (abort) => ({
      retry: {
        backoff: () => {
          abort();
          return 10;
        },
      },
    }),
    attempts: 1,
  },
  {
    given: 'the sleep handler',
    steps: () => [throws(busy)],
    call: (abort) => ({
      sleep: () => {
        abort();
        return 'sleep';
      },
    }),
    attempts: 1,
  },
  {
    given: 'beforeSleep',
    steps: () => [throws(busy)],
    call: (abort) => ({ beforeSleep: abort }),
    attempts: 1,
  },
  {
    given: "the recovery time of the policy's breaker",
    steps: () => [throws(busy)],
    policy: (abort) => ({
      circuitBreaker: {
        trip: { type: 'consecutive', failures: 1 },
        recoveryMs: () => {
          abort();
          return 1_000;
        },
      },
    }),
    attempts: 1,
  },
  {
    given: 'the recovery time of a breaker that a slow success opens',
    steps: (_, clock) => [() => clock.sleep(5)],
    policy: (abort) => ({
      circuitBreaker: {
        trip: { type: 'rate', minimumCalls: 1, slowCallMs: 5 },
        recoveryMs: () => {
          abort();
          return 1_000;
        },
      },
    }),
    attempts: 1,
    elapsedMs: 5,
  },
  {
    given: 'a listener of the signal of an attempt that timed out',
    steps: (abort) => [
      ({ signal }) => {
        signal.addEventListener('abort', abort);
        return new Promise(() => undefined);
      },
    ],
    policy: () => ({ attemptTimeoutMs: 50 }),
    attempts: 1,
    elapsedMs: 50,
  },
  {
    given: 'random',
    steps: () => [throws(busy)],
    policy: (abort) => ({
      random: () => {
        abort();
        return 0.5;
      },
      retry: undefined,
    }),
    attempts: 1,
  },
];

describe('an abort from inside', () => {
  let telemetry: TelemetryHarness;
  beforeAll(async () => {
    telemetry = await inMemoryTelemetry();
  });
  beforeEach(() => telemetry.reset());
  afterAll(() => telemetry.shutdown());

  it.each(places)('[call.one-terminal-event] [retry.no-leftovers] $given ends the call once', async (place) => {
    const clock = new FakeClock();
    const controller = new AbortController();
    const abort = (): void => controller.abort('gone');
    const policy = createRegistry().policy('inside', { clock, retry: { backoff: fixed(100) }, ...place.policy?.(abort) });
    const { fn, attempts } = scripted(...place.steps(abort, clock));
    const settled = jest.fn();
    const outcome = policy.settle(fn, { signal: controller.signal, ...place.call?.(abort) });
    void outcome.then(settled);
    const { elapsedMs = 0 } = place;
    expect(await clock.until(outcome)).toMatchObject({ stopReason: 'ABORTED', error: 'gone', attempts: place.attempts, elapsedMs });
    expect(clock.pending).toBe(0);
    await clock.advance(60_000);
    expect(attempts).toHaveLength(place.attempts);
    expect(settled).toHaveBeenCalledTimes(1);
    const { span } = telemetry.expectOneCall().aborted().attempts(place.attempts);
    expect(span.events.filter(({ name }) => name === 'aborted')).toHaveLength(1);
    expect(span.events.at(-1)?.name).toBe('aborted');
    expect((await telemetry.histogram('redress.retry.duration')).count).toBe(1);
    policy.dispose();
  });

  it.each(['classifyResult', 'classify'] as const)(
    '%s that aborts gives the lease back once, as neither success nor failure',
    async (which) => {
      const controller = new AbortController();
      const judge = (): 'TRANSIENT' => {
        controller.abort('gone');
        return 'TRANSIENT';
      };
      const policy = createRegistry().policy('inside', {
        clock: new FakeClock(),
        [which]: judge,
        circuitBreaker: { trip: { type: 'consecutive', failures: 1 } },
      });
      const fn = which === 'classify' ? throws(busy) : gives('ok');
      const { signal } = controller;
      expect(await policy.settle(fn, { signal })).toMatchObject({ stopReason: 'ABORTED', attempts: 1 });
      expect(policy.circuitBreaker?.state).toBe('closed');
    },
  );

  it('[call.signal-quiet-after-settle] a classifier that aborts does not fire the signal of the attempt that has ended', async () => {
    const controller = new AbortController();
    const policy = createRegistry().policy('inside', { clock: new FakeClock(), classifyResult: () => void controller.abort() });
    let signal: AbortSignal | undefined;
    await policy.settle(
      (attempt) => {
        signal = attempt.signal;
      },
      { signal: controller.signal },
    );
    expect(signal?.aborted).toBe(false);
  });
});

describe('a call inside', () => {
  it('the function of the same policy has attempts, limits and an end of its own', async () => {
    const clock = new FakeClock();
    const policy = createRegistry().policy('inside', { clock, timeoutMs: 1_000, retry: { backoff: fixed(100) } });
    const inner = scripted(rejects(busy), gives('inner'));
    const outer = policy.settle(async ({ number }) => {
      const value = await policy.call(inner.fn, { timeoutMs: 500 });
      if (number === 1) throw busy;
      return `outer after ${String(value)}`;
    });
    expect(await clock.until(outer)).toMatchObject({ ok: true, value: 'outer after inner', attempts: 2, elapsedMs: 200 });
    expect(inner.attempts.map(({ number }) => number)).toEqual([1, 2, 1]);
    expect(clock.pending).toBe(0);
  });

  it('that fails fails the outer attempt, with an error that is classified as any', async () => {
    const clock = new FakeClock();
    const registry = createRegistry();
    const inner = registry.policy('inner', { clock, timeoutMs: 50, retry: false });
    const outer = registry.policy('outer', { clock, retry: { backoff: fixed(10) } });
    const outcome = await clock.until(outer.settle(() => inner.call(hangs)));
    expect(outcome).toMatchObject({ stopReason: 'MAX_ATTEMPTS_GLOBAL', errorClass: 'TRANSIENT', attempts: 3, elapsedMs: 170 });
  });
});

describe('a change of the policy inside the function', () => {
  it('dispose() lets the call go on', async () => {
    const clock = new FakeClock();
    const policy = createRegistry().policy('inside', { clock, retry: { backoff: fixed(100) } });
    const fn = scripted(() => {
      policy.dispose();
      throw busy;
    }, gives('ok')).fn;
    expect(await clock.until(policy.settle(fn))).toMatchObject({ ok: true, attempts: 2 });
  });

  it('updatePolicy() changes later calls, not this one', async () => {
    const clock = new FakeClock();
    const registry = createRegistry();
    const policy = registry.policy('inside', { clock, timeoutMs: 1_000, retry: { backoff: fixed(100) } });
    const fn = scripted(() => {
      registry.updatePolicy('inside', { retry: false, timeoutMs: 50 });
      throw busy;
    }, gives('ok')).fn;
    expect(await clock.until(policy.settle(fn))).toMatchObject({ ok: true, attempts: 2, elapsedMs: 100 });
    expect(await clock.until(policy.settle(throws(busy)))).toMatchObject({ attempts: 1, stopReason: 'MAX_ATTEMPTS_GLOBAL' });
    expect(await clock.until(policy.settle(hangs))).toMatchObject({ stopReason: 'DEADLINE_EXCEEDED', elapsedMs: 50 });
  });

  it('policy() under the same name lets the call go on', async () => {
    const clock = new FakeClock();
    const registry = createRegistry();
    const policy = registry.policy('inside', { clock, retry: { backoff: fixed(100) } });
    const fn = scripted(() => {
      registry.policy('inside', { clock, retry: false });
      throw busy;
    }, gives('ok')).fn;
    expect(await clock.until(policy.settle(fn))).toMatchObject({ ok: true, attempts: 2 });
  });

  it('forceOpen() does not touch the attempt in flight', async () => {
    const policy = createRegistry().policy('inside', { clock: new FakeClock(), circuitBreaker: {} });
    await expect(
      policy.call(() => {
        policy.circuitBreaker.forceOpen();
        return 'ok';
      }),
    ).resolves.toBe('ok');
    expect(policy.circuitBreaker.state).toBe('forced_open');
  });
});

import { mock } from 'node:test';
import type { Attempt } from '../model/Attempt.js';
import { createRegistry } from '../policy/Registry.js';
import { fixed } from '../testing/fixedBackoffs.js';
import { gives, hangs, rejects, scripted, withStatus } from './fixtures/script.js';

const busy = withStatus(503);
const setImmediateAtLoad = setImmediate;

/** Lets every promise job run, whatever is faked. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediateAtLoad(resolve));

interface FakeTimers {
  readonly given: string;
  /** Whether the clock moves with the timers. */
  readonly movesNow: boolean;
  on(): void;
  off(): void;
  tick(ms: number): Promise<void>;
}

const ofNodeTest = (given: string, movesNow: boolean, enable: () => void): FakeTimers => {
  const own = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout, Date: globalThis.Date };
  return {
    given,
    movesNow,
    on: () => {
      enable();
      // It mocks the globals of the process; a test of Jest has globals of its own.
      const outer = process.getBuiltinModule('node:vm').runInThisContext('globalThis') as typeof globalThis;
      const { setTimeout, clearTimeout, Date } = outer;
      Object.assign(globalThis, { setTimeout, clearTimeout }, movesNow ? { Date } : {});
    },
    off: () => {
      mock.timers.reset();
      Object.assign(globalThis, own);
    },
    tick: async (ms) => {
      await turn();
      mock.timers.tick(ms);
      await turn();
    },
  };
};

const ofJest = (given: string, options?: Parameters<typeof jest.useFakeTimers>[0]): FakeTimers => ({
  given,
  movesNow: true,
  on: () => void jest.useFakeTimers(options),
  off: () => void jest.useRealTimers(),
  tick: (ms) => jest.advanceTimersByTimeAsync(ms),
});

const all: readonly FakeTimers[] = [
  ofJest("Jest's fake timers"),
  ofJest("Jest's fake timers without performance", { doNotFake: ['performance'] }),
  ofJest("Jest's fake timers without microtasks", { doNotFake: ['nextTick', 'queueMicrotask'] }),
  ofNodeTest("node:test's mock timers with Date", true, () => mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000 })),
  ofNodeTest("node:test's mock timers without Date", false, () => mock.timers.enable({ apis: ['setTimeout'] })),
];

describe.each(all)('a policy with the default clock under $given', ({ on, off, tick, movesNow }) => {
  beforeEach(on);
  afterEach(off);
  const policyOf = () => createRegistry().policy('faked', { timeoutMs: 5_000, attemptTimeoutMs: 1_000, retry: { backoff: fixed(300) } });

  it('waits by the fake time, to the millisecond', async () => {
    const { fn, attempts } = scripted(rejects(busy), gives('ok'));
    const outcome = policyOf().settle(fn);
    await tick(299);
    expect(attempts).toHaveLength(1);
    await tick(1);
    expect(attempts).toHaveLength(2);
    const { elapsedMs, ...rest } = await outcome;
    expect(rest).toEqual({ ok: true, value: 'ok', attempts: 2 });
    // Not exactly: fake timers count from where performance.now was, which is no whole number.
    if (movesNow) expect(elapsedMs).toBeCloseTo(300, 6);
  });

  it('ends attempts and the call by the fake time', async () => {
    let settled = false;
    const outcome = policyOf().settle(hangs);
    void outcome.then(() => (settled = true));
    for (const ms of [1_000, 300, 1_000, 300, 999]) await tick(ms);
    expect(settled).toBe(false);
    await tick(1);
    expect(await outcome).toMatchObject({ stopReason: 'MAX_ATTEMPTS_GLOBAL', attempts: 3, error: { name: 'AttemptTimeoutError' } });
    const late = policyOf().settle(hangs, { timeoutMs: 700 });
    await tick(700);
    expect(await late).toMatchObject({ stopReason: 'DEADLINE_EXCEEDED', attempts: 1 });
  });

  it('opens and half-opens its circuit by the fake time', async () => {
    const policy = createRegistry().policy('faked', {
      retry: false,
      circuitBreaker: { trip: { type: 'consecutive', failures: 1 }, recoveryMs: () => 1_000 },
    });
    await policy.settle(rejects(busy));
    expect(policy.circuitBreaker.state).toBe('open');
    await tick(1_000);
    expect(policy.circuitBreaker.state).toBe(movesNow ? 'half_open' : 'open');
  });

  it('works with a wait of 0 ms', async () => {
    const policy = createRegistry().policy('faked', { retry: { backoff: () => 0 } });
    const outcome = policy.settle(scripted(rejects(busy), gives('ok')).fn);
    await tick(0);
    expect(await outcome).toMatchObject({ ok: true, attempts: 2 });
  });
});

describe('fake timers that come and go while a call runs', () => {
  afterEach(() => void jest.useRealTimers());

  it('leave a call with the timers it began with', async () => {
    const policy = createRegistry().policy('faked', { timeoutMs: 40 });
    const outcome = policy.settle(hangs);
    jest.useFakeTimers();
    jest.advanceTimersByTime(1e6);
    jest.useRealTimers();
    expect(await outcome).toMatchObject({ stopReason: 'DEADLINE_EXCEEDED', attempts: 1 });
  });
});

describe('real timers', () => {
  it('[retry.deadline-exact] never end a call before its time, and end it soon after', async () => {
    const policy = createRegistry().policy('real', { retry: { backoff: fixed(5) } });
    const startedMs = performance.now();
    const outcomes = await Promise.all([7, 20.5, 33].map((timeoutMs) => policy.settle(hangs, { timeoutMs })));
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    for (const [index, timeoutMs] of [7, 20.5, 33].entries()) expect(outcomes[index]?.elapsedMs).toBeGreaterThanOrEqual(timeoutMs);
    const error = await policy.call(hangs, { timeoutMs: 11.3 }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: 'The call ran out of its 11.3 ms', timeoutMs: 11.3 });
  });

  it('wait at least as long as the backoff says', async () => {
    const policy = createRegistry().policy('real', { retry: { backoff: fixed(15) } });
    const outcome = await policy.settle(scripted(rejects(busy), gives('ok')).fn);
    expect(outcome.elapsedMs).toBeGreaterThanOrEqual(15);
    expect(outcome.elapsedMs).toBeLessThan(1_000);
  });

  it('show a remaining time that falls', async () => {
    const policy = createRegistry().policy('real', { attemptTimeoutMs: 500 });
    const fn = async (attempt: Attempt): Promise<readonly number[]> => {
      const first = attempt.remainingMs;
      await new Promise((resolve) => setTimeout(resolve, 5));
      return [first, attempt.remainingMs];
    };
    const [first = 0, later = 0] = await policy.call(fn);
    expect(first).toBeLessThanOrEqual(500);
    expect(later).toBeLessThanOrEqual(first - 4);
  });
});

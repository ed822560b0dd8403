import type { SleepHandler } from '../model/Sleep.js';
import type { PolicyOptions } from '../policy/PolicyOptions.js';
import { createRegistry } from '../policy/Registry.js';
import { retryAfterOr } from '../backoff/retryAfterOr.js';
import { fullJitter } from '../backoff/fullJitter.js';
import { Bulkhead } from '../gates/bulkhead/Bulkhead.js';
import { RetryBudget } from '../retry/budget/RetryBudget.js';
import { FakeClock } from '../testing/FakeClock.js';
import { fixed } from '../testing/fixedBackoffs.js';

const busy = Object.assign(new Error('busy'), { status: 503 });
const asking = Object.assign(new Error('busy'), { status: 503, headers: { 'retry-after': '2' } });
const boom = (): never => {
  throw new Error('boom');
};
const once = { trip: { type: 'consecutive', failures: 1 } } as const;

/** When the attempts of a call that always fails began. */
async function attemptsOf(options: PolicyOptions, error = busy) {
  const clock = new FakeClock();
  const policy = createRegistry().policy('strange', { clock, ...options });
  const startsMs: number[] = [];
  const outcome = await clock.until(
    policy.settle(() => {
      startsMs.push(clock.now());
      throw error;
    }),
  );
  return { startsMs, outcome };
}

describe('[call.chance-sanitised] a random that gives', () => {
  const strange: readonly { gives: string; random: () => unknown }[] = [
    { gives: 'NaN', random: () => Number.NaN },
    { gives: 'a promise', random: () => Promise.resolve(0.5) },
    { gives: 'a promise that is rejected', random: () => Promise.reject(new Error('late')) },
    { gives: 'nothing', random: () => undefined },
    { gives: 'a text', random: () => '0.5' },
    { gives: 'less than 0', random: () => -5 },
    { gives: 'more than 1', random: () => 1e9 },
    { gives: 'Infinity', random: () => Infinity },
    { gives: 'what it throws', random: boom },
  ];
  it.each(
    strange.flatMap((each) => [
      { ...each, updated: false },
      { ...each, updated: true },
    ]),
  )('$gives leaves waits and open times what they are (updated: $updated)', async ({ random, updated }) => {
    const wrong = { random: random as () => number };
    for (const backoff of [undefined, () => Number.NaN]) {
      const { startsMs } = await attemptsOf({ ...wrong, retry: { backoff } });
      expect(startsMs).toHaveLength(3);
      expect(startsMs[1]).toBeGreaterThan(0);
      expect(startsMs[2]).toBeGreaterThan(startsMs[1] ?? 0);
    }
    for (const backoff of [fullJitter(), retryAfterOr(fixed(1), { jitterMs: 100 }), fixed(1)]) {
      const { startsMs } = await attemptsOf({ ...wrong, retry: { backoff, maxAttempts: 2 } }, asking);
      expect(startsMs[1]).toBeGreaterThanOrEqual(2_000);
      expect(startsMs[1]).toBeLessThanOrEqual(2_400);
    }
    const registry = createRegistry();
    const options = { clock: new FakeClock(), retry: false, circuitBreaker: once } as const;
    const made = registry.policy('p', updated ? options : { ...options, ...wrong });
    if (updated) registry.updatePolicy('p', { ...wrong, circuitBreaker: { ...once, probes: 2 } });
    await made.settle(boom);
    const refused = await made.settle(() => 1);
    if (refused.ok || refused.stopReason !== 'CIRCUIT_OPEN') throw new Error('it was to be refused');
    expect(refused.retryAfterMs).toBeGreaterThanOrEqual(4_000);
    expect(refused.retryAfterMs).toBeLessThanOrEqual(6_000);
  });
});

describe('a promise of a sleep handler with a then of its own', () => {
  type Answer = (decision: 'sleep' | 'defer' | 'abort') => void;
  const own = (then: (answer: Answer) => void) => Object.defineProperty(Promise.resolve('sleep' as const), 'then', { value: then });
  const cases: readonly {
    given: string;
    then: (answer: Answer) => void;
    stopReason: string;
    attempts: number;
    waits: number;
    left: number;
  }[] = [
    {
      given: 'that answers twice',
      then: (answer) => {
        answer('defer');
        answer('sleep');
      },
      stopReason: 'SCHEDULED',
      attempts: 1,
      waits: 0,
      left: 4,
    },
    {
      given: 'that says sleep twice',
      then: (answer) => {
        answer('sleep');
        answer('sleep');
      },
      stopReason: 'MAX_ATTEMPTS_GLOBAL',
      attempts: 3,
      waits: 2,
      left: 3,
    },
    {
      given: 'that answers and throws',
      then: (answer) => {
        answer('abort');
        boom();
      },
      stopReason: 'ABORTED',
      attempts: 1,
      waits: 0,
      left: 5,
    },
  ];
  it.each(cases)('[retry.one-answer] $given has answered once', async ({ then, stopReason, attempts, waits, left }) => {
    const budget = new RetryBudget({ maxSaved: 5, minPerSecond: 0, ratio: 0.000_1 });
    let waited = 0;
    const sleep: SleepHandler = () => own(then);
    const beforeSleep = (): void => void (waited += 1);
    const { outcome } = await attemptsOf({ retry: { budget, sleep, beforeSleep, backoff: fixed(1) } });
    expect({ ...outcome, waited, left: budget.remaining }).toMatchObject({ stopReason, attempts, waited: waits, left });
  });
});

describe('[budget.called-off] a retry that is called off before its wait', () => {
  it.each(['beforeSleep', 'sleep', 'backoff'] as const)('in %s gives its token back', async (hook) => {
    const clock = new FakeClock();
    const controller = new AbortController();
    const abort = (): undefined => void controller.abort('mine');
    const hooks = {
      beforeSleep: { beforeSleep: abort },
      sleep: { sleep: () => abort() ?? ('sleep' as const) },
      backoff: { backoff: () => abort() ?? 1 },
    };
    const budget = new RetryBudget({ maxSaved: 5, minPerSecond: 0, ratio: 0.000_1 });
    const policy = createRegistry().policy('p', { clock, retry: { budget, ...hooks[hook] } });
    const outcome = await clock.until(policy.settle(() => Promise.reject(busy), { signal: controller.signal }));
    expect(outcome).toMatchObject({ stopReason: 'ABORTED', attempts: 1 });
    expect(budget.remaining).toBe(5);
    expect(clock.pending).toBe(0);
  });
});

describe('[call.always-settles] what breaks', () => {
  const silent = { aborted: false, addEventListener: () => {}, removeEventListener: () => {} };
  const signalOf = (more: object): AbortSignal => Object.create(silent, Object.getOwnPropertyDescriptors(more)) as AbortSignal;
  it('a signal that cannot be listened to, holds no place', async () => {
    const bulkhead = new Bulkhead({ maxConcurrent: 1 });
    const policy = createRegistry().policy('p', { bulkhead });
    const outcome = await policy.settle(() => 1, { signal: signalOf({ addEventListener: boom }) });
    expect(outcome).toMatchObject({ ok: false, error: new Error('boom') });
    expect(bulkhead.inFlight).toBe(0);
  });

  it('a signal whose reason cannot be read, ends its call with an AbortError', async () => {
    let fire = (): void => {};
    const signal = signalOf({
      get reason() {
        return boom();
      },
      addEventListener: (_: string, listener: { handleEvent(): void }) => {
        fire = () => listener.handleEvent();
      },
    });
    const call = createRegistry()
      .policy('p', {})
      .call(() => new Promise(() => {}), { signal });
    fire();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  });
});

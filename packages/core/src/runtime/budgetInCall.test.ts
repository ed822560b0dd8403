import { RetryBudget } from '../retry/budget/RetryBudget.js';
import type { PolicyOptions } from '../policy/PolicyOptions.js';
import type { RetryOptions } from '../retry/options.js';
import { createRegistry } from '../policy/Registry.js';
import { FakeClock } from '../testing/FakeClock.js';
import { fixed, instant } from '../testing/fixedBackoffs.js';
import { inMemoryTelemetry } from '../testing/inMemoryTelemetry.js';
import { gives, scripted, throws, withStatus } from './fixtures/script.js';

const busy = withStatus(503);

function setUp(retry: RetryOptions = {}, options: PolicyOptions = {}, clock = new FakeClock()) {
  const policy = createRegistry().policy('budgeted', { clock, retry: { backoff: instant(), maxAttempts: 2, ...retry }, ...options });
  /** Of so many calls that fail, how many were retried. */
  const retried = async (calls: number): Promise<number> => {
    let count = 0;
    for (let call = 0; call < calls; call++) count += (await policy.settle(throws(busy))).attempts - 1;
    return count;
  };
  const succeed = async (calls: number): Promise<void> => {
    for (let call = 0; call < calls; call++) await policy.call(gives('ok'));
  };
  return { clock, policy, retried, succeed };
}

describe('the default budget', () => {
  it('[budget.default-on] [budget.default-saved] of a new policy has ten retries saved, then fails the rest', async () => {
    const { retried, policy } = setUp();
    // Each of these calls grants a fifth of a retry besides.
    expect(await retried(10)).toBe(10);
    expect(await retried(2)).toBe(2);
    expect(await policy.settle(throws(busy))).toMatchObject({ stopReason: 'BUDGET_EXHAUSTED' });
  });

  it('[budget.default-ratio] grants 20 % of the calls', async () => {
    const { retried } = setUp();
    await retried(100);
    const before = await retried(100);
    expect(before).toBe(20);
  });

  it('[budget.default-per-second] grants one retry a second beside them', async () => {
    const { clock, retried, succeed } = setUp();
    await retried(100);
    await clock.advance(3_000);
    await succeed(15);
    expect(await retried(20)).toBe(10); // 3 for the seconds, 3 for the calls before, 4 for these
  });

  it('[budget.default-saved] saves at most ten, however many calls there were', async () => {
    const { retried, succeed } = setUp();
    await succeed(1_000);
    expect(await retried(20)).toBe(13); // 10 saved, and a fifth for each of the calls themselves
  });

  it.each([
    { afterMs: 9_999, then: 4 },
    { afterMs: 10_000, then: 0 },
  ])('[budget.default-ratio] forgets calls after ten seconds: after $afterMs ms $then of 4 are retried', async ({ afterMs, then }) => {
    // What the seconds grant would hide it.
    const { clock, retried, succeed } = setUp({ budget: { minPerSecond: 0 } });
    await retried(100);
    await succeed(40);
    await clock.advance(afterMs);
    expect(await retried(4)).toBe(then);
  });

  it('[budget.default-on] is there without any option', async () => {
    const clock = new FakeClock();
    const policy = createRegistry().policy('plain', { clock });
    const outcomes = await clock.until(Promise.all(Array.from({ length: 20 }, () => policy.settle(throws(busy)))));
    expect(outcomes.filter(({ attempts }) => attempts === 1)).toHaveLength(7);
  });

  it('[budget.default-on] is one per policy', async () => {
    const [one, two] = [setUp(), setUp()];
    await one.retried(100);
    expect(await two.retried(10)).toBe(10);
  });
});

describe('an empty budget', () => {
  it('[budget.fails-before-sleep] [budget.keeps-error] [budget.says-exhausted] ends the call before it sleeps, with the error of the attempt', async () => {
    const telemetry = await inMemoryTelemetry();
    const beforeSleep = jest.fn();
    const { clock, policy } = setUp({ backoff: fixed(1_000), maxAttempts: 3, budget: { max: 1, windowMs: 1e9 }, beforeSleep });
    const outcome = await clock.until(policy.settle(throws(busy), { timeline: true }));
    expect(outcome).toMatchObject({
      stopReason: 'BUDGET_EXHAUSTED',
      error: busy,
      errorClass: 'SERVER_ERROR',
      attempts: 2,
      elapsedMs: 1_000,
    });
    expect(beforeSleep).toHaveBeenCalledTimes(1);
    telemetry.expectOneCall().attempts(2).waited(1_000).events('retry', 'budget_exhausted').failedWith('BUDGET_EXHAUSTED', 'SERVER_ERROR');
    await expect(policy.call(throws(busy))).rejects.toBe(busy);
    expect(await telemetry.gauge('redress.retry.budget', { 'redress.policy': 'budgeted' })).toBe(0);
    await telemetry.shutdown();
  });

  it('[call.returns-response] lets a Response come back', async () => {
    const response = { status: 503, headers: new Headers() };
    const { policy } = setUp({ maxAttempts: 3, budget: { max: 1, windowMs: 1e9 } });
    await expect(policy.call(gives(response))).resolves.toBe(response);
    await expect(policy.call(gives(response))).resolves.toBe(response);
  });

  it('is asked by retries alone: first attempts go on', async () => {
    const { policy, retried } = setUp({ budget: { max: 1, windowMs: 1e9 } });
    await retried(5);
    for (let call = 0; call < 50; call++) expect(await policy.settle(gives('ok'))).toMatchObject({ ok: true, attempts: 1 });
  });
});

describe('other budgets', () => {
  it('[budget.fixed-window] grants so many retries in each window', async () => {
    const { clock, retried } = setUp({ budget: { max: 3, windowMs: 10_000 } });
    expect(await retried(10)).toBe(3);
    await clock.advance(9_999);
    expect(await retried(10)).toBe(0);
    await clock.advance(1);
    expect(await retried(10)).toBe(3);
  });

  it('[budget.shared] is one for all the policies it is given to', async () => {
    const budget = new RetryBudget({ max: 3, windowMs: 60_000 });
    const clock = new FakeClock();
    const [one, two] = [setUp({ budget }, {}, clock), setUp({ budget }, {}, clock)];
    expect(budget.remaining).toBe(3);
    expect(await one.retried(2)).toBe(2);
    expect(budget.remaining).toBe(1);
    expect(await two.retried(2)).toBe(1);
    expect(await one.retried(2)).toBe(0);
    expect(budget.remaining).toBe(0);
  });

  it.each([
    { given: 'false', retry: { budget: false } as const, then: 1_000 },
    { given: 'a large share', retry: { budget: { ratio: 1 } }, then: 1_000 },
  ])('[budget.off] $given limits nothing', async ({ retry, then }) => {
    expect(await setUp(retry).retried(1_000)).toBe(then);
  });

  it('[retry.no-phantom-step] is drawn from once per retry, not by the last attempt', async () => {
    const budget = new RetryBudget({ max: 100, windowMs: 1e9 });
    const { policy } = setUp({ budget, maxAttempts: 4 });
    await policy.settle(throws(busy));
    expect(budget.remaining).toBe(97);
    await policy.settle(throws(withStatus(404)));
    expect(budget.remaining).toBe(97);
    await policy.settle(scripted(throws(busy), gives('ok')).fn);
    expect(budget.remaining).toBe(96);
    await policy.settle(throws(busy), { retry: false });
    expect(budget.remaining).toBe(96);
  });
});

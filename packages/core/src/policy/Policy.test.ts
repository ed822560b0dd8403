import { getEventListeners } from 'node:events';
import { createRegistry } from './Registry.js';
import type { PolicyOptions } from './PolicyOptions.js';
import type { Attempt } from '../model/Attempt.js';
import { FakeClock } from '../testing/FakeClock.js';
import { fixed } from '../testing/fixedBackoffs.js';
import { inMemoryTelemetry } from '../testing/inMemoryTelemetry.js';
import { RetryBudget } from '../retry/budget/RetryBudget.js';

const busy = Object.assign(new Error('busy'), { status: 503 });

function setUp(options: PolicyOptions = {}) {
  const clock = new FakeClock();
  return { clock, policy: createRegistry().policy('held', { clock, retry: { backoff: fixed(10) }, ...options }) };
}

describe('the attempt a function is given', () => {
  it('has its number, the operation, a signal and what is left', async () => {
    const { clock, policy } = setUp({ attemptTimeoutMs: 500 });
    const seen: unknown[] = [];
    const fn = ({ number, operation, remainingMs, signal }: Attempt): string => {
      seen.push({ number, operation, remainingMs, aborted: signal.aborted });
      if (number === 1) throw busy;
      return 'ok';
    };
    await clock.until(policy.call(fn));
    await clock.until(policy.call(fn, { operation: 'get-stock' }));
    const rest = { remainingMs: 500, aborted: false };
    expect(seen).toEqual([
      { number: 1, operation: 'held', ...rest },
      { number: 2, operation: 'held', ...rest },
      { number: 1, operation: 'get-stock', ...rest },
      { number: 2, operation: 'get-stock', ...rest },
    ]);
  });
});

describe('wrap', () => {
  it('passes this and the arguments on, on every attempt', async () => {
    const { clock, policy } = setUp();
    const seen: unknown[] = [];
    class Stock {
      readonly shelf = 'A';
      calls = 0;
      find = policy.wrap(function (this: Stock, id: number, name: string): string {
        seen.push([this, id, name]);
        this.calls += 1;
        if (this.calls === 1) throw busy;
        return `${name} ${id} on ${this.shelf}`;
      });
    }
    const stock = new Stock();
    await expect(clock.until(stock.find(7, 'screw'))).resolves.toBe('screw 7 on A');
    expect(seen).toEqual([
      [stock, 7, 'screw'],
      [stock, 7, 'screw'],
    ]);
  });

  it('takes options, and tells what is wrong with them at once', async () => {
    const { policy } = setUp({ classifyResult: () => 'PERMANENT' });
    const wrapped = policy.wrap(async (value: number) => value, { classifyResult: () => undefined });
    await expect(wrapped(5)).resolves.toBe(5);
    expect(() => policy.wrap(() => 1, { timeoutMs: -1 })).toThrow(TypeError);
  });
});

describe('fn', () => {
  it('puts the attempt before the arguments', async () => {
    const { clock, policy } = setUp();
    const get = policy.fn(({ number }, id: number, name: string) => {
      if (number === 1) throw busy;
      return `${name} ${id} at attempt ${number}`;
    });
    await expect(clock.until(get(7, 'screw'))).resolves.toBe('screw 7 at attempt 2');
  });
});

describe('with', () => {
  it('presets what a call may set', async () => {
    const telemetry = await inMemoryTelemetry();
    const { clock, policy } = setUp();
    const controller = new AbortController();
    const preset = policy.with({ operation: 'preset', attributes: { tenant: 't' }, timeoutMs: 50, signal: controller.signal });
    expect(preset.name).toBe('held');
    expect(await clock.until(preset.settle(() => new Promise(() => undefined)))).toMatchObject({ elapsedMs: 50 });
    telemetry.expectOneCall('preset').attribute('tenant', 't');
    controller.abort('gone');
    expect(await preset.settle(() => 'no')).toMatchObject({ stopReason: 'ABORTED', attempts: 0 });
    expect(await policy.settle(() => 'ok')).toMatchObject({ ok: true });
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    await telemetry.shutdown();
  });

  it.each([
    { given: 'its own', call: { timeoutMs: 20 }, then: 20 },
    { given: '[call.options-undefined-absent] undefined', call: { timeoutMs: undefined }, then: 50 },
    { given: 'nothing', call: undefined, then: 50 },
    { given: 'another', call: { operation: 'other' }, then: 50 },
  ])('gives way to what a call sets: $given', async ({ call, then }) => {
    const { clock, policy } = setUp();
    const outcome = policy.with({ timeoutMs: 50 }).settle(() => new Promise(() => undefined), call);
    expect(await clock.until(outcome)).toMatchObject({ elapsedMs: then });
  });

  it('can be put on top of another', async () => {
    const { clock, policy } = setUp();
    const seen: string[] = [];
    const first = policy.with({ timeoutMs: 50, operation: 'first' });
    const second = first.with({ operation: 'second', retry: false, timeoutMs: undefined });
    const fn = ({ operation }: Attempt): Promise<never> => {
      seen.push(operation);
      return new Promise(() => undefined);
    };
    expect(await clock.until(second.settle(fn))).toMatchObject({ elapsedMs: 50 });
    expect(await clock.until(first.settle(fn))).toMatchObject({ elapsedMs: 50 });
    expect(await clock.until(second.settle(fn, { operation: 'third' }))).toMatchObject({ elapsedMs: 50 });
    expect(seen).toEqual(['second', 'first', 'third']);
  });

  it('does not see later changes of its options', async () => {
    const { clock, policy } = setUp();
    const options = { timeoutMs: 50 };
    const preset = policy.with(options);
    options.timeoutMs = 5;
    expect(await clock.until(preset.settle(() => new Promise(() => undefined)))).toMatchObject({ elapsedMs: 50 });
  });

  it('shares breaker and budget with the policy, and disposes of it', async () => {
    const budget = new RetryBudget({ max: 2, windowMs: 1e9 });
    const { clock, policy } = setUp({
      circuitBreaker: { trip: { type: 'consecutive', failures: 9 } },
      retry: { backoff: fixed(1), maxAttempts: 2, budget },
    });
    const preset = policy.with({ operation: 'preset' });
    expect(preset.circuitBreaker).toBe(policy.circuitBreaker);
    const fail = (): never => {
      throw busy;
    };
    await clock.until(preset.settle(fail));
    await clock.until(policy.settle(fail));
    expect(await clock.until(preset.settle(fail))).toMatchObject({ stopReason: 'BUDGET_EXHAUSTED' });
  });

  it('is there for wrap and fn', async () => {
    const { policy } = setUp();
    const preset = policy.with({ operation: 'preset' });
    const operation = preset.fn((attempt) => attempt.operation);
    await expect(operation()).resolves.toBe('preset');
    await expect(preset.fn((attempt) => attempt.operation, { operation: 'own' })()).resolves.toBe('own');
  });
});

describe('a call', () => {
  it('of a policy may be destructured from it', async () => {
    const { policy } = setUp();
    const call = policy.call.bind(policy);
    await expect(call(() => 'ok')).resolves.toBe('ok');
  });

  it('begins in the turn of the caller, and gives a promise of its own', () => {
    const { policy } = setUp();
    let called = 0;
    const own = Promise.resolve('ok');
    const promise = policy.call(() => {
      called += 1;
      return own;
    });
    expect(called).toBe(1);
    expect(promise).toBeInstanceOf(Promise);
    expect(promise).not.toBe(own);
  });
});

describe('the stack of a refusal', () => {
  const refusing = () => {
    const refused = createRegistry().policy('refused', { circuitBreaker: {} });
    refused.circuitBreaker.forceOpen();
    return refused;
  };
  const framesOf = (error: unknown): string[] => (error instanceof Error ? (error.stack?.split('\n') ?? []) : []);

  it('begins with whoever called, and shows nothing of ours', async () => {
    const refused = refusing();
    const whoCalls = (): Promise<string> => refused.call(() => 'never');
    const [header, first] = framesOf(await whoCalls().catch((error: unknown) => error));
    expect(header).toBe('CircuitOpenError: Circuit refused is forced_open');
    expect(first).toContain('whoCalls');
  });

  it('is left out by settle, where nothing is thrown', async () => {
    const outcome = await refusing().settle(() => 'never');
    expect(framesOf(!outcome.ok && outcome.error)).toEqual(['CircuitOpenError: Circuit refused is forced_open']);
  });
});

import { CircuitBreaker } from '../../gates/breaker/CircuitBreaker.js';
import { AbortRetryError } from '../../model/errors/AbortRetryError.js';
import { PermanentError } from '../../model/errors/PermanentError.js';
import type { PolicyOptions } from '../../policy/PolicyOptions.js';
import type { Policy } from '../../policy/Policy.js';
import { createRegistry } from '../../policy/Registry.js';
import { hangs, rejects } from '../../runtime/fixtures/script.js';
import { outcomeOf } from '../../runtime/outcomeOf.js';
import { told, withDiag } from '../../telemetry/fixtures/diag.js';
import { FakeClock } from '../../testing/FakeClock.js';
import { inMemoryTelemetry } from '../../testing/inMemoryTelemetry.js';
import type { TelemetryHarness } from '../../testing/TelemetryHarness.js';
import { busy, fallen } from './fixtures/fallen.js';
import type { Alternate, AlternatePolicy, FallbackFor } from './options.js';

let telemetry: TelemetryHarness;
beforeAll(async () => {
  telemetry = await inMemoryTelemetry();
});
beforeEach(() => telemetry.reset());
afterAll(() => telemetry.shutdown());

/** An alternate, with a policy of its own. */
function alternate(name: string, run: Alternate['run'], options: PolicyOptions<unknown> = {}, clock = new FakeClock()) {
  const policy: Policy<unknown> = createRegistry().policy(name, { clock, retry: false, circuitBreaker: {}, ...options });
  return { policy, run };
}
const failing = (name: string): Alternate & { readonly policy: Policy<unknown> } =>
  alternate(name, () => Promise.reject(new PermanentError(`${name} failed`)));
const giving = (name: string): Alternate & { readonly policy: Policy<unknown> } => alternate(name, () => `${name} gave`);

/** Names of policies and their outcomes, in the order in which their calls ended. */
const calls = () => telemetry.calls().map(({ attributes }) => `${attributes['redress.policy']}: ${attributes['redress.outcome']}`);

describe('[fallback.alternates] alternates', () => {
  it('are tried in their order, and the first that succeeds answers', async () => {
    const { policy, run } = fallen({ fallback: { alternates: [failing('first'), giving('second'), giving('third')] } });
    expect(await run()).toMatchObject({ ok: true, value: 'second gave', answeredBy: 'second', insteadOf: { error: busy } });
    expect(calls()).toEqual(['first: failure', 'second: success', `${policy.name}: success`]);
    telemetry.expectOneCall(policy.name).attribute('redress.answered_by', 'second').events('fallback_used', 'success');
    await telemetry.conserve();
  });

  it('get the attempt of their policy, and what failed', async () => {
    const seen: [number, FallbackFor][] = [];
    const spare = alternate('spare', ({ number }, failed) => void seen.push([number, failed]));
    const { policy, run } = fallen({ fallback: { alternates: [spare] } });
    await run({ operation: 'get-stock' });
    expect(seen).toMatchObject([[1, { policy: policy.name, operation: 'get-stock', error: busy }]]);
  });

  it('[fallback.alternates-told] have calls of their own, whose spans are children of the span of the call', async () => {
    const clock = new FakeClock();
    const slow = alternate('slow', () => clock.sleep(50).then(() => Promise.reject(new Error('late'))), {}, clock);
    const { policy, run } = fallen({ fallback: { alternates: [slow, giving('spare')] } }, undefined, clock);
    await clock.until(run());
    const { span } = telemetry.expectOneCall(policy.name);
    telemetry.expectOneCall('slow').childOf(span).failedWith('MAX_ATTEMPTS_GLOBAL');
    telemetry.expectOneCall('spare').childOf(span).succeeded();
  });

  it('let the body of the response go that they stand for', async () => {
    const cancel = jest.fn();
    const response = { status: 503, ok: false, headers: new Headers(), body: { cancel } };
    await fallen({ fallback: { alternates: [giving('spare')] } }, [() => response]).run();
    expect(cancel).toHaveBeenCalledTimes(1);
  });
});

describe('[fallback.alternates-sick] an alternate whose circuit is open', () => {
  it.each<{ given: string; sicken: (breaker: CircuitBreaker | undefined) => void; then: string }>([
    { given: 'forced open', sicken: (breaker) => breaker?.forceOpen(), then: 'well' },
    { given: 'forced closed', sicken: (breaker) => breaker?.forceClose(), then: 'sick' },
    { given: 'closed', sicken: () => undefined, then: 'sick' },
  ])('is skipped without a call: $given', async ({ sicken, then }) => {
    const sick = giving('sick');
    sicken(sick.policy.circuitBreaker);
    const { run } = fallen({ fallback: { alternates: [sick, giving('well')] } });
    expect(await run()).toMatchObject({ ok: true, answeredBy: then });
    expect(telemetry.calls().map(({ name }) => name)).toContain(then);
    expect(telemetry.calls()).toHaveLength(2);
  });

  it('is tried again when it may be probed', async () => {
    const clock = new FakeClock();
    let isDown = true;
    const breaker = { trip: { type: 'consecutive', failures: 1 }, recoveryMs: () => 100 } as const;
    const sick = alternate('sick', () => (isDown ? Promise.reject(busy) : 'back'), { circuitBreaker: breaker }, clock);
    const { run } = fallen({ fallback: { alternates: [sick, giving('well')] } }, undefined, clock);
    const answeredBy: unknown[] = [];
    for (const waitMs of [0, 99, 1]) {
      await clock.advance(waitMs);
      if (waitMs > 0) isDown = false;
      const outcome = await run();
      answeredBy.push(outcome.ok && outcome.answeredBy);
    }
    expect(answeredBy).toEqual(['well', 'well', 'sick']);
  });

  it('that only observes is tried: it would refuse nothing', async () => {
    const breaker = new CircuitBreaker({ observeOnly: true, trip: { type: 'consecutive', failures: 1 } });
    const sick = alternate('sick', () => 'all the same', { circuitBreaker: breaker });
    breaker.forceOpen();
    expect(breaker.observeOnly).toBe(true);
    const { run } = fallen({ fallback: { alternates: [sick] } });
    expect(await run()).toMatchObject({ ok: true, answeredBy: 'sick' });
  });

  it('that opened while another was tried is skipped, too', async () => {
    const next = giving('next');
    const first = alternate('first', () => {
      next.policy.circuitBreaker?.forceOpen();
      throw new PermanentError('first');
    });
    const { run } = fallen({ fallback: { alternates: [first, next] } });
    expect(await run()).toMatchObject({ stopReason: 'FALLBACK_FAILED', error: { message: 'first' } });
    expect(telemetry.calls()).toHaveLength(2);
  });

  it('that cannot be read is tried, and that is told', async () => {
    withDiag();
    const odd: AlternatePolicy = {
      name: 'odd',
      get circuitBreaker(): never {
        throw new Error('no');
      },
      settle: async () => ({ ok: true, value: 'odd gave' }),
    };
    const { run } = fallen({ fallback: { alternates: [{ policy: odd, run: () => 1 }] } });
    expect(await run()).toMatchObject({ value: 'odd gave', answeredBy: 'odd' });
    expect(told()).not.toEqual([]);
  });
});

describe('[fallback.alternates-none] without an alternate to try', () => {
  const sick = () => {
    const one = giving('sick');
    one.policy.circuitBreaker?.forceOpen();
    return one;
  };

  it('the call ends as it failed', async () => {
    const { policy, run, fn } = fallen({ fallback: { alternates: [sick(), sick()] } });
    expect(await run()).toMatchObject({ ok: false, stopReason: 'MAX_ATTEMPTS_GLOBAL', error: busy });
    await expect(policy.call(fn)).rejects.toBe(busy);
    for (const one of telemetry.expectCalls(2)) one.failedWith('MAX_ATTEMPTS_GLOBAL', 'SERVER_ERROR');
    expect(await telemetry.counter('redress.events', { 'redress.event': 'fallback_used' })).toBe(0);
    await telemetry.conserve();
  });

  it('the next fallback of the list answers', async () => {
    const { run } = fallen({ fallback: [{ alternates: [sick()] }, { value: 'last' }] });
    expect(await run()).toMatchObject({ ok: true, value: 'last', answeredBy: 'fallback' });
  });

  it('the call ends as it failed also where the last circuit opened just then', async () => {
    const breaker = new CircuitBreaker();
    let reads = 0;
    const late: AlternatePolicy = {
      name: 'late',
      get circuitBreaker() {
        reads += 1;
        if (reads === 2) breaker.forceOpen();
        return breaker;
      },
      settle: () => Promise.reject(new Error('never called')),
    };
    const { run } = fallen({ fallback: { alternates: [{ policy: late, run: () => 1 }] } });
    expect(await run()).toMatchObject({ ok: false, stopReason: 'MAX_ATTEMPTS_GLOBAL', error: busy });
    await telemetry.conserve();
  });
});

describe('[fallback.alternates-drain] a call that is refused as its registry drains', () => {
  it('has no alternates, and ends so, while one that was let in has', async () => {
    const clock = new FakeClock();
    const registry = createRegistry();
    const spare = registry.policy<unknown>('spare', { clock, circuitBreaker: {} });
    const fallback = { alternates: [{ policy: spare, run: () => 'spare gave' }] };
    const policy = registry.policy<unknown>('drained', { clock, retry: false, fallback });
    const letIn = policy.settle(() => clock.sleep(50).then(() => Promise.reject(busy)));
    const empty = registry.drain({ timeoutMs: 1_000, clock });
    expect(await policy.settle(() => 'no')).toMatchObject({ stopReason: 'DRAINING', attempts: 0 });
    expect(await policy.settle(() => 'no', { fallback: [fallback, { value: 'last' }] })).toMatchObject({ answeredBy: 'fallback' });
    expect(await clock.until(empty)).toBe(true);
    expect(await letIn).toMatchObject({ ok: true, answeredBy: 'spare' });
    telemetry.expectCalls(1, 'spare');
    await telemetry.conserve();
  });
});

describe('[fallback.alternates-failed] when all that were tried have failed', () => {
  it('the failure of the last is what the caller sees, and leads to those before', async () => {
    const { policy, fn } = fallen({ fallback: { alternates: [failing('first'), failing('second')] } });
    const error: unknown = await policy.call(fn).then(undefined, (thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: 'second failed', cause: { message: 'first failed', cause: busy } });
    expect(outcomeOf(error as Error)).toMatchObject({ stopReason: 'FALLBACK_FAILED', insteadOf: { error: busy } });
    telemetry.expectOneCall(policy.name).failedWith('FALLBACK_FAILED', 'PERMANENT').events('fallback_used', 'fallback_failed');
    await telemetry.conserve();
  });

  it.each<{ given: string; policy: Omit<AlternatePolicy, 'name'>; message: string }>([
    {
      given: 'throws',
      policy: {
        settle: () => {
          throw new Error('threw');
        },
      },
      message: 'threw',
    },
    { given: 'rejects', policy: { settle: () => Promise.reject(new Error('rejected')) }, message: 'rejected' },
    { given: 'gives no outcome', policy: { settle: () => Promise.resolve(undefined as never) }, message: 'undefined' },
  ])('a policy that $given is one that failed', async ({ policy, message }) => {
    const odd = { policy: { name: 'odd', ...policy }, run: () => 1 };
    expect(await fallen({ fallback: { alternates: [odd, giving('spare')] } }).run()).toMatchObject({ answeredBy: 'spare' });
    expect(await fallen({ fallback: { alternates: [odd] } }).run()).toMatchObject({
      stopReason: 'FALLBACK_FAILED',
      error: { message: expect.stringContaining(message) },
    });
  });

  it('one that calls off what it does ends the call as aborted, and no other is tried', async () => {
    const error = new AbortRetryError('enough');
    const off = alternate('off', () => Promise.reject(error));
    const { run } = fallen({ fallback: { alternates: [off, giving('spare')] } });
    expect(await run()).toMatchObject({ stopReason: 'ABORTED', error });
    expect(calls()).toHaveLength(2);
    await telemetry.conserve();
  });
});

describe('[fallback.alternates-time] the time of alternates', () => {
  it.each<[number | undefined, number]>([
    [undefined, 2_000],
    [300, 300],
  ])('is that of the policy unless it is given: %p', async (timeoutMs, ms) => {
    const clock = new FakeClock();
    const [slow, next] = [alternate('slow', hangs, {}, clock), giving('next')];
    const { policy, run } = fallen({ timeoutMs: 2_000, fallback: { timeoutMs, alternates: [slow, next] } }, undefined, clock);
    const outcome = run();
    await clock.advance(ms - 1);
    expect(telemetry.calls()).toEqual([]);
    await clock.advance(1);
    expect(await outcome).toMatchObject({ stopReason: 'FALLBACK_FAILED', error: { name: 'DeadlineExceededError', timeoutMs: ms } });
    // Its call ends with it, and no other begins.
    expect(calls().toSorted()).toEqual([`${policy.name}: failure`, 'slow: aborted']);
    expect(clock.pending).toBe(0);
    await telemetry.conserve();
  });

  it('ends with the caller, who aborts', async () => {
    const clock = new FakeClock();
    const caller = new AbortController();
    const { policy, run } = fallen({ fallback: { alternates: [alternate('slow', hangs, {}, clock), giving('next')] } }, undefined, clock);
    const outcome = run({ signal: caller.signal });
    await clock.advance(50);
    caller.abort('enough');
    expect(await outcome).toMatchObject({ stopReason: 'ABORTED', error: 'enough' });
    await clock.advance(0);
    expect(calls().toSorted()).toEqual([`${policy.name}: aborted`, 'slow: aborted']);
  });

  it('is long enough for one that hangs to be found sick', async () => {
    const clock = new FakeClock();
    const breaker = { trip: { type: 'consecutive', failures: 1 } } as const;
    const slow = alternate('slow', hangs, { attemptTimeoutMs: 100, circuitBreaker: breaker }, clock);
    const { run } = fallen({ fallback: { alternates: [slow, giving('next')] } }, undefined, clock);
    expect(await clock.until(run())).toMatchObject({ answeredBy: 'next', elapsedMs: 100 });
    expect(slow.policy.circuitBreaker?.state).toBe('open');
  });
});

describe('[fallback.alternates-no-circle] fallbacks of alternates are not asked', () => {
  it('so that two which lead to each other end', async () => {
    const clock = new FakeClock();
    const registry = createRegistry();
    const a: Policy<unknown> = registry.policy('a', { clock, retry: false });
    const b: Policy<unknown> = registry.policy('b', { clock, retry: false });
    let runs = 0;
    const run = (): string => {
      runs += 1;
      if (runs < 20) throw new PermanentError('down');
      return 'round and round';
    };
    registry.updatePolicy('a', {
      fallback: {
        alternates: [
          { policy: b, run },
          { policy: a, run },
        ],
      },
    });
    registry.updatePolicy('b', { fallback: { alternates: [{ policy: a, run }] } });
    expect(await a.settle(rejects(busy))).toMatchObject({ stopReason: 'FALLBACK_FAILED' });
    expect(calls()).toEqual(['b: failure', 'a: failure', 'a: failure']);
  });
});

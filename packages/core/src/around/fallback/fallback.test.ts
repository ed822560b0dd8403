import { trace } from '@opentelemetry/api';
import { failureOf } from '../../classify/failureOf.js';
import { PermanentError } from '../../model/errors/PermanentError.js';
import { AbortRetryError } from '../../model/errors/AbortRetryError.js';
import type { PolicyOptions } from '../../policy/PolicyOptions.js';
import type { CallOptions } from '../../runtime/CallOptions.js';
import { errorOf, gives, hangs, rejects, type Step } from '../../runtime/fixtures/script.js';
import { outcomeOf } from '../../runtime/outcomeOf.js';
import { told, withDiag } from '../../telemetry/fixtures/diag.js';
import { fixed } from '../../testing/fixedBackoffs.js';
import { inMemoryTelemetry } from '../../testing/inMemoryTelemetry.js';
import type { TelemetryHarness } from '../../testing/TelemetryHarness.js';
import { busy, fallen } from './fixtures/fallen.js';
import type { AroundCall } from '../Around.js';
import { Fallback } from './Fallback.js';
import type { Fallback as FallbackOption, FallbackFor } from './options.js';
import { ResolvedFallback } from './ResolvedFallback.js';

let telemetry: TelemetryHarness;
beforeAll(async () => {
  telemetry = await inMemoryTelemetry();
});
beforeEach(() => telemetry.reset());
afterAll(() => telemetry.shutdown());

const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
beforeAll(() => void process.on('unhandledRejection', onUnhandled));
afterAll(() => void process.off('unhandledRejection', onUnhandled));
afterEach(async () => {
  await new Promise((resolve) => setImmediate(resolve));
  expect(unhandled).toEqual([]);
});

const events = () => telemetry.calls().map((span) => span.events.map(({ name }) => name));
const boom = (): never => {
  throw new PermanentError('worse');
};

describe('a fallback', () => {
  it.each<[string, Step, CallOptions<unknown, unknown> | undefined, string]>([
    ['succeeded', gives('fine'), undefined, 'fine'],
    ['was aborted', gives('never'), { signal: AbortSignal.abort() }, 'ABORTED'],
    ['was called off by its function', () => Promise.reject(new AbortRetryError('enough')), undefined, 'ABORTED'],
    ['was deferred', rejects(busy), { sleep: () => 'defer' }, 'SCHEDULED'],
  ])('[fallback.failures-only] is not asked for a call that %s', async (_, step, own, then) => {
    const run = jest.fn();
    const outcome = await fallen({ retry: {}, fallback: { run } }, [step]).run(own);
    expect(outcome.ok ? outcome.value : outcome.stopReason).toBe(then);
    expect(outcome).not.toHaveProperty('answeredBy');
    expect(run).not.toHaveBeenCalled();
  });

  it.each<{ given: string; options: PolicyOptions<unknown>; step: Step; then: string }>([
    { given: 'failed', options: {}, step: rejects(errorOf.PERMANENT()), then: 'NON_RETRYABLE_CLASS' },
    { given: 'threw', options: {}, step: boom, then: 'NON_RETRYABLE_CLASS' },
    { given: 'gave a bad result', options: { classifyResult: () => 'TRANSIENT' }, step: gives(1), then: 'MAX_ATTEMPTS_GLOBAL' },
    { given: 'gave a bad response', options: {}, step: gives(new Response('', { status: 503 })), then: 'MAX_ATTEMPTS_GLOBAL' },
    { given: 'ran out of its time', options: { timeoutMs: 400, attemptTimeoutMs: 400 }, step: hangs, then: 'DEADLINE_EXCEEDED' },
    { given: 'ran out of its attempt', options: { attemptTimeoutMs: 50 }, step: hangs, then: 'MAX_ATTEMPTS_GLOBAL' },
  ])('[fallback.failures-only] answers for a call that $given', async ({ options, step, then }) => {
    const { clock, run } = fallen({ ...options, fallback: { value: 'spare' } }, [step]);
    expect(await clock.until(run())).toMatchObject({ ok: true, value: 'spare', answeredBy: 'fallback', insteadOf: { stopReason: then } });
    await telemetry.conserve();
  });

  it('[fallback.failures-only] answers for a call that a gate refused', async () => {
    const { policy, run } = fallen({ fallback: { value: 'spare' }, circuitBreaker: {} });
    policy.circuitBreaker?.forceOpen();
    expect(await run()).toMatchObject({ ok: true, value: 'spare', attempts: 0, insteadOf: { stopReason: 'CIRCUIT_OPEN' } });
    const [span] = telemetry.calls();
    expect(span?.attributes).toMatchObject({ 'redress.outcome': 'success', 'redress.attempt_count': 0 });
    expect(span?.events.at(0)?.attributes).toMatchObject({ 'redress.stop_reason': 'CIRCUIT_OPEN', 'circuit.state': 'forced_open' });
    await telemetry.conserve();
  });

  it('[fallback.failures-only] does not answer for a call that is made again for nobody', () => {
    const failure = failureOf(busy, 'SERVER_ERROR');
    const end = { kind: 'failure', attempts: 1, stopReason: 'MAX_ATTEMPTS_GLOBAL', failure } as const;
    const asked = new Fallback(new ResolvedFallback('here', { value: 'spare' }));
    const call = { policy: 'p', operation: 'p', asked: undefined, isAgain: false } as unknown as AroundCall;
    const never = (): never => boom();
    expect(asked.ended(call, end, never)).toMatchObject({ kind: 'answer', value: 'spare' });
    expect(asked.ended({ ...call, isAgain: true }, end, never)).toBeUndefined();
  });

  it('[fallback.once] runs once, whatever had failed before', async () => {
    const run = jest.fn(() => 'spare');
    const { clock, run: call, attempts } = fallen({ retry: { backoff: fixed(10) }, fallback: { run } });
    expect(await clock.until(call())).toMatchObject({ value: 'spare', attempts: 3 });
    expect([attempts.length, run.mock.calls.length]).toEqual([3, 1]);
  });

  it('[fallback.given-back] has the place and the probe of its call given back before it runs', async () => {
    const seen: unknown[] = [];
    const trip = { type: 'consecutive', failures: 1 } as const;
    const { clock, policy, run } = fallen({
      bulkhead: { maxConcurrent: 1 },
      circuitBreaker: { trip, recoveryMs: 100 },
      fallback: { run: () => void seen.push(policy.bulkhead?.inFlight, policy.circuitBreaker?.state) },
    });
    await run();
    await clock.advance(130);
    await run();
    expect(seen).toEqual([0, 'open', 0, 'open']);
  });
});

describe('a value', () => {
  it.each([undefined, null, '', 0, false, { a: { b: [] } }, () => 1, new Error('a value')])(
    '[fallback.value] is handed out as it is: %p',
    async (value) => {
      const { policy, fn } = fallen({ fallback: { value } });
      expect(await policy.call(fn)).toBe(value);
    },
  );

  it('[fallback.value] may be a promise, which is waited for', async () => {
    const { clock, run } = fallen({ fallback: { value: Promise.resolve('loaded') } });
    expect(await run()).toMatchObject({ ok: true, value: 'loaded', answeredBy: 'fallback' });
    const never = fallen({ fallback: { value: new Promise(() => {}) } }, undefined, clock);
    const outcome = never.run();
    await clock.advance(999);
    expect(clock.pending).toBe(1);
    await clock.advance(1);
    expect(await outcome).toMatchObject({ stopReason: 'FALLBACK_FAILED', error: { message: 'The fallback ran out of its 1000 ms' } });
    // Nothing runs there.
    expect(await telemetry.gauge('redress.attempt.abandoned', { 'redress.policy': never.policy.name })).toBe(0);
  });

  it('[fallback.value] [fallback.failure] that is a promise may be rejected: the call that needs it hears of it', async () => {
    const lost = new PermanentError('no defaults');
    const { run } = fallen({ fallback: { value: Promise.reject(lost) } });
    await new Promise((resolve) => setImmediate(resolve));
    expect(await run()).toMatchObject({ stopReason: 'FALLBACK_FAILED', error: lost });
  });

  it('[fallback.body] lets the body of the response go that it stands for', async () => {
    const cancel = jest.fn();
    const response = { status: 503, ok: false, headers: new Headers(), body: { cancel } };
    expect(await fallen({ fallback: { value: 'spare' } }, [gives(response)]).run()).toMatchObject({ value: 'spare' });
    expect(cancel).toHaveBeenCalledTimes(1);
    const { run } = fallen({ fallback: { run: ({ error }) => Reflect.get(error as object, 'lastResult') } }, [gives(response)]);
    expect(await run()).toMatchObject({ ok: true, value: response });
    expect(cancel).toHaveBeenCalledTimes(1);
  });
});

describe('[fallback.on] the first fallback that is for the failure answers', () => {
  const fallback: FallbackOption = [
    { on: ['RATE_LIMIT', 'AUTH'], value: 'by class' },
    { on: ['CIRCUIT_OPEN', 'BULKHEAD_FULL'], value: 'by refusal' },
    { on: ['DEADLINE_EXCEEDED'], value: 'by reason' },
    { on: [], value: 'never' },
    { on: ['AUTH', 'SERVER_ERROR'], value: 'later' },
  ];
  it.each<{ given: string; step: Step; open?: boolean; then: string }>([
    { given: 'of its class', step: rejects(errorOf.AUTH()), then: 'by class' },
    { given: 'of a later one', step: rejects(busy), then: 'later' },
    { given: 'that was refused', step: rejects(busy), open: true, then: 'by refusal' },
    { given: 'for lack of time', step: hangs, then: 'by reason' },
    { given: 'that none is for', step: rejects(errorOf.PERMANENT()), then: 'NON_RETRYABLE_CLASS' },
  ])('$given', async ({ step, open, then }) => {
    const { clock, policy, run } = fallen({ timeoutMs: 400, circuitBreaker: {}, fallback }, [step]);
    if (open) policy.circuitBreaker?.forceOpen();
    const outcome = await clock.until(run());
    expect(outcome.ok ? outcome.value : outcome.stopReason).toBe(then);
  });

  it('by its class or its reason where a call was refused in the middle of a retry', async () => {
    const trip = { type: 'consecutive', failures: 1 } as const;
    for (const on of ['SERVER_ERROR', 'CIRCUIT_OPEN'] as const) {
      const { run } = fallen({ retry: {}, circuitBreaker: { trip }, fallback: { on: [on], value: on } });
      expect(await run()).toMatchObject({ value: on, insteadOf: { stopReason: 'CIRCUIT_OPEN', errorClass: 'SERVER_ERROR' } });
    }
  });
});

describe('[fallback.call-option] the fallback of a call', () => {
  it.each<{ given: string; own: CallOptions<unknown, unknown> | undefined; then: unknown }>([
    { given: 'none', own: undefined, then: 'usual' },
    { given: 'undefined', own: { fallback: undefined }, then: 'usual' },
    { given: 'a value', own: { fallback: { value: 'own' } }, then: 'own' },
    { given: 'false', own: { fallback: false }, then: 'MAX_ATTEMPTS_GLOBAL' },
    { given: 'one for something else', own: { fallback: { on: ['AUTH'], value: 'own' } }, then: 'MAX_ATTEMPTS_GLOBAL' },
  ])('$given, goes before that of its policy', async ({ own, then }) => {
    const { policy, fn } = fallen({ fallback: { value: 'usual' } });
    const shown = async (made: typeof policy, options?: CallOptions<unknown, unknown>): Promise<unknown> => {
      const outcome = await made.settle(fn, options);
      return outcome.ok ? outcome.value : outcome.stopReason;
    };
    expect(await shown(policy, own)).toBe(then);
    if (own !== undefined) expect(await shown(policy.with(own))).toBe(then);
  });

  it('is enough for a policy that has none', async () => {
    const { policy, run, fn } = fallen({});
    expect(await run({ fallback: { value: 'own' } })).toMatchObject({ ok: true, value: 'own' });
    expect(await policy.wrap(fn, { fallback: { value: 'wrapped' } })({} as never)).toBe('wrapped');
    expect(await run()).toMatchObject({ ok: false });
  });

  it('is read at the start of the call, frozen or not', async () => {
    const { run } = fallen({});
    const fallback = { value: 'first' };
    const own = Object.freeze({ fallback });
    expect(await run(own)).toMatchObject({ value: 'first' });
    fallback.value = 'second';
    expect(await run(own)).toMatchObject({ value: 'second' });
  });
});

describe('[fallback.told-what] a function is told what it stands for', () => {
  /** What a fallback was told, and what the same call tells without one. */
  async function toldOf(options: PolicyOptions<unknown>, step: Step, open = false) {
    const seen: FallbackFor[] = [];
    const { clock, policy, run } = fallen({ ...options, fallback: { run: (failed) => void seen.push(failed) } }, [step]);
    if (open) policy.circuitBreaker?.forceOpen();
    const outcome = await clock.until(run({ operation: 'get-stock' }));
    const [failed] = seen;
    if (failed === undefined || !outcome.ok) throw new Error('no fallback ran');
    return { failed, insteadOf: outcome.insteadOf, policy };
  }

  it('the call, its failure and its reason', async () => {
    const { failed, policy } = await toldOf({}, rejects(busy));
    expect(failed).toMatchObject({ policy: policy.name, operation: 'get-stock', attempts: 1 });
    expect(failed).toMatchObject({ error: busy, errorClass: 'SERVER_ERROR', stopReason: 'MAX_ATTEMPTS_GLOBAL' });
    expect(failed.signal.aborted).toBe(false);
  });

  it.each<{ given: string; options: PolicyOptions<unknown>; step: Step; open?: boolean; name: string; errorClass?: string }>([
    { given: 'a refusal', options: { circuitBreaker: {} }, step: gives(1), open: true, name: 'CircuitOpenError' },
    {
      given: 'a bad result',
      options: { classifyResult: () => 'CONCURRENCY' },
      step: gives('taken'),
      name: 'RetryExhaustedError',
      errorClass: 'CONCURRENCY',
    },
    { given: 'a deadline', options: { timeoutMs: 100 }, step: hangs, name: 'DeadlineExceededError', errorClass: 'TRANSIENT' },
  ])('$given as the error that settle would have told', async ({ options, step, open, name, errorClass }) => {
    const { failed, insteadOf } = await toldOf(options, step, open);
    expect(failed.error).toMatchObject({ name });
    expect(failed.error).toBe(insteadOf?.error);
    expect(failed.errorClass).toBe(errorClass);
  });

  it('how long the call had taken when it failed', async () => {
    const set = fallen({ fallback: { run: () => set.clock.sleep(300).then(() => 'late') } }, [
      () => set.clock.sleep(20).then(() => Promise.reject(busy)),
    ]);
    expect(await set.clock.until(set.run())).toMatchObject({ elapsedMs: 320, insteadOf: { elapsedMs: 20 } });
  });
});

describe('[fallback.failure] a fallback that fails is what the caller sees', () => {
  const worse = (): PermanentError => new PermanentError('worse');
  const rejectThenResolve = (resolve: (value: unknown) => void, reject: (error: unknown) => void): void => {
    reject(worse());
    resolve(1);
  };
  it.each<{ given: string; run: () => unknown }>([
    { given: 'throws', run: boom },
    { given: 'rejects', run: () => Promise.reject(worse()) },
    { given: 'gives a thenable that throws', run: () => ({ then: boom }) },
    {
      given: 'gives a thenable that rejects, then resolves',
      run: () => ({ then: rejectThenResolve }),
    },
    { given: 'gives what throws when it is asked for its then', run: () => Object.defineProperty({}, 'then', { get: boom }) },
  ])('one that $given', async ({ run }) => {
    const { policy, fn } = fallen({ fallback: { run } });
    const error: unknown = await policy.call(fn).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(PermanentError);
    telemetry.expectOneCall().failedWith('FALLBACK_FAILED', 'PERMANENT');
    expect(events()).toEqual([['fallback_used', 'fallback_failed', 'exception']]);
    // What failed before is not lost.
    expect(error).toHaveProperty('cause', busy);
    expect(outcomeOf(error as Error)).toMatchObject({
      stopReason: 'FALLBACK_FAILED',
      errorClass: 'PERMANENT',
      insteadOf: { stopReason: 'MAX_ATTEMPTS_GLOBAL', error: busy },
    });
    await telemetry.conserve();
  });

  it('a value that throws when it is asked for its then is one that fails', async () => {
    const value: unknown = Object.defineProperty({}, 'then', { get: boom });
    expect(await fallen({ fallback: { value } }).run()).toMatchObject({ stopReason: 'FALLBACK_FAILED', error: { message: 'worse' } });
  });

  it('after several attempts, all of which are told', async () => {
    const { clock, run } = fallen({ retry: { backoff: fixed(10) }, fallback: { run: boom } }, [
      rejects(errorOf.TRANSIENT()),
      rejects(busy),
      rejects(busy),
    ]);
    expect(await clock.until(run())).toMatchObject({
      attempts: 3,
      earlierFailures: [
        { attempt: 1, errorClass: 'TRANSIENT' },
        { attempt: 2, error: busy, errorClass: 'SERVER_ERROR' },
        { attempt: 3, error: busy, errorClass: 'SERVER_ERROR' },
      ],
    });
    const refused = fallen({ circuitBreaker: {}, fallback: { run: boom } });
    refused.policy.circuitBreaker?.forceOpen();
    expect(await refused.run()).not.toHaveProperty('earlierFailures');
  });

  it('after a refusal, whose error is the cause', async () => {
    const { policy, run } = fallen({ circuitBreaker: {}, fallback: { run: boom } });
    policy.circuitBreaker?.forceOpen();
    expect(await run()).toMatchObject({ stopReason: 'FALLBACK_FAILED', attempts: 0, error: { cause: { name: 'CircuitOpenError' } } });
    await telemetry.conserve();
  });

  it.each<[string, (failed: FallbackFor) => Error, unknown]>([
    ['it throws again', ({ error }) => error as Error, undefined],
    ['has a cause of its own', () => new Error('a', { cause: 'own' }), 'own'],
    ['is frozen', () => Object.freeze(new Error('cold')), undefined],
  ])('and no error that %s is changed', async (_, make, cause) => {
    const thrown: Error[] = [];
    const throwIt = (failed: FallbackFor): never => {
      thrown.push(make(failed));
      throw thrown[0];
    };
    const outcome = await fallen({ fallback: { run: throwIt } }, [() => Promise.reject(new PermanentError('first'))]).run();
    expect(outcome).toMatchObject({ stopReason: 'FALLBACK_FAILED', insteadOf: { error: { message: 'first' } } });
    expect(outcome.ok ? undefined : outcome.error).toBe(thrown[0]);
    expect(thrown[0]?.cause).toBe(cause);
  });

  it.each([() => new AbortRetryError('enough'), () => new DOMException('enough', 'AbortError')])(
    'one that calls off what it does ends the call as aborted',
    async (make) => {
      const error = make();
      expect(await fallen({ fallback: { run: () => Promise.reject(error) } }).run()).toMatchObject({ stopReason: 'ABORTED', error });
      telemetry.expectOneCall().aborted();
      await telemetry.conserve();
    },
  );
});

describe('the time of a fallback', () => {
  it('[fallback.timeout] begins when the call has failed, and is its own', async () => {
    const set = fallen({ timeoutMs: 50, attemptTimeoutMs: 50, fallback: { run: () => set.clock.sleep(999).then(() => 'late') } }, [hangs]);
    const outcome = set.run();
    await set.clock.advance(50 + 999);
    expect(await outcome).toMatchObject({ ok: true, value: 'late', insteadOf: { stopReason: 'DEADLINE_EXCEEDED' } });
  });

  it.each([undefined, 300])('[fallback.timeout] [fallback.signal] ends the call when it is up: %p', async (timeoutMs) => {
    const signals: AbortSignal[] = [];
    const { clock, run } = fallen({
      fallback: {
        timeoutMs,
        run: ({ signal }) => {
          signals.push(signal);
          return new Promise(() => {});
        },
      },
    });
    const outcome = run();
    await clock.advance((timeoutMs ?? 1_000) - 1);
    expect([telemetry.calls(), signals.map(({ aborted }) => aborted)]).toEqual([[], [false]]);
    await clock.advance(1);
    expect(await outcome).toMatchObject({
      stopReason: 'FALLBACK_FAILED',
      errorClass: 'TRANSIENT',
      error: { name: 'DeadlineExceededError', timeoutMs: timeoutMs ?? 1_000, cause: busy },
      attempts: 1,
    });
    expect(signals.map(({ reason }) => reason)).toEqual([outcomeError(await outcome)]);
    expect(events()).toEqual([['fallback_used', 'fallback_failed', 'exception']]);
    expect(clock.pending).toBe(0);
    await telemetry.conserve();
  });

  it('[fallback.signal] is over when the caller aborts', async () => {
    const signals: AbortSignal[] = [];
    const { clock, run } = fallen({ fallback: { run: ({ signal }) => new Promise(() => void signals.push(signal)) } });
    const caller = new AbortController();
    const reason = new Error('enough');
    const outcome = run({ signal: caller.signal });
    await clock.advance(100);
    caller.abort(reason);
    expect(await outcome).toMatchObject({ stopReason: 'ABORTED', error: reason });
    expect(signals[0]?.reason).toBe(reason);
    expect(events()).toEqual([['fallback_used', 'aborted']]);
    await telemetry.conserve();
  });

  it('[fallback.signal] one that is read later has fired', async () => {
    const seen: FallbackFor[] = [];
    const { clock, run } = fallen({ fallback: { timeoutMs: 50, run: (failed) => new Promise(() => void seen.push(failed)) } });
    await clock.until(run());
    expect(seen[0]?.signal.aborted).toBe(true);
    const done = fallen({ fallback: { run: (failed) => void seen.push(failed) } });
    await done.run();
    expect(seen[1]?.signal.aborted).toBe(false);
  });

  it.each<[string, (clock: { sleep(ms: number): Promise<void> }) => Promise<unknown>]>([
    ['a result', (clock) => clock.sleep(200).then(() => 'late')],
    ['a rejection', (clock) => clock.sleep(200).then(boom)],
  ])('[fallback.late] %s that comes after it is dropped, and till then it is gauged as abandoned', async (_, late) => {
    const set = fallen({ fallback: { timeoutMs: 50, run: () => late(set.clock) } });
    const gauge = () => telemetry.gauge('redress.attempt.abandoned', { 'redress.policy': set.policy.name });
    const outcome = set.run();
    await set.clock.advance(49);
    expect(await gauge()).toBe(0);
    await set.clock.advance(1);
    expect(await outcome).toMatchObject({ stopReason: 'FALLBACK_FAILED' });
    expect(await gauge()).toBe(1);
    await set.clock.advance(150);
    expect(await gauge()).toBe(0);
    telemetry.expectCalls(1);
  });

  it('[fallback.late] a thenable that answers twice answers once', async () => {
    const twice = {
      then: (resolve: (value: unknown) => void): void => {
        resolve('once');
        resolve('twice');
      },
    };
    expect(await fallen({ fallback: { run: () => twice } }).run()).toMatchObject({ value: 'once' });
  });

  it.each([true, false])('[fallback.timeout] keeps the process alive as the policy says: %p', async (keepAlive) => {
    const { clock, run } = fallen({ keepAlive, fallback: { run: () => new Promise(() => {}) } });
    const outcome = run();
    await clock.advance(0);
    expect(clock.keepsAlive).toBe(keepAlive);
    await clock.until(outcome);
  });
});

describe('[fallback.reentrant] whatever a fallback does', () => {
  it.each<{ given: string; does: (set: ReturnType<typeof fallen>, caller: AbortController) => void; then: unknown }>([
    {
      given: 'updates its policy',
      does: ({ registry, policy }) => void registry.updatePolicy(policy.name, { fallback: false }),
      then: 'spare',
    },
    { given: 'disposes of its policy', does: ({ policy }) => policy.dispose(), then: 'spare' },
    { given: "aborts its caller's signal", does: (_, caller) => caller.abort('mine'), then: 'ABORTED' },
    { given: 'calls its policy, which fails again', does: ({ run }) => void run({ fallback: { value: 'inner' } }), then: 'spare' },
  ])('its call settles once: $given', async ({ does, then }) => {
    withDiag();
    const caller = new AbortController();
    const set = fallen({
      fallback: {
        run: () => {
          does(set, caller);
          return 'spare';
        },
      },
    });
    const outcome = await set.run({ signal: caller.signal, operation: 'outer' });
    expect(outcome.ok ? outcome.value : outcome.stopReason).toBe(then);
    await set.clock.runAll();
    telemetry.expectOneCall('outer');
    expect(told()).toEqual([]);
    await telemetry.reset();
    expect(await telemetry.gauge('redress.active_calls', { 'redress.policy': set.policy.name })).toBe(0);
    expect(await telemetry.gauge('redress.attempt.abandoned', { 'redress.policy': set.policy.name })).toBe(0);
  });
});

it('[fallback.told-how] the span of the call is active in it, and says what answered and for what', async () => {
  const seen: unknown[] = [];
  const { run } = fallen({ fallback: { run: () => void seen.push(trace.getActiveSpan()?.spanContext().spanId) } });
  await run();
  const [span] = telemetry.calls();
  expect(seen).toEqual([span?.spanId]);
  expect(span?.attributes).toMatchObject({ 'redress.outcome': 'success', 'redress.answered_by': 'fallback' });
  const facts = { 'redress.stop_reason': 'MAX_ATTEMPTS_GLOBAL', 'error.class': 'SERVER_ERROR', 'error.type': '503' };
  expect(await telemetry.counter('redress.events', { 'redress.event': 'fallback_used', ...facts })).toBe(1);
});

function outcomeError(outcome: { readonly ok: boolean; readonly error?: unknown }): unknown {
  return outcome.error;
}

import type { Attempt } from '../model/Attempt.js';
import type { CallOptions } from './CallOptions.js';
import { AbortRetryError } from '../model/errors/AbortRetryError.js';
import type { Policy } from '../policy/Policy.js';
import type { PolicyOptions } from '../policy/PolicyOptions.js';
import { createRegistry } from '../policy/Registry.js';
import { FakeClock } from '../testing/FakeClock.js';
import { fixed } from '../testing/fixedBackoffs.js';
import { inMemoryTelemetry } from '../testing/inMemoryTelemetry.js';
import type { TelemetryHarness } from '../testing/TelemetryHarness.js';
import { withStatus } from './fixtures/script.js';

/** What a call tells of its failures, its aborts and its wasted time, whichever way it goes. */

let telemetry: TelemetryHarness;
let clock: FakeClock;
beforeAll(async () => {
  telemetry = await inMemoryTelemetry({ config: { logSeverity: 'DEBUG' } });
});
beforeEach(async () => {
  await telemetry.reset();
  clock = new FakeClock();
});
afterAll(() => telemetry.shutdown());

const busy = (): never => {
  throw withStatus(503);
};
const retrying = { maxAttempts: 3, backoff: fixed(10, 10), budget: false } as const;
const policyOf = (options: PolicyOptions = {}, name = 'told'): Policy =>
  createRegistry().policy(name, { clock, retry: retrying, ...options });

/** An attempt without any time left. */
async function over(): Promise<Attempt> {
  return policyOf({}, 'over')
    .call((attempt) => [attempt])
    .then(([attempt]) => attempt as Attempt);
}

/** Name and attempt of the events that say how an attempt failed: on the span and in the log alike. */
function failuresTold(operation = 'told'): string[] {
  const told = (name: string | undefined, attributes: Readonly<Record<string, unknown>>): string[] =>
    'error.class' in attributes ? [`${name} ${String(attributes['retry.attempt'])} ${String(attributes['error.class'])}`] : [];
  const onSpan = telemetry.calls(operation).flatMap(({ events }) => events.flatMap(({ name, attributes }) => told(name, attributes)));
  const inLog = telemetry.logs().filter(({ attributes }) => attributes['operation'] === operation);
  expect(inLog.flatMap(({ eventName, attributes }) => told(eventName?.replace('redress.', ''), attributes))).toEqual(onSpan);
  return onSpan;
}

describe('a failed attempt', () => {
  it.each<{ given: string; does: () => Promise<unknown>; told: string[] }>([
    {
      given: 'a sleep handler that gives it up',
      does: () => policyOf().settle(busy, { sleep: () => 'abort' }),
      told: ['aborted 1 SERVER_ERROR'],
    },
    {
      given: 'an abort while the sleep handler thinks',
      does: () => {
        const controller = new AbortController();
        clock.setTimeout(() => controller.abort(), 5);
        return policyOf().settle(busy, { signal: controller.signal, sleep: () => new Promise(() => undefined) });
      },
      told: ['aborted 1 SERVER_ERROR'],
    },
    {
      given: 'an abort in the wait after it',
      does: () => {
        const controller = new AbortController();
        clock.setTimeout(() => controller.abort(), 5);
        return policyOf().settle(busy, { signal: controller.signal });
      },
      told: ['retry 1 SERVER_ERROR'],
    },
    {
      given: 'an AbortRetryError of the second',
      does: () => {
        let calls = 0;
        return policyOf().settle(() => {
          if (++calls === 1) busy();
          throw new AbortRetryError();
        });
      },
      told: ['retry 1 SERVER_ERROR'],
    },
    {
      given: 'a deadline while the sleep handler thinks',
      does: () => policyOf({ timeoutMs: 50 }).settle(busy, { sleep: () => new Promise(() => undefined) }),
      told: ['deadline_exceeded 1 SERVER_ERROR'],
    },
    {
      given: 'a deadline in the wait after it',
      does: () => policyOf({ timeoutMs: 50, retry: { ...retrying, backoff: fixed(30, 30) } }).settle(busy),
      told: ['retry 1 SERVER_ERROR', 'deadline_exceeded 2 SERVER_ERROR'],
    },
    {
      given: 'a deferral, and a resumption that fails again',
      does: async () => {
        const policy = policyOf();
        await policy.settle(busy, { sleep: () => 'defer' });
        await policy.settle(busy, { resume: { attempt: 1, previousDelayMs: 10 } });
      },
      told: ['scheduled 1 SERVER_ERROR', 'retry 2 SERVER_ERROR', 'max_attempts_exceeded 3 SERVER_ERROR'],
    },
    {
      given: 'no attempt, for there was no time',
      does: async () => policyOf().settle(busy, { parent: await over() }),
      told: [],
    },
    {
      given: 'no attempt of a resumption, for there was no time',
      does: async () => policyOf().settle(busy, { parent: await over(), resume: { attempt: 2, previousDelayMs: 1 } }),
      told: [],
    },
    {
      given: 'no attempt, for all places of the bulkhead were taken until the end',
      does: () => {
        const policy = policyOf({ timeoutMs: 50, bulkhead: { maxConcurrent: 1, maxQueued: 1 } });
        void policy.settle(() => new Promise(() => undefined), { operation: 'before', timeoutMs: 1_000 });
        return policy.settle(busy);
      },
      told: [],
    },
  ])('[call.failures-told-once] is told by one event: $given', async ({ does, told }) => {
    await clock.until(does());
    expect(failuresTold()).toEqual(told);
    const counted = (await telemetry.metrics()).filter(({ name, attributes }) => name === 'redress.events' && 'error.class' in attributes);
    const sum = counted
      .filter(({ attributes }) => attributes['operation'] === 'told')
      .map((one) => (one.kind === 'histogram' ? 0 : one.value));
    expect(sum.reduce((a, b) => a + b, 0)).toBe(told.length);
  });
});

describe('an aborted call', () => {
  const hangs = (): Promise<never> => new Promise(() => undefined);
  const left = (): AbortSignal => {
    const controller = new AbortController();
    clock.setTimeout(() => controller.abort(), 5);
    return controller.signal;
  };
  it.each<{ source: string; given: string; fn: (attempt: Attempt) => unknown; options: () => CallOptions }>([
    { source: 'caller', given: 'its signal had fired before', fn: hangs, options: () => ({ signal: AbortSignal.abort() }) },
    { source: 'caller', given: 'its signal fires in an attempt', fn: hangs, options: () => ({ signal: left() }) },
    { source: 'caller', given: 'its signal fires in a wait', fn: busy, options: () => ({ signal: left() }) },
    {
      source: 'function',
      given: 'it throws an AbortRetryError',
      fn: () => Promise.reject(new AbortRetryError()),
      options: () => ({}),
    },
    {
      source: 'function',
      given: 'it rejects with an AbortError of its own',
      fn: () => Promise.reject(new DOMException('off', 'AbortError')),
      options: () => ({}),
    },
    { source: 'sleep', given: 'the handler says so', fn: busy, options: () => ({ sleep: () => 'abort' }) },
    { source: 'sleep', given: 'the handler says so later', fn: busy, options: () => ({ sleep: async () => 'abort' }) },
  ])('[call.abort-source] says $source when $given', async ({ source, fn, options }) => {
    await clock.until(policyOf().settle(fn, options()));
    const [span] = telemetry.calls('told');
    expect(span?.events.at(-1)).toMatchObject({ name: 'aborted', attributes: { 'redress.abort.source': source } });
    expect(telemetry.logs().at(-1)?.attributes).toMatchObject({ 'redress.event': 'aborted', 'redress.abort.source': source });
  });

  it.each(['is over', 'runs out of time', 'is aborted'])('[call.abort-source] says parent when the attempt around it %s', async (how) => {
    const controller = new AbortController();
    const inner = policyOf({}, 'inner');
    const outer = policyOf({ attemptTimeoutMs: 20, retry: false }, 'outer');
    const fn = (attempt: Attempt): unknown => {
      void inner.settle(hangs, { parent: attempt });
      if (how === 'is aborted') clock.setTimeout(() => controller.abort(), 5);
      return how === 'is over' ? 1 : hangs();
    };
    await clock.until(outer.settle(fn, { signal: controller.signal }));
    const [span] = telemetry.calls('inner');
    expect(span?.events.at(-1)).toMatchObject({ name: 'aborted', attributes: { 'redress.abort.source': 'parent' } });
  });
});

describe('wasted time', () => {
  const wasted = async (): Promise<Record<string, number>> => {
    const rows = (await telemetry.metrics()).filter(({ name }) => name === 'redress.wasted.time');
    const values = rows.flatMap((row) => (row.kind === 'histogram' || row.value === 0 ? [] : [[row.attributes, row.value] as const]));
    return Object.fromEntries(
      values.map(([of, value]) => [`${String(of['operation'])} ${String(of['error.class'])} ${String(of['redress.waste'])}`, value]),
    );
  };
  /** Takes its time, and hears of nothing. */
  const takes =
    (ms: number, then: () => unknown = () => 1) =>
    (): Promise<unknown> =>
      clock.sleep(ms).then(then);

  it.each<{ given: string; options: PolicyOptions; fn: () => unknown; then: Record<string, number> }>([
    { given: 'a success', options: {}, fn: () => takes(500)(), then: {} },
    {
      given: 'an attempt that fails by itself',
      options: { retry: false },
      fn: () => takes(500, busy)(),
      then: { 'told SERVER_ERROR failed_attempt': 0.5 },
    },
    {
      given: 'an attempt that runs out of time, and a function that succeeds later',
      options: { retry: false, attemptTimeoutMs: 200 },
      fn: () => takes(500)(),
      then: { 'told TRANSIENT failed_attempt': 0.2, 'told TRANSIENT abandoned': 0.3 },
    },
    {
      given: 'a call that runs out of time, and a function that fails later',
      options: { timeoutMs: 100 },
      fn: () => takes(1_100, busy)(),
      then: { 'told TRANSIENT failed_attempt': 0.1, 'told TRANSIENT abandoned': 1 },
    },
    {
      given: 'a function that never ends',
      options: { retry: false, attemptTimeoutMs: 200 },
      fn: () => new Promise(() => undefined),
      then: { 'told TRANSIENT failed_attempt': 0.2 },
    },
    {
      given: 'each of three that run on over one another',
      options: { attemptTimeoutMs: 100 },
      fn: () => takes(300)(),
      then: { 'told TRANSIENT failed_attempt': 0.3, 'told TRANSIENT abandoned': 0.6 },
    },
  ])('[call.wasted-time] is $then of $given', async ({ options, fn, then }) => {
    await clock.until(policyOf(options).settle(fn));
    await clock.runAll();
    const got = await wasted();
    expect(Object.keys(got).sort()).toEqual(Object.keys(then).sort());
    for (const [key, value] of Object.entries(then)) expect(got[key]).toBeCloseTo(value, 9);
  });

  it('[call.wasted-time] is counted when the function ends, and once', async () => {
    await clock.until(policyOf({ retry: false, attemptTimeoutMs: 200 }).settle(takes(500)));
    expect(await wasted()).toEqual({ 'told TRANSIENT failed_attempt': expect.closeTo(0.2, 9) });
    await clock.advance(300);
    expect((await wasted())['told TRANSIENT abandoned']).toBeCloseTo(0.3, 9);
    await clock.advance(5_000);
    expect((await wasted())['told TRANSIENT abandoned']).toBeCloseTo(0.3, 9);
  });

  it.each(['caller', 'function'])('[call.wasted-time] is none of what the %s aborts', async (who) => {
    const controller = new AbortController();
    clock.setTimeout(() => controller.abort(), 50);
    const give = (): never => {
      throw new AbortRetryError();
    };
    await clock.until(
      who === 'caller' ? policyOf().settle(takes(500), { signal: controller.signal }) : policyOf().settle(takes(500, give)),
    );
    await clock.runAll();
    expect(await wasted()).toEqual({});
  });

  it('[call.wasted-time] is counted by each of two nested policies; what the outer ends is not the inner one’s', async () => {
    const inner = policyOf({ retry: false }, 'inner');
    const outer = policyOf({ retry: false }, 'outer');
    await clock.until(outer.settle((parent) => inner.call(takes(400, busy), { parent })));
    const both = {
      'inner SERVER_ERROR failed_attempt': expect.closeTo(0.4, 9),
      'outer SERVER_ERROR failed_attempt': expect.closeTo(0.4, 9),
    };
    expect(await wasted()).toEqual(both);
    await telemetry.reset();
    const hasty = policyOf({ retry: false, attemptTimeoutMs: 100 }, 'hasty');
    await clock.until(hasty.settle((parent) => inner.call(takes(400), { parent }).then(takes(200), takes(200))));
    await clock.runAll();
    expect(await wasted()).toEqual({
      'hasty TRANSIENT failed_attempt': expect.closeTo(0.1, 9),
      'hasty TRANSIENT abandoned': expect.closeTo(0.2, 9),
    });
  });

  it('[call.wasted-time] costs nothing where nobody listens: nothing is kept of a function that runs on', async () => {
    await telemetry.shutdown();
    try {
      const policy = policyOf({ retry: false, attemptTimeoutMs: 200 });
      expect(await clock.until(policy.settle(takes(500)))).toMatchObject({ ok: false });
      await clock.runAll();
    } finally {
      telemetry = await inMemoryTelemetry({ config: { logSeverity: 'DEBUG' } });
    }
    expect(await wasted()).toEqual({});
  });
});

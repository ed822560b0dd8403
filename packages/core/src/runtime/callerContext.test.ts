import { AsyncLocalStorage } from 'node:async_hooks';
import { Bulkhead } from '../gates/bulkhead/Bulkhead.js';
import type { CallOptions } from './CallOptions.js';
import type { PolicyOptions } from '../policy/PolicyOptions.js';
import { createRegistry } from '../policy/Registry.js';
import { FakeClock } from '../testing/FakeClock.js';
import { inMemoryTelemetry } from '../testing/inMemoryTelemetry.js';
import type { TelemetryHarness } from '../testing/TelemetryHarness.js';
import { hangs, rejects, throws, withStatus, type Step } from './fixtures/script.js';

/** What a request carries with it: who asks. */
const requestOf = new AsyncLocalStorage<string>();
const busy = withStatus(503);

let telemetry: TelemetryHarness;
let inCallHook: () => void;
beforeAll(async () => {
  telemetry = await inMemoryTelemetry({ config: { callHook: () => inCallHook() } });
});
afterAll(() => telemetry.shutdown());

/** How a call comes to its hooks: what its first attempts do, and what becomes of it. */
const WAYS: readonly {
  readonly way: string;
  readonly first: Step;
  readonly options?: PolicyOptions;
  readonly aborts?: boolean;
  /** Milliseconds that another request holds the one place of the bulkhead. */
  readonly queuesMs?: number;
}[] = [
  { way: 'a rejection', first: rejects(busy) },
  { way: 'a synchronous throw', first: throws(busy) },
  { way: "an attempt's timeout", first: hangs, options: { attemptTimeoutMs: 50 } },
  { way: 'a deadline', first: hangs, options: { timeoutMs: 500 } },
  { way: "the caller's signal", first: hangs, aborts: true },
  { way: 'a place in a queue', first: rejects(busy), queuesMs: 100 },
  { way: 'a deadline in a queue', first: rejects(busy), queuesMs: 1e6, options: { timeoutMs: 500 } },
];

/** Runs one call of a request, with each of the user's functions looking at whose context it is in; gives what they saw. */
async function seenBy(
  request: string,
  { first, options, aborts, queuesMs }: (typeof WAYS)[number],
  withStorage: boolean,
): Promise<Set<unknown>> {
  const seen = new Map<string, Set<unknown>>();
  /** Looks, then gives what the policy asked for. */
  const look = <T>(where: string, gives?: T): T | undefined => {
    seen.set(where, (seen.get(where) ?? new Set()).add(requestOf.getStore()));
    return gives;
  };
  const saying = <T>(where: string, gives: T): T => look(where, gives) ?? gives;
  inCallHook = () => void look('callHook');
  const clock = new FakeClock();
  const bulkhead = new Bulkhead({ maxConcurrent: 1, maxQueued: 1 });
  const record = (): void => void look('record');
  const policy = createRegistry().policy('users', {
    clock,
    circuitBreaker: { trip: { type: 'consecutive', failures: 2 }, recoveryMs: () => saying('recoveryMs', 1) },
    retry: {
      maxAttempts: 4,
      backoff: Object.assign(() => saying('backoff', 20), { record }),
      sleep: async () => saying('sleep', 'sleep' as const),
      beforeSleep: () => void look('beforeSleep'),
      budget: false,
    },
    classify: () => look('classify'),
    ...(queuesMs === undefined ? {} : { bulkhead }),
    ...options,
  });
  // Whoever hands the place over is somebody else too.
  if (queuesMs !== undefined) requestOf.run('the one before', () => void bulkhead.run(() => clock.sleep(queuesMs)));
  const controller = new AbortController();
  const call: CallOptions = { signal: controller.signal, classifyResult: () => look('classifyResult') };
  const start = () =>
    policy.settle((attempt) => {
      look('the function');
      attempt.signal.addEventListener('abort', () => look("the attempt's signal"));
      return first(attempt);
    }, call);
  const outcome = withStorage ? requestOf.run(request, start) : start();
  // Whoever moves the time, and whoever aborts, is somebody else.
  await requestOf.run('somebody else', async () => {
    await clock.advance(aborts === true ? 100 : 60_000);
    if (aborts === true) controller.abort('gone');
  });
  await outcome;
  expect([...seen.keys()]).toContain('callHook');
  expect(seen.has('the function')).toBe(queuesMs !== 1e6);
  return new Set([...seen.values()].flatMap((each) => [...each]));
}

describe("[call.caller-context] whatever is the user's runs in the caller's context", () => {
  it.each(WAYS)('whatever wakes the call: $way', async (way) => {
    expect(await seenBy('mine', way, true)).toEqual(new Set(['mine']));
  });

  it.each(WAYS)('and without an AsyncLocalStorage in none: $way', async (way) => {
    expect(await seenBy('mine', way, false)).toEqual(new Set([undefined]));
  });

  it('each of many calls at once in its own, on real timers', async () => {
    const policy = createRegistry().policy('shared', { retry: { backoff: () => 5, budget: false } });
    const wrong: string[] = [];
    const requests = Array.from({ length: 20 }, (_, index) => `request ${index}`);
    await Promise.all(
      requests.map((request) =>
        requestOf.run(request, () =>
          policy.call(async ({ number }) => {
            if (requestOf.getStore() !== request) wrong.push(`attempt ${number} of ${request} saw ${requestOf.getStore()}`);
            if (number < 3) throw busy;
          }),
        ),
      ),
    );
    expect(wrong).toEqual([]);
  });
});

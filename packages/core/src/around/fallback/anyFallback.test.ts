import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { AbortRetryError } from '../../model/errors/AbortRetryError.js';
import type { PolicyOptions } from '../../policy/PolicyOptions.js';
import { createRegistry, type Registry } from '../../policy/Registry.js';
import { errorOf } from '../../runtime/fixtures/script.js';
import { STOP_EVENT } from '../../model/StopReason.js';
import { FakeClock } from '../../testing/FakeClock.js';
import { fixed } from '../../testing/fixedBackoffs.js';
import { inMemoryTelemetry } from '../../testing/inMemoryTelemetry.js';
import type { TelemetryHarness } from '../../testing/TelemetryHarness.js';
import type { FallbackOptions, FallbackReason } from './options.js';

/** What a function does, as data: of an attempt, a fallback, an alternate. */
interface Deed {
  readonly afterMs: number | undefined;
  readonly ends: 'gives' | 'TRANSIENT' | 'SERVER_ERROR' | 'PERMANENT' | 'UNKNOWN' | 'gives up' | 'never';
}

const deed: fc.Arbitrary<Deed> = fc.record({
  afterMs: fc.option(fc.integer({ min: 0, max: 400 }), { nil: undefined }),
  ends: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom('gives', 'TRANSIENT', 'SERVER_ERROR', 'PERMANENT', 'UNKNOWN') },
    { weight: 2, arbitrary: fc.constantFrom('gives up', 'never') },
  ),
});
const failing = fc.oneof({ weight: 4, arbitrary: deed.filter(({ ends }) => ends !== 'gives') }, { weight: 1, arbitrary: deed });
const reasons: readonly FallbackReason[] = ['TRANSIENT', 'SERVER_ERROR', 'PERMANENT', 'UNKNOWN', 'CIRCUIT_OPEN', 'DEADLINE_EXCEEDED'];

const clause = fc.record({
  kind: fc.constantFrom('value', 'promise', 'run', 'alternates'),
  deeds: fc.array(fc.record({ deed, sick: fc.boolean() }), { minLength: 1, maxLength: 3 }),
  on: fc.option(fc.subarray([...reasons]), { nil: undefined, freq: 2 }),
  timeoutMs: fc.option(fc.integer({ min: 1, max: 600 }), { nil: undefined }),
});
type Clause = typeof clause extends fc.Arbitrary<infer T> ? T : never;

const script = fc.record({
  deeds: fc.array(failing, { minLength: 1, maxLength: 4 }),
  clauses: fc.array(clause, { minLength: 1, maxLength: 3 }),
  ownCall: fc.boolean(),
  maxAttempts: fc.integer({ min: 1, max: 3 }),
  timeoutMs: fc.integer({ min: 50, max: 800 }),
  attemptTimeoutMs: fc.integer({ min: 1, max: 50 }),
  failures: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  forcedOpen: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  abortAtMs: fc.option(fc.integer({ min: 0, max: 900 }), { nil: undefined, freq: 2 }),
});

let telemetry: TelemetryHarness;
beforeAll(async () => {
  telemetry = await inMemoryTelemetry();
});
afterAll(() => telemetry.shutdown());

const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
beforeAll(() => void process.on('unhandledRejection', onUnhandled));
afterAll(() => void process.off('unhandledRejection', onUnhandled));

/** Functions that do deeds, and know how many of them run. */
class Doers {
  running = 0;
  constructor(private readonly clock: FakeClock) {}

  do({ afterMs, ends }: Deed, value: unknown): unknown {
    if (ends === 'never') {
      this.running += 1;
      return new Promise(() => undefined);
    }
    const end = (): unknown => {
      if (ends === 'gives') return value;
      throw ends === 'gives up' ? new AbortRetryError('enough') : errorOf[ends]();
    };
    if (afterMs === undefined) return end();
    this.running += 1;
    return this.clock.sleep(afterMs).then(() => {
      this.running -= 1;
      return end();
    });
  }
}

/** The fallback of a script; `ran` is told of each that runs. */
function fallbackOf(
  given: Clause,
  index: number,
  clock: FakeClock,
  registry: Registry,
  ran: (name: string, doers?: Doers) => void,
): FallbackOptions {
  const { kind, deeds, on, timeoutMs } = given;
  const shared = { on, timeoutMs };
  const doers = new Doers(clock);
  const [{ deed: first }] = deeds as [Clause['deeds'][number]];
  if (kind === 'value') return { ...shared, value: `value ${index}` };
  if (kind === 'promise')
    return { ...shared, value: first.ends === 'gives' ? Promise.resolve('promised') : Promise.reject(errorOf.PERMANENT()) };
  if (kind === 'run')
    return {
      ...shared,
      run: () => {
        ran(`run ${index}`, doers);
        return doers.do(first, `run ${index}`);
      },
    };
  const alternates = deeds.map(({ deed: what, sick }, number) => {
    const name = `alternate ${index}.${number}`;
    const policy = registry.policy(name, { clock, retry: false, circuitBreaker: {}, attemptTimeoutMs: 300, timeoutMs: 500 });
    if (sick) policy.circuitBreaker.forceOpen();
    const run = (): unknown => {
      ran(name);
      return doers.do(what, name);
    };
    return { policy, run };
  });
  return { ...shared, alternates };
}

type Script = typeof script extends fc.Arbitrary<infer T> ? T : never;

async function hold(given: Script): Promise<void> {
  await telemetry.reset();
  const registry = createRegistry();
  try {
    await holdIn(registry, given);
  } finally {
    // What still runs in its functions is not the next one's.
    registry.getPolicy('any')?.dispose();
  }
}

async function holdIn(registry: Registry, given: Script): Promise<void> {
  const clock = new FakeClock();
  const ran: string[] = [];
  const doers: Doers[] = [];
  const fallback = given.clauses.map((one, index) =>
    fallbackOf(one, index, clock, registry, (name, who) => {
      ran.push(name);
      if (who !== undefined) doers.push(who);
    }),
  );
  const options: PolicyOptions<unknown> = {
    clock,
    random: () => 0.5,
    retry: { maxAttempts: given.maxAttempts, backoff: fixed(20), budget: false },
    timeoutMs: given.timeoutMs,
    attemptTimeoutMs: given.attemptTimeoutMs,
    bulkhead: { maxConcurrent: 1 },
    circuitBreaker: { trip: { type: 'consecutive', failures: given.failures ?? 100 } },
    ...(!given.ownCall && { fallback }),
  };
  const policy = registry.policy('any', options);
  if (given.forcedOpen) policy.circuitBreaker?.forceOpen();
  const own = new Doers(clock);
  doers.push(own);
  let attempts = 0;
  const controller = new AbortController();
  let settlings = 0;
  const call = policy.settle(
    () => {
      const what = given.deeds[attempts] ?? given.deeds[0];
      attempts += 1;
      return what && own.do(what, 'fine');
    },
    { signal: controller.signal, timeline: true, ...(given.ownCall && { fallback }) },
  );
  void call.then(() => (settlings += 1));
  if (given.abortAtMs !== undefined) clock.setTimeout(() => controller.abort('gone'), given.abortAtMs);
  const outcome = await clock.until(call);
  const { timeline = [] } = outcome;
  const mostMs =
    given.timeoutMs +
    Math.max(...given.clauses.map(({ timeoutMs, kind }) => timeoutMs ?? (kind === 'alternates' ? given.timeoutMs : 1_000)));
  expect(outcome.elapsedMs).toBeLessThanOrEqual(mostMs);
  // Nothing of it holds anything, waits for anything or listens.
  expect([policy.bulkhead?.inFlight === 0 || own.running > 0, getEventListeners(controller.signal, 'abort')]).toEqual([true, []]);
  const ranAtEnd = ran.length;
  await clock.runAll();
  expect([settlings, ran.length, clock.pending]).toEqual([1, ranAtEnd, 0]);
  expect(await telemetry.gauge('redress.active_calls', { 'redress.policy': 'any' })).toBe(0);
  expect(await telemetry.gauge('redress.attempt.abandoned', { 'redress.policy': 'any' })).toBe(
    doers.reduce((sum, { running }) => sum + running, 0),
  );

  // One fallback at most, which runs once; alternates each once at most, those that are well.
  expect(new Set(ran).size).toBe(ran.length);
  expect(new Set(ran.map((name) => (/\d+/.exec(name) ?? [])[0])).size).toBeLessThanOrEqual(1);
  const sick = given.clauses.flatMap(({ deeds }, index) =>
    deeds.flatMap((one, number) => (one.sick ? [`alternate ${index}.${number}`] : [])),
  );
  expect(ran.filter((name) => sick.includes(name))).toEqual([]);

  // It is told, once, for calls that failed, with how they would have ended; and the end is one.
  const used = timeline.filter(({ event }) => event === 'fallback_used');
  expect(used.length).toBeLessThanOrEqual(1);
  if (ran.length > 0) expect(used).toHaveLength(1);
  const { span } = telemetry.expectOneCall('any').attempts(attempts);
  const names = span.events.map(({ name }) => name);
  expect(names.filter((name) => name === 'fallback_used')).toHaveLength(used.length);
  const end = outcome.ok ? 'success' : STOP_EVENT[outcome.stopReason];
  expect(timeline.at(-1)?.event).toBe(end);
  expect(span.attributes['redress.answered_by']).toBe(outcome.ok ? outcome.answeredBy : undefined);
  if (outcome.ok) {
    expect('answeredBy' in outcome).toBe(used.length === 1);
    expect(outcome.insteadOf?.stopReason).toBe(used[0]?.stopReason);
  } else if (outcome.stopReason === 'FALLBACK_FAILED') expect(outcome.insteadOf?.stopReason).toBe(used[0]?.stopReason);
  else if (outcome.stopReason !== 'ABORTED') expect(used).toEqual([]);
  const terminal = new Set<string>([...Object.values(STOP_EVENT), 'success']);
  expect(names.filter((name) => terminal.has(name)).length).toBe(outcome.ok && attempts === 1 && used.length === 0 ? 0 : 1);
  // What was aborted or deferred is answered for by nobody.
  expect(['ABORTED', 'SCHEDULED', 'FALLBACK_FAILED']).not.toContain(used[0]?.stopReason);
  await telemetry.conserve();
  await new Promise((resolve) => setImmediate(resolve));
  expect(unhandled).toEqual([]);
}

describe('any call with any fallback', () => {
  it('[call.always-settles] [call.one-terminal-event] [fallback.once] [fallback.failures-only] [fallback.late] settles once, tells the truth and leaves nothing behind', async () => {
    await fc.assert(fc.asyncProperty(script, hold), { numRuns: 250 });
  }, 60_000);
});

import type { PolicyOptions } from '../../policy/PolicyOptions.js';
import { createRegistry } from '../../policy/Registry.js';
import { withStatus } from '../../runtime/fixtures/script.js';
import { FakeClock } from '../../testing/FakeClock.js';
import { inMemoryTelemetry } from '../../testing/inMemoryTelemetry.js';
import { seededRandom } from '../../testing/seededRandom.js';
import type { TelemetryHarness } from '../../testing/TelemetryHarness.js';
import { AdaptiveThrottle } from './AdaptiveThrottle.js';
import type { AdaptiveThrottleOptions } from './options.js';
import { ThrottledError } from './ThrottledError.js';

let telemetry: TelemetryHarness;
beforeAll(async () => {
  telemetry = await inMemoryTelemetry();
});
beforeEach(() => telemetry.reset());
afterAll(() => telemetry.shutdown());

let made = 0;

function setUp(
  throttle: AdaptiveThrottleOptions | AdaptiveThrottle = { minimumRequests: 2 },
  options: PolicyOptions = {},
  clock = new FakeClock(),
) {
  made += 1;
  const policy = createRegistry().policy(`throttled ${made}`, { clock, random: () => 0.5, retry: false, throttle, ...options });
  /** Makes so many calls, one after the other. */
  const send = async (times: number, fn: () => unknown) => {
    const reasons: (string | undefined)[] = [];
    for (let call = 0; call < times; call += 1) {
      const outcome = await policy.settle(fn);
      reasons.push(outcome.ok ? undefined : outcome.stopReason);
    }
    return reasons;
  };
  return { clock, policy, send };
}

const failing = (status: number) => () => Promise.reject(withStatus(status));

describe('a policy with an adaptive throttle', () => {
  it('[throttle.refuses] refuses by chance when too much is turned away, and does not call its function', async () => {
    const { policy, send } = setUp();
    await send(3, failing(503));
    expect(policy.throttle?.rejectionProbability).toBe(0.75);
    let called = 0;
    expect(await policy.settle(() => (called += 1))).toMatchObject({ ok: false, stopReason: 'THROTTLED', attempts: 0, retryAfterMs: 0 });
    await expect(policy.call(() => (called += 1))).rejects.toMatchObject({
      name: 'ThrottledError',
      message: `Throttle ${policy.name} refuses 83 % of what is sent: the other side turned too much away lately`,
      throttle: policy.name,
      rejectionProbability: 5 / 6,
      errorClass: 'TRANSIENT',
    });
    await expect(policy.call(() => (called += 1))).rejects.toBeInstanceOf(ThrottledError);
    expect(called).toBe(0);
  });

  it('[throttle.probes] goes on letting some through, which find out when the other side is back', async () => {
    const { clock, policy, send } = setUp({ minimumRequests: 2, windowMs: 32_000 }, { random: seededRandom(5) });
    await send(20, failing(503));
    expect((await send(300, failing(503))).filter((reason) => reason !== 'THROTTLED')).not.toEqual([]);
    let accepted = 0;
    for (let second = 0; second < 120; second += 1) {
      accepted = (await send(10, () => 'back')).filter((reason) => reason === undefined).length;
      await clock.advance(1_000);
    }
    expect([accepted, policy.throttle?.rejectionProbability]).toEqual([10, 0]);
  });

  it.each<{ given: string; fn: () => unknown; rejected: boolean }>([
    { given: 'a 429', fn: failing(429), rejected: true },
    { given: 'a 503', fn: failing(503), rejected: true },
    { given: 'a lost connection', fn: () => Promise.reject(Object.assign(new Error('lost'), { code: 'ECONNRESET' })), rejected: true },
    { given: 'a 404', fn: failing(404), rejected: false },
    { given: 'a 409', fn: failing(409), rejected: false },
    { given: 'what nobody knows', fn: () => Promise.reject(new Error('odd')), rejected: false },
    { given: 'a success', fn: () => 'fine', rejected: false },
  ])('[throttle.reject-on] counts $given as turned away: $rejected', async ({ fn, rejected }) => {
    const { policy, send } = setUp({ minimumRequests: 1 });
    await send(1, fn);
    expect(policy.throttle?.rejectionProbability).toBe(rejected ? 0.5 : 0);
  });

  it('[throttle.reject-on] goes by the classes that are given', async () => {
    const { policy, send } = setUp({ minimumRequests: 1, rejectOn: ['CONCURRENCY'] });
    await send(1, failing(503));
    expect(policy.throttle?.rejectionProbability).toBe(0);
    await send(3, failing(409));
    expect(policy.throttle?.rejectionProbability).toBe(2 / 5);
  });

  it('[throttle.neutral] what is aborted, refused inside or cannot be judged counts for nothing', async () => {
    const { policy, send } = setUp(
      { minimumRequests: 1 },
      { rateLimiter: { limit: 1, windowMs: 1e6 }, classify: (error) => (error === 'odd' ? ('NOTHING' as 'UNKNOWN') : undefined) },
    );
    await send(1, () => Promise.reject('odd'));
    expect(await send(5, failing(503))).toEqual(Array(5).fill('RATE_LIMITED'));
    expect(policy.throttle?.rejectionProbability).toBe(0);
    const other = setUp({ minimumRequests: 1 });
    const controller = new AbortController();
    const aborted = other.policy.settle(() => new Promise(() => {}), { signal: controller.signal });
    controller.abort();
    await aborted;
    expect(other.policy.throttle?.rejectionProbability).toBe(0);
  });

  it('[throttle.neutral] its refusal is nothing to a breaker around it', async () => {
    const { clock, policy, send } = setUp();
    await send(3, failing(503));
    const outer = createRegistry().policy('around', {
      clock,
      circuitBreaker: { trip: { type: 'consecutive', failures: 1 } },
      retry: { maxAttempts: 2, backoff: () => 10 },
    });
    const outcome = outer.settle(() => policy.call(() => 1), { idempotent: false });
    await clock.advance(10);
    expect(await outcome).toMatchObject({ attempts: 2, errorClass: 'TRANSIENT', stopReason: 'MAX_ATTEMPTS_GLOBAL' });
    expect(outer.circuitBreaker.state).toBe('closed');
  });

  it('[throttle.window] counts an attempt when it has ended: slow ones under way are not taken for turned away', async () => {
    const { clock, policy } = setUp({ minimumRequests: 1 });
    const slow = Array.from({ length: 100 }, () => policy.settle(() => clock.sleep(1_000)));
    expect(policy.throttle?.rejectionProbability).toBe(0);
    await clock.advance(1_000);
    expect((await Promise.all(slow)).every(({ ok }) => ok)).toBe(true);
  });

  it('[throttle.refuses] each attempt asks: one refused in the middle of a retry ends the call as a failure', async () => {
    const { clock, policy } = setUp({ minimumRequests: 1, multiplier: 1 }, { random: () => 0, retry: { backoff: () => 10 } });
    const failed = withStatus(503);
    const outcome = policy.settle(() => Promise.reject(failed));
    await clock.advance(10);
    expect(await outcome).toMatchObject({ stopReason: 'THROTTLED', attempts: 1, errorClass: 'SERVER_ERROR', error: { cause: failed } });
    const [span] = telemetry.spans();
    expect(span?.attributes).toMatchObject({
      'redress.outcome': 'failure',
      'redress.stop_reason': 'THROTTLED',
      'error.class': 'SERVER_ERROR',
    });
  });

  it.each<{ given: string; random: () => number }>([
    { given: 'throws', random: () => JSON.parse('{') },
    { given: 'gives NaN', random: () => Number.NaN },
    { given: 'gives 7', random: () => 7 },
  ])('[call.chance-sanitised] for a random that $given a half serves', async ({ random }) => {
    const { policy, send } = setUp({ minimumRequests: 1, multiplier: 1 }, { random });
    await send(1, () => 'fine');
    await send(1, failing(503));
    expect(policy.throttle?.rejectionProbability).toBeCloseTo(1 / 3);
    expect(await send(1, failing(503))).toEqual(['MAX_ATTEMPTS_GLOBAL']);
    await send(1, failing(503));
    expect(await send(1, failing(503))).toEqual(['THROTTLED']);
  });

  it('[throttle.shared] one that several policies of one clock share counts for all', async () => {
    const throttle = new AdaptiveThrottle({ minimumRequests: 2, name: 'api' });
    const clock = new FakeClock();
    const [one, other] = [setUp(throttle, {}, clock), setUp(throttle, {}, clock)];
    await one.send(3, failing(503));
    expect(await other.send(1, () => 1)).toEqual(['THROTTLED']);
    expect([one.policy.throttle, throttle.name]).toEqual([throttle, 'api']);
    expect(() => setUp(throttle, {}, new FakeClock())).toThrow(/throttle must not be an instance that policies of another clock use/);
  });

  it('[registry.update-keeps-state] [registry.update-new-state] an update keeps what it counted where its options did not change', async () => {
    const registry = createRegistry();
    const policy = registry.policy('kept', { clock: new FakeClock(), retry: false, throttle: { minimumRequests: 1 } });
    const before = policy.throttle;
    await policy.settle(failing(503));
    registry.updatePolicy('kept', { timeoutMs: 5_000, throttle: { minimumRequests: 1 } });
    expect([policy.throttle === before, policy.throttle?.rejectionProbability]).toEqual([true, 0.5]);
    registry.updatePolicy('kept', { throttle: { minimumRequests: 2 } });
    expect([policy.throttle === before, policy.throttle?.rejectionProbability]).toEqual([false, 0]);
    registry.updatePolicy('kept', { throttle: false });
    expect(policy.throttle).toBeUndefined();
  });

  it.each<{ given: object; says: string }>([
    { given: { multiplier: 0.5 }, says: 'multiplier must be a finite number, at least 1; got 0.5' },
    { given: { windowMs: 0 }, says: 'windowMs must be a finite number of milliseconds above 0; got 0' },
    { given: { minimumRequests: 0 }, says: 'minimumRequests must be a whole number, at least 1; got 0' },
    { given: { maxRejection: 1 }, says: 'maxRejection must be a number above 0 and below 1; got 1' },
    { given: { maxRejection: 0 }, says: 'maxRejection must be a number above 0 and below 1; got 0' },
    {
      given: { rejectOn: ['BUSY'] },
      says: 'rejectOn must be a list, each one of AUTH, PERMISSION, PERMANENT, CONCURRENCY, RATE_LIMIT, SERVER_ERROR, TRANSIENT, UNKNOWN; got ["BUSY"]',
    },
    { given: { name: '' }, says: 'name must be a string that is not empty; got ""' },
    { given: { k: 2 }, says: 'unknown option k (2); known are multiplier, windowMs, minimumRequests, rejectOn, maxRejection, name' },
  ])('[call.options-validated] [call.options-unknown] [call.options-thresholds] refuses $given', ({ given, says }) => {
    expect(() => Reflect.construct(AdaptiveThrottle, [given])).toThrow(new TypeError(`throttle: ${says}`));
    const options: PolicyOptions = Object.fromEntries([['throttle', given]]);
    expect(() => createRegistry().policy('wrong', options)).toThrow(new TypeError(`policy wrong, throttle: ${says}`));
  });
});

describe('[throttle.told] what telemetry has of a throttle', () => {
  it('a refused call: its span, its event and its duration by outcome and reason', async () => {
    const { policy, send } = setUp();
    await send(2, failing(503));
    await send(1, () => 'never');
    const labels = { 'redress.policy': policy.name };
    expect(await telemetry.counter('redress.events', { ...labels, 'redress.event': 'throttled', 'redress.stop_reason': 'THROTTLED' })).toBe(
      1,
    );
    const [span] = telemetry.spans().filter(({ attributes }) => attributes['redress.stop_reason'] === 'THROTTLED');
    expect(span).toMatchObject({ status: 'error', statusMessage: 'THROTTLED' });
    expect(span?.attributes).toMatchObject({ 'redress.outcome': 'rejected', 'redress.attempt_count': 0 });
    expect(span?.events.map(({ name }) => name)).toEqual(['throttled']);
  });
});

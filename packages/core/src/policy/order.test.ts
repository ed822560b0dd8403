import { CircuitBreaker } from '../gates/index.js';
import { scripted, withStatus, rejects } from '../runtime/fixtures/script.js';
import { FakeClock } from '../testing/FakeClock.js';
import { fixed } from '../testing/fixedBackoffs.js';
import type { PolicyOptions } from './PolicyOptions.js';
import { createRegistry } from './Registry.js';

const bulkhead = { maxConcurrent: 1 };
const queue = { maxConcurrent: 1, maxQueued: 1 };
const made = (options: PolicyOptions<unknown>) => createRegistry().policy('p', options);

describe('[order.refused] an order that makes no sense is refused with the reason', () => {
  it.each<[PolicyOptions<unknown>, string]>([
    [{ order: ['retry', 'retry'] }, 'one that names each stage once: retry stands there twice'],
    [{ order: ['retry'], bulkhead }, 'one that names bulkhead too, which the policy has'],
    [{ order: ['bulkhead'], bulkhead }, 'one that names retry too, which the policy has'],
    [
      { order: ['retry', 'fallback'], fallback: { value: 1 } },
      'one that has fallback before retry: inside, it would hide every failure from what stands around it',
    ],
    [
      { order: ['bulkhead', 'fallback', 'retry'], bulkhead, fallback: { value: 1 } },
      'one that has fallback before bulkhead: inside, it would hide every failure from what stands around it',
    ],
    [
      { order: ['fallback', 'cache', 'retry'], cache: { ttlMs: 1 }, fallback: { value: 1 } },
      'one that has cache before fallback: what it has is asked for before anything else, and is better than what is made up',
    ],
    [
      { order: ['retry', 'circuitBreaker', 'bulkhead'], bulkhead: queue, circuitBreaker: {} },
      "one that has bulkhead before circuitBreaker: a probe's place would be held by a call that waits in a queue",
    ],
    [
      { order: ['circuitBreaker', 'bulkhead', 'retry'], bulkhead: queue, circuitBreaker: {} },
      "one that has bulkhead before circuitBreaker: a probe's place would be held by a call that waits in a queue",
    ],
    [
      { order: ['retry', 'circuitBreaker', 'rateLimiter'], rateLimiter: { limit: 1, maxWaitMs: 1 }, circuitBreaker: {} },
      "one that has rateLimiter before circuitBreaker: a probe's place would be held by a call that waits in a queue",
    ],
    [
      { order: ['rateLimiter', 'retry'], rateLimiter: { limit: 1, scope: 'attempt' } },
      "one that has rateLimiter after retry: its scope is 'attempt'",
    ],
    [
      { order: ['circuitBreaker', 'retry'], circuitBreaker: { scope: 'attempt' } },
      "one that has circuitBreaker after retry: its scope is 'attempt'",
    ],
    [
      { order: ['retry', 'circuitBreaker'], circuitBreaker: { scope: 'call' } },
      "one that has circuitBreaker before retry: its scope is 'call'",
    ],
    [
      { order: ['circuitBreaker', 'retry'], circuitBreaker: new CircuitBreaker() },
      "one that has circuitBreaker after retry: its scope is 'attempt'",
    ],
  ])('%j', (options, reason) => {
    const { order } = options;
    expect(() => made(options)).toThrow(
      new TypeError(`policy p: order must be ${reason}; got [${order?.map((stage) => JSON.stringify(stage)).join(', ')}]`),
    );
  });

  it.each<[unknown, string]>([
    ['retry', 'policy p: order must be a list, each one of '],
    [['hedge', 'retry'], 'policy p: order must be a list, each one of '],
  ])('%j', (order, text) => {
    expect(() => made({ order } as PolicyOptions<unknown>)).toThrow(text);
  });
});

describe('[order.any] any other order is taken', () => {
  it.each<PolicyOptions>([
    { order: [], retry: false },
    { order: ['retry', 'bulkhead'], bulkhead: queue },
    { order: ['fallback', 'bulkhead', 'retry', 'circuitBreaker'], bulkhead },
    { order: ['retry', 'circuitBreaker', 'bulkhead'], bulkhead, circuitBreaker: {} },
    { order: ['circuitBreaker', 'retry', 'bulkhead'], bulkhead: queue, circuitBreaker: {} },
    { order: ['circuitBreaker', 'bulkhead', 'retry'], bulkhead, circuitBreaker: {} },
    { order: ['retry', 'circuitBreaker', 'rateLimiter'], rateLimiter: { limit: 1 }, circuitBreaker: {} },
    { order: ['rateLimiter', 'throttle', 'retry'], rateLimiter: { limit: 1 }, throttle: {} },
  ])('%j', (options) => {
    expect(made(options).name).toBe('p');
  });
});

describe('[order.scope] a gate before retry stands around the call, one after it around each attempt', () => {
  const busy = withStatus(503);
  const set = (options: PolicyOptions) => {
    const clock = new FakeClock();
    const policy = made({ clock, retry: { backoff: fixed(10), budget: false }, ...options });
    const { fn, attempts } = scripted(rejects(busy));
    return { clock, policy, attempts, call: () => policy.settle(fn) };
  };

  it.each([
    { order: ['bulkhead', 'retry'] as const, inFlight: 1 },
    { order: ['retry', 'bulkhead'] as const, inFlight: 0 },
  ])('a bulkhead holds its place in the backoff: $order', async ({ order, inFlight }) => {
    const { clock, policy, call } = set({ order, bulkhead });
    const outcome = call();
    await clock.advance(5);
    expect(policy.bulkhead?.inFlight).toBe(inFlight);
    await clock.advance(100);
    expect(await outcome).toMatchObject({ attempts: 3 });
    expect(policy.bulkhead?.inFlight).toBe(0);
  });

  it.each([
    { order: ['circuitBreaker', 'retry'] as const, scope: 'call', attempts: 3, state: 'closed' },
    { order: ['retry', 'circuitBreaker'] as const, scope: 'attempt', attempts: 2, state: 'open' },
  ])('a breaker that names no scope has it from there: $order', async ({ order, scope, attempts, state }) => {
    const { clock, policy, call } = set({ order, circuitBreaker: { trip: { type: 'consecutive', failures: 2 } } });
    expect(policy.circuitBreaker?.scope).toBe(scope);
    const outcome = call();
    await clock.advance(100);
    expect(await outcome).toMatchObject({ attempts });
    expect(policy.circuitBreaker?.state).toBe(state);
  });

  it.each([
    { order: ['rateLimiter', 'throttle', 'retry'] as const, scope: 'call', available: 9 },
    { order: ['retry', 'throttle', 'rateLimiter'] as const, scope: 'attempt', available: 7 },
  ])('so has a limiter: $order', async ({ order, scope, available }) => {
    const { clock, policy, call } = set({ order, rateLimiter: { limit: 10, windowMs: 1e6 }, throttle: {} });
    const outcome = call();
    await clock.advance(100);
    expect(await outcome).toMatchObject({ attempts: 3 });
    expect([policy.rateLimiter?.scope, policy.rateLimiter?.available]).toEqual([scope, available]);
  });

  it.each([
    { order: ['bulkhead', 'circuitBreaker', 'retry'] as const, stopReason: 'BULKHEAD_FULL' },
    { order: ['circuitBreaker', 'bulkhead', 'retry'] as const, stopReason: 'CIRCUIT_OPEN' },
  ])('the outermost is asked first: $order', async ({ order, stopReason }) => {
    const { policy, call } = set({ order, bulkhead, circuitBreaker: {} });
    void policy.settle(() => new Promise(() => undefined));
    policy.circuitBreaker?.forceOpen();
    expect(await call()).toMatchObject({ stopReason });
  });

  it('is changed by an update, and a breaker whose place stays keeps what it knows', () => {
    const registry = createRegistry();
    const policy = registry.policy('p', { order: ['bulkhead', 'retry', 'circuitBreaker'], bulkhead, circuitBreaker: {} });
    policy.circuitBreaker.forceOpen();
    registry.updatePolicy('p', { order: ['retry', 'bulkhead', 'circuitBreaker'] });
    expect(policy.circuitBreaker.state).toBe('forced_open');
    registry.updatePolicy('p', { order: ['circuitBreaker', 'bulkhead', 'retry'] });
    expect([policy.circuitBreaker.state, policy.circuitBreaker.scope]).toEqual(['closed', 'call']);
    expect(() => registry.updatePolicy('p', { order: ['retry'] })).toThrow('names bulkhead too');
    expect(policy.circuitBreaker.scope).toBe('call');
  });
});

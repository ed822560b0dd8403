import { errorOf } from '../../runtime/fixtures/script.js';
import { listen } from '../../telemetry/fixtures/listen.js';
import { inMemoryTelemetry } from '../../testing/inMemoryTelemetry.js';
import type { TelemetryHarness } from '../../testing/TelemetryHarness.js';
import { cached } from './fixtures/cached.js';

describe('what a cache does', () => {
  let telemetry: TelemetryHarness;
  beforeAll(async () => {
    telemetry = await inMemoryTelemetry({ config: { logSeverity: 'DEBUG' } });
  });
  beforeEach(() => telemetry.reset());
  afterAll(() => telemetry.shutdown());

  const events = () => telemetry.calls().map((span) => span.events.map(({ name, attributes }) => [name, attributes]));

  it('[cache.told] is an event of its call: a miss, then a hit with the age of what answers', async () => {
    const { get, clock, policy } = cached();
    await get('a');
    await clock.advance(250.4);
    await get('a');
    await get(undefined);
    expect(events()).toEqual([
      [['cache_miss', { 'retry.attempt': 0 }]],
      [['cache_hit', { 'retry.attempt': 0, 'redress.cache.age': 0.25 }]],
      [],
    ]);
    const [miss, hit] = telemetry.calls();
    expect(miss?.attributes).not.toHaveProperty('redress.answered_by');
    expect(hit?.attributes).toMatchObject({ 'redress.answered_by': 'cache', 'redress.outcome': 'success', 'redress.attempt_count': 0 });
    expect(telemetry.logs().map(({ eventName, severityText }) => [eventName, severityText])).toEqual([
      ['redress.cache_miss', 'DEBUG'],
      ['redress.cache_hit', 'DEBUG'],
    ]);
    for (const event of ['cache_miss', 'cache_hit']) expect(await telemetry.counter('redress.events', { 'redress.event': event })).toBe(1);
    expect(await telemetry.counter('redress.attempts')).toBe(2);
    expect(await telemetry.histogram('redress.retry.duration', { 'redress.outcome': 'success' })).toMatchObject({ count: 3 });
    expect(await telemetry.gauge('redress.active_calls', { 'redress.policy': policy.name })).toBe(0);
    await telemetry.conserve();
  });

  it('[cache.told] says of those who waited for another call that they did', async () => {
    const { settle, clock, policy } = cached();
    const calls = [settle('a'), settle('a', { timeline: true })];
    await clock.advance(5);
    expect(await telemetry.gauge('redress.active_calls', { 'redress.policy': policy.name })).toBe(2);
    await clock.advance(5);
    const [, second] = await Promise.all(calls);
    expect(second).toMatchObject({ timeline: [{ atMs: 10, event: 'cache_hit', attempt: 0 }, { event: 'success' }] });
    expect(events()).toContainEqual([['cache_hit', { 'retry.attempt': 0, 'redress.cache.age': 0, 'redress.cache.coalesced': true }]]);
    expect(await telemetry.counter('redress.events', { 'redress.event': 'cache_hit', 'redress.cache.coalesced': true })).toBe(1);
    await telemetry.conserve();
  });

  it('[cache.told] tells an old result, and the call beside it as one of its own', async () => {
    const { get, clock, state } = cached({ staleWhileRevalidateMs: 500 }, { retry: false });
    await get('a');
    await telemetry.reset();
    await clock.advance(1_200);
    state.does = () => {
      throw errorOf.SERVER_ERROR();
    };
    await get('a');
    await clock.advance(10);
    const [stale, again] = telemetry.calls();
    expect(stale?.attributes).toMatchObject({ 'redress.answered_by': 'stale_cache', 'redress.outcome': 'success' });
    expect(stale?.events.map(({ name, attributes }) => [name, attributes])).toEqual([
      ['cache_stale', { 'retry.attempt': 0, 'redress.cache.age': 1.2 }],
    ]);
    expect(again?.attributes).toMatchObject({ 'redress.outcome': 'failure', 'redress.attempt_count': 1, 'error.type': '503' });
    expect(again?.events.map(({ name }) => name)).toEqual(['max_attempts_exceeded', 'exception']);
    await telemetry.conserve();
  });

  it('[cache.told] tells an old result that answers for a failure with how the call would have ended', async () => {
    const { get, clock, state, policy } = cached({ staleIfErrorMs: 500 }, { retry: false, circuitBreaker: {} });
    await get('a');
    await clock.advance(1_000);
    await telemetry.reset();
    state.does = () => {
      throw errorOf.SERVER_ERROR();
    };
    await get('a');
    policy.circuitBreaker?.forceOpen();
    await get('a');
    const facts = events().map((of) => of.find(([name]) => name === 'cache_stale')?.[1]);
    expect(facts).toEqual([
      expect.objectContaining({ 'redress.stop_reason': 'MAX_ATTEMPTS_GLOBAL', 'error.class': 'SERVER_ERROR', 'redress.cache.age': 1.01 }),
      expect.objectContaining({ 'redress.stop_reason': 'CIRCUIT_OPEN', 'circuit.state': 'forced_open', 'redress.cache.age': 1.01 }),
    ]);
    const stale = { 'redress.event': 'cache_stale', 'redress.stop_reason': 'MAX_ATTEMPTS_GLOBAL', 'error.type': '503' };
    expect(await telemetry.counter('redress.events', stale)).toBe(1);
    for (const span of telemetry.calls()) expect(span.attributes['redress.answered_by']).toBe('stale_cache');
    await telemetry.conserve();
  });

  it('[cache.told] tells nothing of a call that gave up the lead at the moment it was his', async () => {
    const { settle, clock } = cached();
    const [one, two] = [new AbortController(), new AbortController()];
    const calls = [settle('a', { signal: one.signal }), settle('a', { signal: two.signal }), settle('a')];
    await clock.advance(5);
    one.abort();
    two.abort();
    await clock.advance(10);
    await Promise.all(calls);
    expect(events().map((of) => of.map(([name]) => name))).toEqual([['cache_miss', 'aborted'], ['aborted'], ['cache_miss']]);
    await telemetry.conserve();
  });
});

it('[cache.told] where counts are all that is wanted the same is counted', async () => {
  const sdk = await listen({ spans: 'never', logSeverity: 'OFF' }, { tracerProvider: undefined, logSink: undefined });
  const { get, settle, clock } = cached({ staleWhileRevalidateMs: 500 });
  await get('a');
  await get('a');
  const both = [settle('b'), settle('b')];
  await clock.advance(10);
  await Promise.all(both);
  await clock.advance(1_000);
  await get('a');
  await clock.advance(10);
  expect(await sdk.values('redress.events', 'redress.event', 'redress.cache.coalesced')).toEqual({
    'cache_miss undefined': 2,
    'cache_hit undefined': 1,
    'cache_hit true': 1,
    'cache_stale undefined': 1,
    'success undefined': 6,
  });
  expect(await sdk.values('redress.attempts')).toEqual({ '': 3 });
  expect(await sdk.values('redress.retry.duration', 'redress.outcome')).toEqual({ success: 6 });
  expect(sdk.spans()).toEqual([]);
  await sdk.stop();
});

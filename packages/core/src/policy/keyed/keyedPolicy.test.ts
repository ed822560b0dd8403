import { diag, DiagLogLevel } from '@opentelemetry/api';
import { createHook } from 'node:async_hooks';
import { Bulkhead } from '../../gates/bulkhead/Bulkhead.js';
import { BulkheadFullError } from '../../gates/bulkhead/BulkheadFullError.js';
import { CircuitBreaker } from '../../gates/breaker/CircuitBreaker.js';
import { RetryBudget } from '../../retry/budget/RetryBudget.js';
import { FakeClock } from '../../testing/FakeClock.js';
import { instant } from '../../testing/fixedBackoffs.js';
import { getKeyedPolicy, getPolicy, keyedPolicy } from '../defaultPolicies.js';
import type { PolicyOptions } from '../PolicyOptions.js';
import { createRegistry } from '../Registry.js';
import type { KeyBounds, KeyedPolicy } from './KeyedPolicy.js';

const busy = Object.assign(new Error('busy'), { status: 503 });
const fail = (): never => {
  throw busy;
};
const once = { trip: { type: 'consecutive', failures: 1 }, recoveryMs: 1_000 } as const;
const ten = { trip: { type: 'rate', windowMs: 10_000 } } as const;

let told: string[] = [];
beforeEach(() => {
  told = [];
  const warn = (...message: unknown[]): void => void told.push(message.map(String).join(' '));
  const quiet = (): void => undefined;
  diag.setLogger(
    { warn, error: warn, info: quiet, debug: quiet, verbose: quiet },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
});
afterEach(() => diag.disable());

function made(options: PolicyOptions = {}, bounds: KeyBounds = {}) {
  const clock = new FakeClock();
  const registry = createRegistry();
  return { clock, registry, keyed: registry.keyedPolicy('hosts', { clock, retry: false, random: () => 0.5, ...options }, bounds) };
}

const keysOf = (keyed: KeyedPolicy): string[] => [...keyed].map(({ key }) => key);

/** How a call of each key ends. */
async function ends(keyed: KeyedPolicy, ...keys: string[]): Promise<string[]> {
  const all: string[] = [];
  for (const key of keys) {
    const outcome = await keyed.for(key).settle(() => 'fine');
    all.push(outcome.ok ? 'ok' : outcome.stopReason);
  }
  return all;
}

describe('the policies of two keys', () => {
  it('[keyed.own-state] have a circuit each: one opens, and the other does not', async () => {
    const { keyed } = made({ circuitBreaker: once });
    await keyed.for('a').settle(fail);
    expect(await ends(keyed, 'a', 'b', 'a')).toEqual(['CIRCUIT_OPEN', 'ok', 'CIRCUIT_OPEN']);
  });

  it('[keyed.own-state] have a budget each', async () => {
    const { keyed } = made({ retry: { maxAttempts: 2, backoff: instant(), budget: { max: 1, windowMs: 1_000 } } });
    const attempts = async (key: string): Promise<number> => (await keyed.for(key).settle(fail)).attempts;
    expect([await attempts('a'), await attempts('a'), await attempts('b'), await attempts('b')]).toEqual([2, 1, 2, 1]);
  });

  it('[keyed.own-state] have a bulkhead each, named after policy and key', async () => {
    const { keyed } = made({ bulkhead: { maxConcurrent: 1 } });
    let end = (): void => {};
    const running = keyed.for('a').call(() => new Promise<void>((resolve) => (end = resolve)));
    expect(await ends(keyed, 'a', 'b')).toEqual(['BULKHEAD_FULL', 'ok']);
    await expect(keyed.for('a').call(() => 1)).rejects.toThrow(
      new BulkheadFullError({ bulkhead: 'hosts/a', maxConcurrent: 1, maxQueued: 0 }),
    );
    expect([keyed.for('a').bulkhead?.inFlight, keyed.for('b').bulkhead?.inFlight]).toEqual([1, 0]);
    end();
    await running;
    expect(await ends(keyed, 'a')).toEqual(['ok']);
  });

  it('[keyed.own-state] have a rate limiter each', async () => {
    const { keyed, clock } = made({ rateLimiter: { limit: 1, windowMs: 1_000 } });
    expect(await ends(keyed, 'a', 'a', 'b', 'b')).toEqual(['ok', 'RATE_LIMITED', 'ok', 'RATE_LIMITED']);
    await clock.advance(1_000);
    expect(await ends(keyed, 'a', 'a')).toEqual(['ok', 'RATE_LIMITED']);
  });

  it('[keyed.own-state] are the same in everything else: name, options, timeouts', async () => {
    const { keyed, clock } = made({ attemptTimeoutMs: 50 });
    const [a, b] = [keyed.for('a'), keyed.for('b')];
    expect([a.name, b.name, keyed.name]).toEqual(['hosts', 'hosts', 'hosts']);
    for (const policy of [a, b])
      expect(await clock.until(policy.settle(() => new Promise(() => {})))).toMatchObject({ ok: false, elapsedMs: 50 });
  });

  it('[keyed.own-state] stand in the order that the options give', async () => {
    const { keyed } = made({ circuitBreaker: once, order: ['circuitBreaker', 'retry'], retry: { maxAttempts: 2, backoff: instant() } });
    expect((await keyed.for('a').settle(fail)).attempts).toBe(2);
    expect(keyed.for('a').circuitBreaker?.scope).toBe('call');
    expect(await keyed.for('a').settle(() => 1)).toMatchObject({ stopReason: 'CIRCUIT_OPEN', attempts: 0 });
    const wrong = ['circuitBreaker', 'bulkhead', 'retry'] as const;
    expect(() => made({ circuitBreaker: once, bulkhead: { maxConcurrent: 1, maxQueued: 1 }, order: wrong })).toThrow(
      'policy hosts: order must be',
    );
    keyed.update({ order: ['retry', 'circuitBreaker'] });
    expect(keyed.for('a').circuitBreaker?.scope).toBe('attempt');
    expect((await keyed.for('a').settle(fail)).attempts).toBe(1);
  });

  it('[keyed.own-state] keys that differ beyond the 255th character are two', async () => {
    const { keyed } = made({ circuitBreaker: once });
    const long = 'k'.repeat(300);
    await keyed.for(`${long}1`).settle(fail);
    expect(await ends(keyed, `${long}1`, `${long}2`, `${long}`)).toEqual(['CIRCUIT_OPEN', 'ok', 'ok']);
    expect(keyed.for(`${long}1`).circuitBreaker?.name).toHaveLength(255);
  });

  it('[keyed.own-state] one key has the same policy each time, and what is made from it by with and fn goes with it', async () => {
    const { keyed } = made({ circuitBreaker: once });
    const early = keyed.for('a');
    await early.settle(fail);
    expect(keyed.for('a')).toBe(early);
    const other = keyed.for('b');
    await keyed.for('b').settle(fail);
    expect((await other.settle(() => 1)).ok).toBe(false);
    expect(
      (
        await keyed
          .for('a')
          .with({ operation: 'x' })
          .settle(() => 1)
      ).ok,
    ).toBe(false);
    await expect(keyed.for('a').fn(() => 1)()).rejects.toMatchObject({ circuit: 'hosts/a' });
    await expect(keyed.for('a').wrap(() => 1)()).rejects.toMatchObject({ circuit: 'hosts/a' });
  });

  it.each(['', undefined, null, 7, {}])('[keyed.key-checked] %p is no key', (key) => {
    const { keyed } = made();
    expect(() => keyed.for(key as string)).toThrow(TypeError);
    expect(() => keyed.for(key as string)).toThrow('policy hosts: key must be a string that is not empty');
  });

  it('[keyed.key-checked] names of objects are keys like others', async () => {
    const { keyed } = made({ circuitBreaker: once });
    await keyed.for('__proto__').settle(fail);
    expect(await ends(keyed, '__proto__', 'constructor')).toEqual(['CIRCUIT_OPEN', 'ok']);
  });
});

describe('what all keys share', () => {
  it('[keyed.instances] a bulkhead and a budget handed to it are those of all keys', async () => {
    const bulkhead = new Bulkhead({ maxConcurrent: 1 });
    const budget = new RetryBudget({ max: 1, windowMs: 1e9 });
    const { keyed } = made({ bulkhead, retry: { maxAttempts: 2, backoff: instant(), budget } });
    expect([keyed.for('a').bulkhead, keyed.for('b').bulkhead]).toEqual([bulkhead, bulkhead]);
    let end = (): void => {};
    const running = keyed.for('a').call(() => new Promise<void>((resolve) => (end = resolve)));
    expect(await ends(keyed, 'b')).toEqual(['BULKHEAD_FULL']);
    end();
    await running;
    expect([(await keyed.for('a').settle(fail)).attempts, (await keyed.for('b').settle(fail)).attempts]).toEqual([2, 1]);
  });

  it('[keyed.instances] a circuit breaker is refused, with the reason, and no policy made', () => {
    const registry = createRegistry();
    const circuitBreaker = new CircuitBreaker({ name: 'shared' });
    expect(() => registry.keyedPolicy('hosts', { circuitBreaker })).toThrow(TypeError);
    expect(() => registry.keyedPolicy('hosts', { circuitBreaker })).toThrow(
      'policy hosts: circuitBreaker must be options: each key has a circuit',
    );
    expect(registry.getKeyedPolicy('hosts')).toBeUndefined();
  });

  it("[keyed.instances] a key's circuit is nobody else's", async () => {
    const { keyed, registry, clock } = made({ circuitBreaker: once });
    await keyed.for('a').call(() => 1);
    const { circuitBreaker } = keyed.for('a');
    expect(() => registry.policy('other', { clock, circuitBreaker })).toThrow('circuitBreaker must not be the circuit of a key (hosts/a)');
  });
});

describe('forgetting', () => {
  it('[keyed.idle-time] a key is forgotten when it was idle so long, without a timer', async () => {
    const { keyed, clock } = made({ circuitBreaker: ten }, { idleMs: 60_000 });
    await ends(keyed, 'a', 'b');
    expect(clock.pending).toBe(0);
    await clock.advance(59_999);
    await ends(keyed, 'b');
    await clock.advance(1);
    expect(keysOf(keyed)).toEqual(['b']);
    await clock.advance(60_000);
    expect([keyed.size, keyed.has('b'), keysOf(keyed)]).toEqual([0, false, []]);
    expect(clock.pending).toBe(0);
  });

  it('[keyed.idle-time] holds no timer of the system either', async () => {
    let timers = 0;
    const timersNow = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timersNow();
    const hook = createHook({ init: (_, type) => void (type === 'Timeout' && timers++) }).enable();
    const keyed = createRegistry().keyedPolicy('hosts', { circuitBreaker: {}, timeoutMs: 30, attemptTimeoutMs: 20 }, { idleMs: 5 });
    for (let key = 0; key < 100; key++) await keyed.for(`key ${key}`).call(() => 1);
    hook.disable();
    // What one call may leave for a moment is shared by all of them.
    expect(timers).toBeLessThanOrEqual(2);
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(timersNow()).toBeLessThanOrEqual(before);
    expect(keyed.size).toBe(0);
  });

  it('[keyed.idle-time] a call that is under way makes its key not idle, however long, and so does a function that outlives its call', async () => {
    const { keyed, clock } = made({ circuitBreaker: ten, timeoutMs: 5_000 }, { idleMs: 1_000 });
    let end = (): void => {};
    const running = keyed.for('a').settle(() => new Promise<void>((resolve) => (end = resolve)));
    await clock.advance(4_000);
    expect(keyed.has('a')).toBe(true);
    await clock.advance(1_000);
    expect((await running).ok).toBe(false);
    await clock.advance(100_000);
    expect(keyed.has('a')).toBe(true);
    end();
    await clock.advance(999);
    expect(keyed.has('a')).toBe(true);
    await clock.advance(1);
    expect(keyed.has('a')).toBe(false);
  });

  it('[keyed.evicts-oldest] a new key takes the place of the one that was idle longest', async () => {
    const { keyed, clock } = made({ circuitBreaker: ten }, { maxKeys: 3 });
    for (const key of ['a', 'b', 'c', 'a', 'd']) {
      await ends(keyed, key);
      await clock.advance(1);
    }
    expect(keysOf(keyed).sort()).toEqual(['a', 'c', 'd']);
    expect(told).toEqual([]);
  });

  it.each<{
    trouble: string;
    options: PolicyOptions;
    make(keyed: KeyedPolicy, clock: FakeClock): Promise<unknown>;
    forgottenAfterMs: number;
  }>([
    {
      trouble: 'a failure in its window',
      options: { circuitBreaker: ten },
      make: (keyed) => keyed.for('a').settle(fail),
      forgottenAfterMs: 10_000,
    },
    {
      trouble: 'a slow call in its window',
      options: { circuitBreaker: { trip: { type: 'rate', windowMs: 10_000, slowCallMs: 5 } } },
      make: (keyed, clock) => clock.until(keyed.for('a').settle(() => clock.sleep(5))),
      forgottenAfterMs: 10_000,
    },
    {
      trouble: 'a failure among the last calls',
      options: { circuitBreaker: { trip: { type: 'rate', windowCalls: 50 } } },
      make: (keyed) => keyed.for('a').settle(fail),
      forgottenAfterMs: 30_000,
    },
    {
      trouble: 'a failure in a row of them',
      options: { circuitBreaker: { trip: { type: 'consecutive', failures: 5 } } },
      make: (keyed) => keyed.for('a').settle(fail),
      forgottenAfterMs: 30_000,
    },
    {
      trouble: 'a failure that is counted',
      options: { circuitBreaker: { trip: { type: 'count', failures: 5, windowMs: 7_000 } } },
      make: (keyed) => keyed.for('a').settle(fail),
      forgottenAfterMs: 7_000,
    },
    {
      trouble: 'an open circuit',
      options: { circuitBreaker: once },
      make: (keyed) => keyed.for('a').settle(fail),
      forgottenAfterMs: Infinity,
    },
    {
      trouble: 'a circuit that is forced open',
      options: { circuitBreaker: ten },
      make: async (keyed) => keyed.for('a').circuitBreaker?.forceOpen(),
      forgottenAfterMs: Infinity,
    },
    {
      trouble: 'a circuit that is forced closed',
      options: { circuitBreaker: ten },
      make: async (keyed) => keyed.for('a').circuitBreaker?.forceClose(),
      forgottenAfterMs: Infinity,
    },
    {
      trouble: 'a retry taken from its budget',
      options: { retry: { maxAttempts: 2, backoff: instant() } },
      make: (keyed) => keyed.for('a').settle(fail),
      forgottenAfterMs: 10_000,
    },
    {
      trouble: 'a permit that has not come back',
      options: { rateLimiter: { limit: 1, windowMs: 5_000 } },
      make: (keyed) => keyed.for('a').call(() => 1),
      forgottenAfterMs: 5_000,
    },
    {
      trouble: 'a call in its bulkhead that nothing ends',
      options: { bulkhead: { maxConcurrent: 1 }, timeoutMs: 10 },
      make: async (keyed) => void keyed.for('a').settle(() => new Promise(() => {})),
      forgottenAfterMs: Infinity,
    },
  ])('[keyed.evicts-at-rest] a key with $trouble makes no room and outlives its idle time', async ({ options, make, forgottenAfterMs }) => {
    const { keyed, clock } = made(options, { maxKeys: 2, idleMs: 100 });
    await make(keyed, clock);
    const steps = Math.min(forgottenAfterMs, 100_000) / 100;
    for (let step = 1; step < steps; step++) {
      await clock.advance(100);
      await keyed.for(`new ${step}`).settle(() => 1);
      if (!keyed.has('a')) throw new Error(`forgotten after ${step * 100} ms`);
    }
    await clock.advance(200);
    expect(keyed.has('a')).toBe(forgottenAfterMs === Infinity);
  });

  it('[keyed.evicts-at-rest] keys under attack cannot push out an open circuit', async () => {
    const { keyed, clock } = made({ circuitBreaker: once }, { maxKeys: 10, idleMs: 10 });
    await keyed.for('down').settle(fail);
    for (let attack = 0; attack < 2_000; attack++) await keyed.for(`made up ${attack}`).settle(() => 'fine');
    await clock.advance(999);
    expect(await ends(keyed, 'down')).toEqual(['CIRCUIT_OPEN']);
  });
});

describe('without room', () => {
  it('[keyed.overflow] new keys share one circuit and one budget, which is told once; those that are there keep theirs', async () => {
    const { keyed } = made({ circuitBreaker: once }, { maxKeys: 2 });
    for (const key of ['a', 'b']) await keyed.for(key).settle(fail);
    expect(await ends(keyed, 'c', 'd')).toEqual(['ok', 'ok']);
    await keyed.for('c').settle(fail);
    const refused = await keyed.for('d').settle(() => 1);
    expect(refused).toMatchObject({ stopReason: 'CIRCUIT_OPEN', error: { circuit: 'hosts/_other' } });
    expect(keysOf(keyed)).toEqual(['a', 'b']);
    expect(keyed.size).toBe(2);
    expect(told).toEqual([
      'redress: keyed policy hosts has 2 keys (maxKeys) and none that is idle and well: new keys share one circuit and one budget, hosts/_other',
    ]);
  });

  it('[keyed.overflow] a key has its own as soon as there is room', async () => {
    const { keyed } = made({ circuitBreaker: once }, { maxKeys: 1 });
    await keyed.for('a').settle(fail);
    const late = keyed.for('b');
    await late.settle(fail);
    expect(await late.settle(() => 1)).toMatchObject({ stopReason: 'CIRCUIT_OPEN' });
    keyed.for('a').circuitBreaker?.reset();
    expect(await late.settle(() => 1)).toMatchObject({ ok: true });
    expect(keysOf(keyed)).toEqual(['b']);
    expect(late.circuitBreaker?.name).toBe('hosts/b');
  });

  it('[keyed.overflow] calls under way leave no room either', async () => {
    const { keyed } = made({}, { maxKeys: 1 });
    let end = (): void => {};
    const running = keyed.for('a').call(() => new Promise<void>((resolve) => (end = resolve)));
    expect(await ends(keyed, 'b')).toEqual(['ok']);
    expect([keysOf(keyed), told.length]).toEqual([['a'], 1]);
    end();
    await running;
    expect(await ends(keyed, 'b')).toEqual(['ok']);
    expect(keysOf(keyed)).toEqual(['b']);
  });
});

describe('what a user holds of a key', () => {
  it('[keyed.held] goes on with a new state after its key was forgotten, and with that of whoever has the key then', async () => {
    const { keyed } = made({ circuitBreaker: once }, { maxKeys: 1 });
    const held = keyed.for('a');
    const presets = held.with({ operation: 'x' });
    const circuit = held.circuitBreaker;
    await held.call(() => 1);
    await ends(keyed, 'b');
    expect(keysOf(keyed)).toEqual(['b']);
    await keyed.for('a').settle(fail);
    expect([held, presets].map(({ circuitBreaker }) => circuitBreaker?.state)).toEqual(['open', 'open']);
    expect(circuit?.state).toBe('open');
    expect(await presets.settle(() => 1)).toMatchObject({ stopReason: 'CIRCUIT_OPEN' });
    circuit?.reset();
    expect(await held.settle(() => 1)).toMatchObject({ ok: true });
  });

  it('[keyed.held] its circuit is an ordinary one to whoever operates it', async () => {
    const { keyed } = made({ circuitBreaker: { ...once, name: 'upstream' } });
    const { circuitBreaker } = keyed.for('a');
    if (circuitBreaker === undefined) throw new Error('it has one');
    expect(circuitBreaker).toBeInstanceOf(CircuitBreaker);
    expect(keyed.for('a').circuitBreaker).toBe(circuitBreaker);
    expect([circuitBreaker.name, circuitBreaker.scope, circuitBreaker.state]).toEqual(['upstream/a', 'attempt', 'closed']);
    circuitBreaker.forceOpen();
    expect(await ends(keyed, 'a', 'b')).toEqual(['CIRCUIT_OPEN', 'ok']);
    expect(JSON.parse(JSON.stringify(circuitBreaker))).toMatchObject({ name: 'upstream/a', state: { state: 'forced_open' } });
    circuitBreaker.dispose();
    expect(circuitBreaker.state).toBe('forced_open');
    circuitBreaker.forceClose();
    for (let call = 0; call < 3; call++) await keyed.for('a').settle(fail);
    expect(circuitBreaker.state).toBe('closed');
  });

  it('[keyed.held] dispose of it forgets the key', async () => {
    const { keyed } = made({ circuitBreaker: once });
    await keyed.for('a').settle(fail);
    keyed.for('a').dispose();
    expect(keysOf(keyed)).toEqual([]);
    expect(await ends(keyed, 'a')).toEqual(['ok']);
  });
});

describe('an update', () => {
  it('[keyed.update] gives all keys other options, and what did not change keeps what it knows', async () => {
    const { keyed, clock } = made({
      circuitBreaker: once,
      retry: { maxAttempts: 2, backoff: instant(), budget: { max: 1, windowMs: 1e9 } },
    });
    await keyed.for('a').settle(fail);
    await ends(keyed, 'b');
    keyed.update({ attemptTimeoutMs: 50 });
    expect(await ends(keyed, 'a', 'b')).toEqual(['CIRCUIT_OPEN', 'ok']);
    expect(await clock.until(keyed.for('c').settle(() => new Promise(() => {})))).toMatchObject({
      stopReason: 'CIRCUIT_OPEN',
      elapsedMs: 50,
    });
    keyed.update({ circuitBreaker: { ...once, recoveryMs: 5 } });
    expect(await ends(keyed, 'a', 'b')).toEqual(['ok', 'ok']);
    keyed.update({ circuitBreaker: false });
    for (let call = 0; call < 3; call++) await keyed.for('a').settle(fail);
    expect(keyed.for('a').circuitBreaker).toBeUndefined();
    expect((await keyed.for('b').settle(fail)).attempts).toBe(2);
    expect((await keyed.for('b').settle(fail)).attempts).toBe(1);
  });

  it('[keyed.update] a new clock takes circuits and budgets along', async () => {
    const { keyed, clock } = made({ circuitBreaker: once });
    await keyed.for('a').settle(fail);
    await clock.advance(400);
    const later = new FakeClock({ startMs: 1e6 });
    keyed.update({ clock: later });
    await later.advance(599);
    expect(await ends(keyed, 'a')).toEqual(['CIRCUIT_OPEN']);
    await later.advance(1);
    expect(await ends(keyed, 'a')).toEqual(['ok']);
  });

  it('[keyed.update] a new clock takes rate limiters along, those of idle keys too', async () => {
    const { keyed, clock } = made({ rateLimiter: { limit: 1, windowMs: 1_000 } });
    await ends(keyed, 'a');
    await clock.advance(400);
    const later = new FakeClock({ startMs: 1e6 });
    keyed.update({ clock: later });
    await later.advance(599);
    expect(await ends(keyed, 'a', 'b')).toEqual(['RATE_LIMITED', 'ok']);
    await later.advance(1);
    expect(await ends(keyed, 'a')).toEqual(['ok']);
  });

  it('[keyed.update] calls that run go on as they began', async () => {
    const { keyed, clock } = made({ circuitBreaker: once });
    let end: (error: Error) => void = () => {};
    const running = keyed.for('a').settle(() => new Promise<never>((_, reject) => (end = reject)));
    keyed.update({ timeoutMs: 5 });
    await clock.advance(10);
    end(busy);
    expect(await running).toMatchObject({ stopReason: 'MAX_ATTEMPTS_GLOBAL' });
    expect(await ends(keyed, 'a')).toEqual(['CIRCUIT_OPEN']);
  });

  it('[keyed.update] a bulkhead keeps who is in it where its options did not change, and lets them end where they did', async () => {
    const { keyed } = made({ bulkhead: { maxConcurrent: 1 } });
    let end = (): void => {};
    const running = keyed.for('a').call(() => new Promise<void>((resolve) => (end = resolve)));
    keyed.update({ attemptTimeoutMs: 5_000 });
    expect([keyed.for('a').bulkhead?.inFlight, ...(await ends(keyed, 'a', 'b'))]).toEqual([1, 'BULKHEAD_FULL', 'ok']);
    keyed.update({ bulkhead: { maxConcurrent: 2 } });
    expect([keyed.for('a').bulkhead?.inFlight, ...(await ends(keyed, 'a'))]).toEqual([0, 'ok']);
    end();
    await running;
    expect(keyed.for('a').bulkhead?.inFlight).toBe(0);
    keyed.update({ bulkhead: null });
    expect(keyed.for('a').bulkhead).toBeUndefined();
  });

  it('[keyed.update] an instance takes the place of what each key had, and the other way round', async () => {
    const { keyed } = made({ retry: { maxAttempts: 2, backoff: instant(), budget: { max: 1, windowMs: 1e9 } } });
    const attempts = async (key: string): Promise<number> => (await keyed.for(key).settle(fail)).attempts;
    expect([await attempts('a'), await attempts('a')]).toEqual([2, 1]);
    const bulkhead = new Bulkhead({ maxConcurrent: 1 });
    keyed.update({ bulkhead, retry: { maxAttempts: 2, backoff: instant(), budget: new RetryBudget({ max: 1, windowMs: 1e9 }) } });
    expect([await attempts('a'), await attempts('b')]).toEqual([2, 1]);
    expect(keyed.for('a').bulkhead).toBe(bulkhead);
    keyed.update({ bulkhead: { maxConcurrent: 1 }, retry: { maxAttempts: 2, backoff: instant(), budget: { max: 1, windowMs: 1e9 } } });
    expect([await attempts('a'), await attempts('b'), await attempts('a')]).toEqual([2, 2, 1]);
    expect(keyed.for('a').bulkhead).not.toBe(keyed.for('b').bulkhead);
  });

  it('[keyed.update] a wrong option is refused, and then nothing has changed', async () => {
    const { keyed } = made({ circuitBreaker: once });
    await keyed.for('a').settle(fail);
    expect(() => keyed.update({ timeoutMs: -1 })).toThrow('policy hosts: timeoutMs must be');
    expect(() => keyed.update({ circuitBreaker: { probes: 0 } })).toThrow('policy hosts, circuitBreaker: probes must be');
    expect(() => keyed.update({ circuitBreaker: new CircuitBreaker() })).toThrow('must be options');
    expect(() => keyed.update(7 as never)).toThrow('policy hosts: options must be an object');
    expect(await ends(keyed, 'a', 'b')).toEqual(['CIRCUIT_OPEN', 'ok']);
  });
});

describe('in a registry', () => {
  it('[keyed.registry] is found as a keyed policy, until it is disposed of, and goes on for whoever holds it', async () => {
    const { keyed, registry } = made({ circuitBreaker: once });
    expect([registry.getKeyedPolicy('hosts'), registry.getPolicy('hosts')]).toEqual([keyed, undefined]);
    await keyed.for('a').settle(fail);
    keyed.dispose();
    expect(registry.getKeyedPolicy('hosts')).toBeUndefined();
    expect(await ends(keyed, 'a')).toEqual(['ok']);
    expect(() => registry.updatePolicy('hosts', {})).toThrow(RangeError);
  });

  it('[keyed.registry] of one name there is one policy, keyed or not: a later one takes the name over, which is told', () => {
    const { registry } = made();
    const plain = registry.policy('hosts');
    expect([registry.getPolicy('hosts'), registry.getKeyedPolicy('hosts')]).toEqual([plain, undefined]);
    const second = registry.keyedPolicy('hosts');
    expect([registry.getPolicy('hosts'), registry.getKeyedPolicy('hosts')]).toEqual([undefined, second]);
    const third = registry.keyedPolicy('hosts');
    second.dispose();
    expect(registry.getKeyedPolicy('hosts')).toBe(third);
    expect(told).toHaveLength(3);
    for (const message of told) expect(message).toContain('policy hosts was made again; the new one takes the name over');
  });

  it('[keyed.registry] updatePolicy says of a keyed one how it is changed', () => {
    const { registry } = made();
    expect(() => registry.updatePolicy('hosts', { timeoutMs: 5 })).toThrow(RangeError);
    expect(() => registry.updatePolicy('hosts', { timeoutMs: 5 })).toThrow('policy hosts is a keyed one; change it with its own update()');
  });

  it('[keyed.registry] the default registry has keyed policies too', () => {
    const keyed = keyedPolicy('by default', { retry: false });
    expect([getKeyedPolicy('by default'), getPolicy('by default')]).toEqual([keyed, undefined]);
    keyed.dispose();
    expect(getKeyedPolicy('by default')).toBeUndefined();
  });

  it.each<[object, string]>([
    [{ maxKeys: 0 }, 'maxKeys must be a whole number, at least 1'],
    [{ maxKeys: 1.5 }, 'maxKeys must be a whole number, at least 1'],
    [{ idleMs: 0 }, 'idleMs must be a finite number of milliseconds above 0'],
    [{ idleMs: null }, 'idleMs must be'],
    [{ ttl: 5 }, 'ttl'],
  ])('[keyed.options] the bounds %p are refused', (bounds, message) => {
    expect(() => createRegistry().keyedPolicy('hosts', {}, bounds)).toThrow(TypeError);
    expect(() => createRegistry().keyedPolicy('hosts', {}, bounds)).toThrow(message);
  });

  it.each<[PolicyOptions, string]>([
    [{ timeoutMs: 0 }, 'policy hosts: timeoutMs must be'],
    [{ circuitBreaker: { probes: 0 } }, 'policy hosts, circuitBreaker: probes must be'],
    [{ bulkhead: { maxConcurrent: 0 } }, 'policy hosts, bulkhead: maxConcurrent must be'],
    [{ retry: { budget: { ratio: 2 } } }, 'policy hosts, retry.budget: ratio must be'],
    [7 as PolicyOptions, 'policy hosts: options must be an object'],
  ])('[keyed.options] the options %p are refused when it is made', (options, message) => {
    const registry = createRegistry();
    expect(() => registry.keyedPolicy('hosts', options)).toThrow(message);
    expect(registry.getKeyedPolicy('hosts')).toBeUndefined();
  });
});

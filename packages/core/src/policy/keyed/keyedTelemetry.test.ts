import fc from 'fast-check';
import { told, withDiag } from '../../telemetry/fixtures/diag.js';
import { freshHub } from '../../telemetry/fixtures/freshHub.js';
import { type Listening, listen } from '../../telemetry/fixtures/listen.js';
import { FakeClock } from '../../testing/FakeClock.js';
import { instant } from '../../testing/fixedBackoffs.js';
import { seededRandom } from '../../testing/seededRandom.js';
import type { PolicyOptions } from '../PolicyOptions.js';
import { createRegistry } from '../Registry.js';
import type { KeyBounds, KeyedPolicy } from './KeyedPolicy.js';

const fail = (): never => {
  throw Object.assign(new Error('busy'), { status: 503 });
};
const once = { trip: { type: 'consecutive', failures: 1 }, recoveryMs: 1_000 } as const;

let sdk: Listening;
beforeEach(() => {
  withDiag();
  freshHub();
});
afterEach(() => sdk.stop());

function made(options: PolicyOptions = {}, bounds: KeyBounds = {}) {
  const clock = new FakeClock();
  const registry = createRegistry();
  return { clock, registry, keyed: registry.keyedPolicy('hosts', { clock, retry: false, random: () => 0.5, ...options }, bounds) };
}

const sum = (values: Record<string, number>): number => Object.values(values).reduce((a, b) => a + b, 0);

/** States of circuits by name; those of 0 left out. */
async function states(): Promise<Record<string, number>> {
  const all = await sdk.values('redress.circuit.state', 'circuit.name', 'circuit.state');
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== 0));
}

describe('the telemetry of a keyed policy', () => {
  it('[keyed.key-told] spans and log events carry the key, metrics never do', async () => {
    sdk = await listen({ logSeverity: 'DEBUG', logSuccess: true, attemptSpans: true });
    const { keyed } = made({ circuitBreaker: once });
    const long = 'k'.repeat(300);
    await keyed.for('a').call(() => 1, { attributes: { 'redress.key': 'mine', app: 'x' } });
    await keyed.for('b').settle(fail);
    await keyed.for('b').settle(() => 1);
    keyed.for('c').circuitBreaker?.forceOpen();
    await keyed.for(long).call(() => 1);
    const keyOf = ({ attributes }: { readonly attributes: object }): unknown => Reflect.get(attributes, 'redress.key');
    expect(sdk.spans().map(keyOf)).toEqual(['a', 'a', 'b', 'b', 'b', 'k'.repeat(255), 'k'.repeat(255)]);
    expect(sdk.spans().map(({ attributes }) => attributes['redress.policy'])).toEqual(Array(7).fill('hosts'));
    expect(sdk.logs().map((log) => [log.eventName, keyOf(log)])).toEqual([
      ['redress.success', 'a'],
      ['redress.circuit_opened', 'b'],
      ['redress.max_attempts_exceeded', 'b'],
      ['redress.circuit_rejected', 'b'],
      ['redress.circuit_opened', 'c'],
      ['redress.success', 'k'.repeat(255)],
    ]);
    expect((await sdk.series()).filter((series) => 'redress.key' in series.attributes)).toEqual([]);
  });

  it('[keyed.circuit-named] the circuit of a key is called policy/key on spans and log events, whether it has a name among the gauges or not', async () => {
    sdk = await listen({ maxRows: 50 });
    const { keyed } = made({ circuitBreaker: once });
    const keys = Array.from({ length: 20 }, (_, key) => `key ${key}`);
    for (const key of keys) await keyed.for(key).settle(fail);
    await states();
    for (const key of keys) await keyed.for(key).settle(() => 1);
    const circuits = sdk.spans().map(({ attributes }) => attributes['circuit.name']);
    expect(circuits).toEqual([...keys, ...keys].map((key) => `hosts/${key}`));
    const opened = sdk.logs().filter(({ eventName }) => eventName === 'redress.circuit_opened');
    expect(opened.map(({ attributes }) => attributes['circuit.name'])).toEqual(keys.map((key) => `hosts/${key}`));
  });

  it('[keyed.together] circuits that are closed are told together; one takes a name when it opens, and keeps it when it closes again', async () => {
    sdk = await listen();
    const { keyed, clock } = made({ circuitBreaker: once });
    for (const key of ['a', 'b', 'c']) await keyed.for(key).call(() => 1);
    expect(await states()).toEqual({ '_other closed': 3 });
    await keyed.for('b').settle(fail);
    expect(await states()).toEqual({ '_other closed': 2, 'hosts/b open': 1 });
    await clock.advance(1_300);
    expect(await states()).toEqual({ '_other closed': 2, 'hosts/b half_open': 1 });
    await keyed.for('b').call(() => 1);
    expect(await states()).toEqual({ '_other closed': 2, 'hosts/b closed': 1 });
    keyed.dispose();
    expect(await states()).toEqual({});
  });

  it('[keyed.together] one that opens and closes between two collections takes no name', async () => {
    sdk = await listen();
    const { keyed } = made({ circuitBreaker: once });
    await keyed.for('a').settle(fail);
    keyed.for('a').circuitBreaker?.reset();
    expect(await states()).toEqual({ '_other closed': 1 });
    await keyed.for('a').settle(fail);
    expect(await states()).toEqual({ 'hosts/a open': 1 });
  });

  it('[keyed.together] the highest failure ratio is that of those told together', async () => {
    sdk = await listen();
    const { keyed, clock } = made({ circuitBreaker: { trip: { type: 'rate', windowMs: 10_000, consecutiveFailures: false } } });
    const ratios = (): Promise<Record<string, number>> => sdk.values('redress.circuit.failure_ratio', 'circuit.name');
    for (const key of ['a', 'b', 'c']) await keyed.for(key).call(() => 1);
    expect(await ratios()).toEqual({ _other: 0 });
    await keyed.for('a').settle(fail);
    for (let call = 0; call < 3; call++) await keyed.for('b').settle(fail);
    expect(await ratios()).toEqual({ _other: 0.75 });
    await clock.advance(10_000);
    expect(await ratios()).toEqual({ _other: 0 });
  });

  it('[keyed.together] a circuit without a ratio shows none, and one that only observes is marked when it has a name', async () => {
    sdk = await listen();
    const { keyed } = made({ circuitBreaker: { ...once, observeOnly: true } });
    await keyed.for('a').settle(fail);
    expect(await sdk.values('redress.circuit.failure_ratio', 'circuit.name')).toEqual({});
    expect(await sdk.values('redress.circuit.state', 'circuit.name', 'redress.observe_only', 'circuit.state')).toMatchObject({
      'hosts/a true open': 1,
    });
  });

  it('[keyed.events-bounded] events of circuits of keys take a third of the names, and the others have theirs; sums stay exact', async () => {
    sdk = await listen({ spans: 'never', logSeverity: 'OFF' });
    const { keyed, registry, clock } = made({ circuitBreaker: once });
    for (let key = 0; key < 400; key++) await keyed.for(`key ${key}`).settle(fail);
    keyed.for('forced').circuitBreaker?.forceOpen();
    for (let late = 0; late < 20; late++) await registry.policy(`late ${late}`, { clock, retry: false, circuitBreaker: once }).settle(fail);
    const opened = Object.entries(await sdk.values('redress.events', 'redress.event', 'circuit.name'))
      .filter(([row, count]) => row.startsWith('circuit_opened ') && count > 0)
      .map(([row, count]) => [row.slice('circuit_opened '.length), count] as const);
    expect(opened.filter(([name]) => name.startsWith('hosts/'))).toHaveLength(124);
    expect(opened.filter(([name]) => name.startsWith('late '))).toHaveLength(20);
    expect(Object.fromEntries(opened)._other).toBe(401 - 124);
    expect(told().filter((line) => line.includes('more circuits of keys'))).toHaveLength(1);
  });

  it('[keyed.no-zero-rows] circuits of keys have no zero rows, and the policy has those of its budget', async () => {
    sdk = await listen();
    const { keyed } = made({ circuitBreaker: once, retry: { backoff: instant() } });
    for (const key of ['a', 'b']) await keyed.for(key).call(() => 1);
    const events = await sdk.values('redress.events', 'redress.event', 'circuit.name');
    expect(Object.keys(events).filter((key) => key.startsWith('circuit'))).toEqual([]);
    expect(events['budget_exhausted undefined']).toBe(0);
  });

  it('[keyed.gauges] gauges of the policy are those of all its keys: sums, and the least that is left of a budget', async () => {
    sdk = await listen();
    const budget = { max: 5, windowMs: 1e9 };
    const { keyed, clock } = made({ bulkhead: { maxConcurrent: 2, maxQueued: 5 }, retry: { maxAttempts: 2, backoff: instant(), budget } });
    const ends: (() => void)[] = [];
    const hang = (): Promise<void> => new Promise((resolve) => void ends.push(resolve));
    const gauges = async (): Promise<unknown[]> =>
      Promise.all(
        ['active_calls', 'bulkhead.in_flight', 'bulkhead.queued', 'bulkhead.limit', 'retry.budget', 'retry.budget_limit'].map(
          async (name) => (await sdk.values(`redress.${name}`, 'redress.policy')).hosts,
        ),
      );
    expect(await gauges()).toEqual([0, undefined, undefined, undefined, 5, 5]);
    const running = ['a', 'a', 'a', 'b'].map((key) => keyed.for(key).call(hang));
    await keyed.for('c').settle(fail);
    await keyed.for('c').settle(fail);
    expect(await gauges()).toEqual([4, 3, 1, 6, 3, 5]);
    for (let turn = 0; turn < 4; turn++) {
      for (const end of ends.splice(0)) end();
      await clock.advance(0);
    }
    await Promise.all(running);
    expect(await gauges()).toEqual([0, 0, 0, 6, 3, 5]);
    await clock.advance(600_000);
    expect(await gauges()).toEqual([0, 0, 0, 2, 3, 5]);
  });

  it('[keyed.gauges] a collection lets go of what is idle', async () => {
    sdk = await listen();
    const { keyed, clock } = made({ circuitBreaker: {} }, { idleMs: 1_000 });
    for (let key = 0; key < 50; key++) await keyed.for(`key ${key}`).call(() => 1);
    expect(await states()).toEqual({ '_other closed': 50 });
    await clock.advance(1_000);
    expect(await states()).toEqual({});
    expect(sum(await sdk.values('redress.circuit.time_in_state'))).toBe(50);
  });

  it('counts calls by policy and operation, whatever the key', async () => {
    sdk = await listen({ spans: 'never', logSeverity: 'OFF' });
    const { keyed } = made();
    for (let key = 0; key < 30; key++) await keyed.for(`key ${key}`).call(() => 1);
    expect(await sdk.values('redress.attempts', 'redress.policy', 'operation')).toEqual({ 'hosts hosts': 30 });
  });
});

/** What a step does to a key. */
const actions = ['succeed', 'succeed', 'fail', 'forceOpen', 'reset', 'forget', 'wait', 'collect', 'collect'] as const;

interface Step {
  readonly key: string;
  readonly action: (typeof actions)[number];
  readonly ms: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  key: fc.nat(14).map((key) => `key ${key}`),
  action: fc.constantFrom(...actions),
  ms: fc.constantFrom(1, 100, 999, 1_500, 20_000),
});

/** With 50 rows there are 11 names, a third of them kept back. */
const MAX_ROWS = 50;
const KEPT_BACK = 3;

/** Walks a keyed policy, and knows what its telemetry has to say. */
class Walk {
  readonly clock: FakeClock;
  readonly keyed: KeyedPolicy;
  private readonly madeMs = new Map<string, number>();
  private goneMs = 0;
  private readonly named = new Set<string>();
  private shown: Record<string, number> = {};

  constructor(maxKeys: number) {
    const { clock, keyed } = made({ circuitBreaker: once }, { maxKeys, idleMs: 10_000 });
    this.clock = clock;
    this.keyed = keyed;
  }

  async take({ key, action, ms }: Step): Promise<void> {
    const policy = this.keyed.for(key);
    if (action === 'succeed') await policy.settle(() => 1);
    else if (action === 'fail') await policy.settle(fail);
    else if (action === 'forceOpen') policy.circuitBreaker?.forceOpen();
    else if (action === 'reset') policy.circuitBreaker?.reset();
    else if (action === 'forget') policy.dispose();
    else if (action === 'wait') await this.clock.advance(ms);
    this.look();
    if (action === 'collect') await this.collect();
  }

  /** Who is there now; the overflow is there from when it was first needed. */
  private look(): void {
    const nowMs = this.clock.now();
    const keys = new Set([...this.keyed].map(({ key }) => key));
    if (told().some((line) => line.includes('new keys share'))) keys.add('_other');
    for (const key of keys) if (!this.madeMs.has(key)) this.madeMs.set(key, nowMs);
    for (const [key, madeMs] of this.madeMs) {
      if (keys.has(key)) continue;
      this.goneMs += nowMs - madeMs;
      this.madeMs.delete(key);
    }
  }

  /** Each circuit's state, by its name. */
  private truth(): Map<string, string> {
    const truth = new Map<string, string>();
    for (const { key, policy } of this.keyed) truth.set(`hosts/${key}`, policy.circuitBreaker?.state ?? '');
    return truth;
  }

  private async collect(): Promise<void> {
    const truth = this.truth();
    const isShared = this.madeMs.has('_other');
    const byState = await sdk.values('redress.circuit.state', 'circuit.state');
    const byName = await states();
    // Of the overflow only that it is one.
    expect(sum(byState)).toBe(truth.size + (isShared ? 1 : 0));
    for (const state of ['closed', 'open', 'half_open', 'forced_open']) {
      const count = [...truth.values()].filter((each) => each === state).length;
      const more = (byState[state] ?? 0) - count;
      expect(more).toBeGreaterThanOrEqual(0);
      expect(more).toBeLessThanOrEqual(isShared ? 1 : 0);
    }
    for (const row of Object.keys(byName)) if (!row.startsWith('_other ')) this.named.add(row.slice(0, row.lastIndexOf(' ')));
    expect(this.named.size).toBeLessThanOrEqual(KEPT_BACK);
    for (const [name, state] of truth) {
      if (state === 'closed') continue;
      // Named, or no name is left.
      if (this.named.has(name)) expect(byName).toMatchObject({ [`${name} ${state}`]: 1 });
      else expect(this.named.size).toBe(KEPT_BACK);
    }
    await this.collectTimes();
  }

  private async collectTimes(): Promise<void> {
    const times = await sdk.values('redress.circuit.time_in_state', 'circuit.name', 'circuit.state');
    const nowMs = this.clock.now();
    const ages = [...this.madeMs.values()].reduce((all, madeMs) => all + nowMs - madeMs, this.goneMs);
    expect(sum(times)).toBeCloseTo(ages / 1_000, 6);
    for (const [row, before] of Object.entries(this.shown)) expect(times[row]).toBeGreaterThanOrEqual(before);
    this.shown = times;
  }
}

describe('many circuits', () => {
  it('[keyed.sums-exact] [keyed.named-when-open] sums are the truth, and each that is not closed has its name while there are any, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(2, 5, 20), fc.array(step, { minLength: 1, maxLength: 60 }), async (maxKeys, steps) => {
        withDiag();
        freshHub();
        sdk = await listen({ spans: 'never', logSeverity: 'OFF', maxRows: MAX_ROWS });
        const walk = new Walk(maxKeys);
        for (const each of steps) await walk.take(each);
        await walk.take({ key: 'key 0', action: 'collect', ms: 0 });
        await sdk.stop();
      }),
      { numRuns: 60 },
    );
    sdk = await listen();
  });

  it('[keyed.sums-exact] [keyed.named-when-open] of 100,000 keys those that opened have their names as long as there are any, and no other', async () => {
    const [keys, openings] = [100_000, 200];
    sdk = await listen({ spans: 'never', logSeverity: 'WARN' });
    const { keyed, clock } = made({ circuitBreaker: once }, { maxKeys: keys });
    for (let key = 0; key < keys; key++) await keyed.for(`key ${key}`).call(() => 1);
    await clock.advance(1_000);
    expect(keyed.size).toBe(keys);
    expect(await states()).toEqual({ '_other closed': keys });
    const random = seededRandom(7);
    const open = new Set<string>();
    while (open.size < openings) open.add(`key ${Math.floor(random() * keys)}`);
    for (const key of open) await keyed.for(key).settle(fail);
    await clock.advance(500);
    const byName = await states();
    const named = Object.keys(byName).filter((row) => !row.startsWith('_other'));
    expect(named).toHaveLength(124);
    expect(named.every((row) => row.endsWith(' open') && open.has(row.slice('hosts/'.length, -' open'.length)))).toBe(true);
    expect(byName).toMatchObject({ '_other closed': keys - openings, '_other open': openings - 124 });
    expect(sum(await sdk.values('redress.circuit.time_in_state'))).toBeCloseTo(keys * 1.5, 3);
    expect((await sdk.values('redress.circuit.time_in_state', 'circuit.state')).open).toBeCloseTo(openings * 0.5, 6);
    const opened = sdk.logs().filter(({ eventName }) => eventName === 'redress.circuit_opened');
    expect(opened.map(({ attributes }) => attributes['circuit.name'])).toEqual([...open].map((key) => `hosts/${key}`));
    expect(opened.map(({ attributes }) => attributes['redress.key'])).toEqual([...open]);
    expect(told().filter((line) => line.includes('circuits: gauges of the rest'))).toHaveLength(1);
    await clock.advance(600_000);
    expect(keyed.size).toBe(openings);
  }, 60_000);
});

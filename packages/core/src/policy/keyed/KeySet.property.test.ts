import fc from 'fast-check';
import { KeySet, type Member } from './KeySet.js';

/** A key of a test: in trouble for so long, and in use by so many calls. */
class TestKey implements Member {
  queue: object | undefined = undefined;
  older: TestKey | undefined = undefined;
  newer: TestKey | undefined = undefined;
  usedMs = 0;
  isLive = false;
  calls = 0;
  troubledUntilMs = 0;

  constructor(readonly key: string) {}

  get isInUse(): boolean {
    return this.calls > 0;
  }

  isAtRest(nowMs: number): boolean {
    return this.calls === 0 && nowMs >= this.troubledUntilMs;
  }
}

const IDLE_MS = 100;

type Step = {
  readonly key: number;
  readonly do: 'begin' | 'end' | 'trouble' | 'wait' | 'sweep' | 'sweepAll' | 'forget';
  readonly ms: number;
};

const step: fc.Arbitrary<Step> = fc.record({
  key: fc.nat(11),
  do: fc.constantFrom('begin', 'begin', 'begin', 'end', 'end', 'trouble', 'wait', 'sweep', 'sweepAll', 'forget'),
  ms: fc.constantFrom(1, 10, 50, 99, 100, 101, 1_000),
});

/** A set of keys and everything that was ever true of them. */
class Walk {
  readonly gone: string[] = [];
  readonly set: KeySet<TestKey>;
  private readonly keys = new Map<number, TestKey>();
  private readonly forgotten: string[] = [];
  private nowMs = 0;
  private dropping = false;

  constructor(readonly maxKeys: number) {
    this.set = new KeySet(maxKeys, IDLE_MS, (member) => this.left(member));
  }

  take({ key, do: what, ms }: Step): void {
    const member = this.keyOf(key);
    if (what === 'begin') this.begin(member);
    else if (what === 'end') this.end(member);
    else if (what === 'trouble') this.trouble(member, ms);
    else if (what === 'wait') this.nowMs += ms;
    else if (what === 'sweep') this.set.sweep(this.nowMs);
    else if (what === 'sweepAll') this.sweepAll();
    else this.forget(member);
    this.check();
  }

  private keyOf(key: number): TestKey {
    let member = this.keys.get(key);
    if (member === undefined) {
      member = new TestKey(`key ${key}`);
      this.keys.set(key, member);
    }
    return member;
  }

  private begin(member: TestKey): void {
    const before = [...this.set.values()];
    this.dropping = true;
    const isIn = member.isLive || this.set.admit(member, this.nowMs);
    this.dropping = false;
    // With no more keys than are looked at at once, nobody is turned away while there is one that may go.
    if (!isIn) expect(before.filter((each) => each.isAtRest(this.nowMs))).toEqual([]);
    if (!isIn) return;
    const left = before.filter((each) => !each.isLive);
    expect(left.length).toBeLessThanOrEqual(1);
    member.calls += 1;
    if (member.calls === 1) this.set.began(member);
  }

  private end(member: TestKey): void {
    if (member.calls === 0) return;
    member.calls -= 1;
    if (member.calls === 0) this.set.ended(member, this.nowMs);
  }

  /** Something fails in a call: only what is in use can come to be in trouble. */
  private trouble(member: TestKey, ms: number): void {
    if (member.calls > 0) member.troubledUntilMs = this.nowMs + ms;
  }

  private sweepAll(): void {
    this.set.sweepAll(this.nowMs);
    const over = [...this.set.values()].filter((each) => each.isAtRest(this.nowMs) && this.nowMs - each.usedMs >= IDLE_MS);
    expect(over).toEqual([]);
  }

  private forget(member: TestKey): void {
    this.forgotten.push(member.key);
    this.set.forget(member);
    this.forgotten.pop();
  }

  private left(member: TestKey): void {
    this.gone.push(member.key);
    if (this.forgotten.includes(member.key)) return;
    expect(member.isAtRest(this.nowMs)).toBe(true);
    // Not before its time, but to make room.
    if (!this.dropping) expect(this.nowMs - member.usedMs).toBeGreaterThanOrEqual(IDLE_MS);
  }

  private check(): void {
    expect(this.set.size).toBeLessThanOrEqual(this.maxKeys);
    expect([...this.set.values()].every((each) => each.isLive && this.set.get(each.key) === each)).toBe(true);
    expect([...this.keys.values()].filter((each) => each.isLive).length).toBe(this.set.size);
    for (const each of this.set.values()) expect(each.queue === undefined).toBe(each.calls > 0);
  }
}

describe('a set of keys', () => {
  it('[keyed.bounded] [keyed.evicts-at-rest] [keyed.idle-time] holds no more than it may, and forgets only what is at rest, whatever happens', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(step, { maxLength: 150 }), (maxKeys, steps) => {
        const walk = new Walk(maxKeys);
        for (const each of steps) walk.take(each);
      }),
      { numRuns: 500 },
    );
  });

  it('[keyed.evicts-oldest] makes room by the one that was idle longest', () => {
    const gone: string[] = [];
    const set = new KeySet<TestKey>(3, IDLE_MS, (member) => void gone.push(member.key));
    const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map((key) => new TestKey(key)) as [TestKey, TestKey, TestKey, TestKey, TestKey];
    for (const [index, each] of [a, b, c].entries()) set.admit(each, index);
    set.began(a);
    set.ended(a, 10);
    expect(set.admit(d, 11)).toBe(true);
    expect(set.admit(e, 12)).toBe(true);
    expect(gone).toEqual(['b', 'c']);
  });

  it('[keyed.bounded] a new key costs a few looks, however many are in trouble', () => {
    let looks = 0;
    class Troubled extends TestKey {
      override isAtRest(): boolean {
        looks += 1;
        return false;
      }
    }
    const set = new KeySet<TestKey>(10_000, IDLE_MS, () => {});
    for (let key = 0; key < 10_000; key += 1) set.admit(new Troubled(`key ${key}`), 0);
    expect(set.admit(new Troubled('the first too many'), 1)).toBe(false);
    looks = 0;
    for (let key = 0; key < 100; key += 1) {
      set.sweep(1_000);
      expect(set.admit(new Troubled(`new ${key}`), 1_000)).toBe(false);
    }
    expect(looks).toBeLessThanOrEqual(100 * 70);
  });

  it('[keyed.idle-time] one call looks at more keys than it adds, so that what is over goes', () => {
    const set = new KeySet<TestKey>(1_000, IDLE_MS, () => {});
    for (let key = 0; key < 100; key += 1) set.admit(new TestKey(`old ${key}`), 0);
    for (let key = 0; key < 100; key += 1) {
      set.sweep(200);
      set.admit(new TestKey(`new ${key}`), 200);
    }
    expect([...set.values()].filter(({ key }) => key.startsWith('old'))).toEqual([]);
  });
});

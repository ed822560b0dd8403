import fc from 'fast-check';
import { BulkheadEngine, type Waiter } from './BulkheadEngine.js';
import { type BulkheadPriority, PRIORITIES } from './callOptions.js';

/** One who waits, and notes in a list that he was let in, or in another that he had to go. */
const waiter = (name: string, admitted: string[], displaced: string[] = []): Waiter => ({
  admitted: () => void admitted.push(name),
  displaced: () => void displaced.push(name),
});

describe('BulkheadEngine', () => {
  it('[bulkhead.limit] has as many places as it may', () => {
    const engine = new BulkheadEngine(2, 0);
    expect([engine.tryEnter(), engine.tryEnter(), engine.tryEnter()]).toEqual([true, true, false]);
    expect(engine.running).toBe(2);
    engine.leave();
    expect(engine.running).toBe(1);
    expect(engine.tryEnter()).toBe(true);
  });

  it.each([
    { maxQueued: 0, then: [false, false] },
    { maxQueued: 1, then: [true, false] },
    { maxQueued: 2, then: [true, true] },
  ])('[bulkhead.queue-limit] lets $maxQueued wait: $then', ({ maxQueued, then }) => {
    const engine = new BulkheadEngine(1, maxQueued);
    engine.tryEnter();
    expect([engine.tryQueue(waiter('a', [])), engine.tryQueue(waiter('b', []))]).toEqual(then);
    expect(engine.queued).toBe(maxQueued);
  });

  it('[bulkhead.fifo] gives a place that is freed to the first who waits, and to nobody who comes then', () => {
    const admitted: string[] = [];
    const engine = new BulkheadEngine(1, 3);
    engine.tryEnter();
    for (const name of ['a', 'b', 'c']) engine.tryQueue(waiter(name, admitted));
    engine.leave();
    expect(admitted).toEqual(['a']);
    expect(engine.tryEnter()).toBe(false);
    engine.leave();
    engine.leave();
    expect(admitted).toEqual(['a', 'b', 'c']);
    expect([engine.running, engine.queued]).toEqual([1, 0]);
    engine.leave();
    expect(engine.running).toBe(0);
  });

  it('[bulkhead.abort-frees-place] lets anybody leave the queue, and forgets him', () => {
    const admitted: string[] = [];
    const engine = new BulkheadEngine(1, 2);
    engine.tryEnter();
    const [a, b] = [waiter('a', admitted), waiter('b', admitted)];
    engine.tryQueue(a);
    engine.tryQueue(b);
    engine.cancel(a);
    expect(engine.queued).toBe(1);
    expect(engine.tryQueue(waiter('c', admitted))).toBe(true);
    engine.leave();
    engine.leave();
    expect(admitted).toEqual(['b', 'c']);
    engine.cancel(b);
    expect([engine.running, engine.queued]).toEqual([1, 0]);
  });

  it('[bulkhead.limit] [bulkhead.fifo] never has more running or waiting than it may, and lets in in order, whatever comes', () => {
    const step = fc.constantFrom<'come' | 'leave' | 'cancel'>('come', 'come', 'leave', 'cancel');
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: 4 }),
        fc.array(step, { maxLength: 60 }),
        (running, queued, steps) => {
          const engine = new BulkheadEngine(running, queued);
          const admitted: string[] = [];
          // The model: who runs, and who waits, each by number.
          let inside = 0;
          let line: { name: string; who: Waiter }[] = [];
          const expected: string[] = [];
          for (const [index, what] of steps.entries()) {
            if (what === 'come') {
              const name = `${index}`;
              const who = waiter(name, admitted);
              if (engine.tryEnter()) inside += 1;
              else if (engine.tryQueue(who)) line.push({ name, who });
              else expect(line).toHaveLength(queued);
            } else if (what === 'leave' && inside > 0) {
              const [first, ...rest] = line;
              engine.leave();
              line = rest;
              if (first === undefined) inside -= 1;
              else expected.push(first.name);
            } else if (what === 'cancel') {
              const last = line.pop();
              if (last !== undefined) engine.cancel(last.who);
            }
            expect([engine.running, engine.queued]).toEqual([inside, line.length]);
            expect(inside <= running && line.length <= queued).toBe(true);
            expect(line.length === 0 || inside === running).toBe(true);
          }
          expect(admitted).toEqual(expected);
        },
      ),
    );
  });

  it('[bulkhead.priority] lets in the higher class first, and in a class who came first', () => {
    const admitted: string[] = [];
    const engine = new BulkheadEngine(1, 6);
    engine.tryEnter();
    const come: [string, BulkheadPriority?][] = [
      ['low 1', 'low'],
      ['normal 1'],
      ['high 1', 'high'],
      ['low 2', 'low'],
      ['normal 2', 'normal'],
      ['high 2', 'high'],
    ];
    for (const [name, priority] of come) engine.tryQueue(waiter(name, admitted), priority);
    for (let place = 0; place < come.length; place += 1) engine.leave();
    expect(admitted).toEqual(['high 1', 'high 2', 'normal 1', 'normal 2', 'low 1', 'low 2']);
    expect([engine.running, engine.queued]).toEqual([1, 0]);
  });

  it.each<{ waits: readonly BulkheadPriority[]; comes: BulkheadPriority; goes: string | undefined }>([
    { waits: ['low', 'low'], comes: 'normal', goes: '1 low' },
    { waits: ['low', 'normal'], comes: 'high', goes: '0 low' },
    { waits: ['normal', 'normal'], comes: 'high', goes: '1 normal' },
    { waits: ['normal', 'high'], comes: 'high', goes: '0 normal' },
    { waits: ['normal', 'normal'], comes: 'normal', goes: undefined },
    { waits: ['high', 'high'], comes: 'high', goes: undefined },
    { waits: ['high', 'normal'], comes: 'low', goes: undefined },
    { waits: [], comes: 'high', goes: undefined },
  ])('[bulkhead.displaces] in a full queue of $waits, for one of class $comes goes $goes', ({ waits, comes, goes }) => {
    const displaced: string[] = [];
    const engine = new BulkheadEngine(1, waits.length);
    engine.tryEnter();
    for (const [index, priority] of waits.entries()) engine.tryQueue(waiter(`${index} ${priority}`, [], displaced), priority);
    expect(engine.tryQueue(waiter('comes', [], displaced), comes)).toBe(goes !== undefined);
    expect(displaced).toEqual(goes === undefined ? [] : [goes]);
    expect(engine.queued).toBe(waits.length);
  });

  it('[bulkhead.priority] [bulkhead.displaces] [bulkhead.fifo] is what a sorted list says, whatever comes, goes and gives up', () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...PRIORITIES) },
      { weight: 2, arbitrary: fc.constant('leave' as const) },
      { weight: 1, arbitrary: fc.nat(5) },
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4 }), fc.array(step, { maxLength: 80 }), (queued, steps) => {
        const engine = new BulkheadEngine(1, queued);
        const [admitted, displaced]: [string[], string[]] = [[], []];
        const expected: [string[], string[]] = [[], []];
        engine.tryEnter();
        let line: { name: string; rank: number; who: Waiter }[] = [];
        for (const [index, what] of steps.entries()) {
          if (what === 'leave') {
            const first = line.toSorted((a, b) => a.rank - b.rank)[0];
            engine.leave();
            if (first === undefined) engine.tryEnter();
            else expected[0].push(first.name);
            line = line.filter((each) => each !== first);
          } else if (typeof what === 'number') {
            const gone = line[what];
            if (gone !== undefined) engine.cancel(gone.who);
            line = line.filter((each) => each !== gone);
          } else {
            const rank = PRIORITIES.indexOf(what);
            const who = waiter(`${index}`, admitted, displaced);
            const newestOfLowest = line.toSorted((a, b) => b.rank - a.rank || Number(b.name) - Number(a.name))[0];
            const isFull = line.length >= queued;
            const gone = isFull && newestOfLowest !== undefined && newestOfLowest.rank > rank ? newestOfLowest : undefined;
            expect(engine.tryQueue(who, what)).toBe(!isFull || gone !== undefined);
            if (gone !== undefined) expected[1].push(gone.name);
            line = line.filter((each) => each !== gone);
            if (!isFull || gone !== undefined) line.push({ name: `${index}`, rank, who });
          }
          expect([engine.running, engine.queued]).toEqual([1, line.length]);
        }
        expect([admitted, displaced]).toEqual(expected);
      }),
    );
  });
});

import fc from 'fast-check';
import { BulkheadEngine, type Waiter } from './BulkheadEngine.js';

/** One who waits, and notes in a list that he was let in. */
const waiter = (name: string, admitted: string[]): Waiter => ({ admitted: () => void admitted.push(name) });

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
});

import fc from 'fast-check';
import { RateLimiterEngine, type Waiter } from './RateLimiterEngine.js';

interface Told {
  readonly name: string;
  readonly atMs?: number;
  readonly tooLateBy?: number;
}

/** One who waits, and notes in a list what he is told. */
function waiter(name: string, told: Told[], more: Partial<Waiter> = {}): Waiter {
  return {
    cost: 1,
    latestMs: Infinity,
    deadlineMs: Infinity,
    admitted: (atMs) => void told.push({ name, atMs }),
    tooLate: (tooLateBy) => void told.push({ name, tooLateBy }),
    ...more,
  };
}

const emptied = (limit = 10, burst = 1): RateLimiterEngine => {
  const engine = new RateLimiterEngine({ limit, windowMs: 1_000, burst });
  while (engine.tryTake(0, 1));
  return engine;
};

describe('RateLimiterEngine', () => {
  it('[limiter.fifo] lets in in the order in which they came, one for each permit, whatever each costs', () => {
    const told: Told[] = [];
    const engine = emptied(10, 5);
    engine.queue(waiter('dear', told, { cost: 3 }));
    engine.queue(waiter('cheap', told));
    expect([engine.nextMs, engine.waitMs(0, 1), engine.waiting]).toEqual([300, 500, 2]);
    engine.goOn(299);
    // There would be permits for him, and others wait.
    expect(engine.tryTake(299, 1)).toBe(false);
    expect(told).toEqual([]);
    engine.goOn(300);
    expect(engine.nextMs).toBe(400);
    engine.goOn(400);
    expect(told).toEqual([
      { name: 'dear', atMs: 300 },
      { name: 'cheap', atMs: 400 },
    ]);
    expect([engine.nextMs, engine.waiting]).toEqual([Infinity, 0]);
  });

  it('[limiter.no-permit-lost] those behind one who leaves move up', () => {
    const told: Told[] = [];
    const engine = emptied();
    const first = waiter('first', told);
    engine.queue(first);
    engine.queue(waiter('second', told));
    expect(engine.waitMs(0, 1)).toBe(300);
    engine.cancel(first);
    expect(engine.waitMs(0, 1)).toBe(200);
    engine.goOn(100);
    engine.cancel(first);
    expect(told).toEqual([{ name: 'second', atMs: 100 }]);
    expect(engine.waitMs(100, 1)).toBe(100);
  });

  it.each([
    { title: 'who may wait so long, waits on', latestMs: 5_000, deadlineMs: Infinity, told: [] },
    { title: 'who may not, is told when', latestMs: 4_999, deadlineMs: Infinity, told: [{ name: 'waits', tooLateBy: 5_000 }] },
    { title: 'whose time is up just then, is told', latestMs: Infinity, deadlineMs: 5_000, told: [{ name: 'waits', tooLateBy: 5_000 }] },
  ])('[limiter.hold] of a hold of 5 s: $title', ({ latestMs, deadlineMs, told: expected }) => {
    const told: Told[] = [];
    const engine = emptied();
    engine.queue(waiter('waits', told, { latestMs, deadlineMs }));
    engine.hold(0, 5_000);
    expect(told).toEqual(expected);
    expect([engine.available(4_999), engine.heldMs(1_000), engine.heldMs(6_000)]).toEqual([0, 4_000, 0]);
  });

  it('[limiter.hold-bound] nobody is held back for more than a minute', () => {
    const engine = emptied();
    engine.hold(0, Infinity);
    expect([engine.heldMs(0), engine.tryTake(59_999, 1), engine.tryTake(60_000, 1)]).toEqual([60_000, false, true]);
  });

  it('[limiter.hold-paced] those who wait through a hold go on one by one', () => {
    const told: Told[] = [];
    const engine = new RateLimiterEngine({ limit: 10, windowMs: 1_000, burst: 10 });
    engine.hold(0, 1_000);
    for (const name of ['a', 'b', 'c']) engine.queue(waiter(name, told));
    while (engine.nextMs < Infinity) engine.goOn(engine.nextMs);
    expect(told.map(({ atMs }) => atMs)).toEqual([1_000, 1_100, 1_200]);
  });

  it('[limiter.wait-bound] whoever was kept waiting beyond his time by a blocked process is told so, when there is none for him', () => {
    const told: Told[] = [];
    const engine = emptied();
    engine.queue(waiter('first', told, { latestMs: 1_000 }));
    engine.queue(waiter('second', told, { latestMs: 1_000 }));
    engine.queue(waiter('third', told, { latestMs: 9_000 }));
    engine.goOn(5_000);
    expect(told).toEqual([
      { name: 'first', atMs: 5_000 },
      { name: 'second', tooLateBy: 100 },
    ]);
  });

  it('[limiter.no-permit-lost] [limiter.fifo] who stays is let in exactly when he would be without those who left', () => {
    const caller = fc.record({ afterMs: fc.integer({ min: 0, max: 300 }), cost: fc.integer({ min: 1, max: 3 }), leaves: fc.boolean() });
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2, 4, 10, 20),
        fc.integer({ min: 3, max: 6 }),
        fc.array(caller, { maxLength: 40 }),
        (limit, burst, callers) => {
          const run = (withLeavers: boolean): Told[] => {
            const told: Told[] = [];
            const engine = new RateLimiterEngine({ limit, windowMs: 1_000, burst });
            let nowMs = 0;
            for (const [index, { afterMs, cost, leaves }] of callers.entries()) {
              nowMs += afterMs;
              while (engine.nextMs <= nowMs) engine.goOn(engine.nextMs);
              if (leaves && !withLeavers) continue;
              const name = `${index}`;
              if (engine.waiting === 0 && engine.waitMs(nowMs, cost) === 0) {
                // Whoever is let in at once has used his permits; he leaves no more.
                if (!leaves && engine.tryTake(nowMs, cost)) told.push({ name, atMs: nowMs });
                continue;
              }
              const who = waiter(name, told, { cost });
              engine.queue(who);
              if (leaves) engine.cancel(who);
            }
            while (engine.nextMs < Infinity) engine.goOn(engine.nextMs);
            return told;
          };
          expect(run(true)).toEqual(run(false));
          expect(run(true)).toHaveLength(callers.filter(({ leaves }) => !leaves).length);
        },
      ),
    );
  });
});

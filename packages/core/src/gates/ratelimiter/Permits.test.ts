import fc from 'fast-check';
import { Permits } from './Permits.js';

const take = (permits: Permits, nowMs: number, cost: number, times: number): number =>
  Array.from({ length: times }, () => permits.tryTake(nowMs, cost)).filter(Boolean).length;

describe('Permits', () => {
  it.each([
    { limit: 10, burst: 10, cost: 1, atOnce: 10, nextMs: 100 },
    { limit: 10, burst: 1, cost: 1, atOnce: 1, nextMs: 100 },
    { limit: 3, burst: 3, cost: 1, atOnce: 3, nextMs: 1_000 / 3 },
    { limit: 10, burst: 20, cost: 1, atOnce: 20, nextMs: 100 },
    { limit: 10, burst: 10, cost: 3, atOnce: 3, nextMs: 200 },
    { limit: 10, burst: 10, cost: 0.5, atOnce: 20, nextMs: 50 },
    { limit: 10, burst: 10, cost: 10, atOnce: 1, nextMs: 1_000 },
  ])(
    '[limiter.rate] of $limit a second and a burst of $burst, $atOnce of cost $cost pass at once, and the next after $nextMs ms',
    (given) => {
      const { limit, burst, cost, atOnce, nextMs } = given;
      const permits = new Permits({ limit, windowMs: 1_000, burst });
      expect(take(permits, 5_000, cost, 100)).toBe(atOnce);
      expect(permits.readyMs(cost)).toBeCloseTo(5_000 + nextMs, 6);
      expect(permits.tryTake(5_000 + nextMs - 0.001, cost)).toBe(false);
      expect(permits.tryTake(5_000 + nextMs, cost)).toBe(true);
      expect(permits.tryTake(5_000 + nextMs, cost)).toBe(false);
    },
  );

  it('[limiter.rate] tells how many are there, and saves no more than the burst', () => {
    const permits = new Permits({ limit: 10, windowMs: 1_000, burst: 4 });
    expect(permits.at(0)).toBe(4);
    take(permits, 0, 1, 4);
    expect([0, 99, 100, 250, 399, 400, 1e9].map((ms) => permits.at(ms))).toEqual([0, 0, 1, 2, 3, 4, 4]);
  });

  it('[limiter.rate] gives what came back to the millisecond, also on a clock that counts since 1970', () => {
    for (const startMs of [0, 1e9, 1.8e12]) {
      for (const limit of [3, 7, 30, 700]) {
        const permits = new Permits({ limit, windowMs: 1_000, burst: limit });
        expect(take(permits, startMs, 1, limit + 1)).toBe(limit);
        expect([permits.at(startMs + 999), permits.at(startMs + 1_000)]).toEqual([Math.floor(0.999 * limit), limit]);
        expect(take(permits, startMs + 1_000, 1, limit + 1)).toBe(limit);
      }
    }
  });

  it('[limiter.cost] has no time for more than can be saved', () => {
    const permits = new Permits({ limit: 10, windowMs: 1_000, burst: 4 });
    expect(permits.readyMs(5)).toBe(Infinity);
    expect(permits.tryTake(1e9, 5)).toBe(false);
    expect(permits.readyMs(4, 100)).toBeLessThan(Infinity);
  });

  it('[limiter.hold] [limiter.hold-paced] while held back nobody has any, and then they come one by one', () => {
    const permits = new Permits({ limit: 10, windowMs: 1_000, burst: 5 });
    permits.hold(0, 2_000);
    permits.hold(0, 1_000);
    expect([permits.at(1_999), permits.at(2_000), permits.heldUntilMs]).toEqual([0, 1, 2_000]);
    expect([permits.readyMs(1), permits.readyMs(0.5), permits.readyMs(3)]).toEqual([2_000, 2_000, 2_200]);
    expect(take(permits, 1_999, 0.5, 9)).toBe(0);
    expect(take(permits, 2_000, 1, 9)).toBe(1);
    expect(take(permits, 2_100, 1, 9)).toBe(1);
  });

  it.each([
    { title: 'at once, it is as if it had not been taken', keptMs: 0, backAtOnce: 1 },
    { title: 'when it would have come back meanwhile, it is not there twice', keptMs: 100, backAtOnce: 0 },
  ])('[limiter.no-permit-lost] of one that is given back $title', ({ keptMs, backAtOnce }) => {
    const permits = new Permits({ limit: 10, windowMs: 1_000, burst: 1 });
    permits.tryTake(0, 1);
    if (keptMs > 0) expect(take(permits, keptMs, 1, 9)).toBe(1);
    permits.giveBack(0, 1);
    expect(take(permits, keptMs, 1, 9)).toBe(backAtOnce);
  });

  it('[limiter.hold] what was taken before a hold does not come back into it', () => {
    const permits = new Permits({ limit: 10, windowMs: 1_000, burst: 2 });
    permits.tryTake(0, 1);
    permits.hold(10, 1_010);
    permits.giveBack(0, 1);
    expect(take(permits, 1_010, 1, 9)).toBe(1);
  });

  const step = fc.record({
    afterMs: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 400, noNaN: true })),
    what: fc.constantFrom<'take' | 'take and give back' | 'hold'>('take', 'take', 'take', 'take and give back', 'hold'),
    cost: fc.constantFrom(1, 1, 2, 0.5, 3),
    keptMs: fc.constantFrom(0, 0, 1, 50, 500),
  });

  it('[limiter.rate] [limiter.no-permit-lost] what was used in any span is never more than the burst and what came back in it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 8 }),
        fc.array(step, { maxLength: 60 }),
        (limit, burst, steps) => {
          const permits = new Permits({ limit, windowMs: 1_000, burst });
          const used: { atMs: number; cost: number }[] = [];
          let back: { dueMs: number; takenMs: number; cost: number }[] = [];
          let nowMs = 0;
          for (const { afterMs, what, cost, keptMs } of steps) {
            nowMs += afterMs;
            for (const each of back) if (each.dueMs <= nowMs) permits.giveBack(each.takenMs, each.cost);
            back = back.filter(({ dueMs }) => dueMs > nowMs);
            if (what === 'hold') permits.hold(nowMs, nowMs + keptMs);
            else if (permits.tryTake(nowMs, cost)) {
              if (what === 'take') used.push({ atMs: nowMs, cost });
              else back.push({ dueMs: nowMs + keptMs, takenMs: nowMs, cost });
            }
          }
          for (const [first, { atMs: from }] of used.entries()) {
            let sum = 0;
            for (const { atMs, cost } of used.slice(first)) {
              sum += cost;
              expect(sum).toBeLessThanOrEqual(burst + ((atMs - from) * limit) / 1_000 + 1e-6);
            }
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('[limiter.rate] lets through whatever the naive bucket does', () => {
    const steps = fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 300 }), cost: fc.integer({ min: 1, max: 4 }) }), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(fc.constantFrom(1, 2, 4, 5, 10, 20), fc.integer({ min: 1, max: 8 }), steps, (limit, burst, all) => {
        const permits = new Permits({ limit, windowMs: 1_000, burst });
        // In thousandths of a permit, which come back whole with each millisecond.
        let saved = burst * 1_000;
        let nowMs = 0;
        for (const { afterMs, cost } of all) {
          nowMs += afterMs;
          saved = Math.min(burst * 1_000, saved + afterMs * limit);
          const passes = saved >= cost * 1_000;
          if (passes) saved -= cost * 1_000;
          expect(permits.tryTake(nowMs, cost)).toBe(passes);
          expect(permits.at(nowMs)).toBe(Math.floor(saved / 1_000));
        }
      }),
    );
  });
});

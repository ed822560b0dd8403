import fc from 'fast-check';
import type { Budget } from './Budget.js';
import { budgetOf, type RetryBudgetOptions } from './options.js';

const budgetFrom = (options: RetryBudgetOptions): Budget => budgetOf(options);

const standard = { ratio: 0.2, minPerSecond: 1, maxSaved: 10, windowMs: 10_000 };
const callsOnly = { ...standard, minPerSecond: 0 };

/** Takes all there is at a time. */
function drain(budget: Budget, nowMs: number): number {
  let taken = 0;
  while (budget.tryWithdraw(nowMs)) taken += 1;
  return taken;
}

const deposit = (budget: Budget, calls: number, nowMs: number): void => {
  for (let call = 0; call < calls; call += 1) budget.deposit(nowMs);
};

describe('a budget, a share of the calls', () => {
  it('[budget.default-saved] starts with what can be saved, whatever its clock says', () => {
    expect(budgetFrom(standard).balance(123_456)).toBe(10);
    expect(drain(budgetFrom(standard), 123_456)).toBe(10);
    expect(drain(budgetFrom(callsOnly), -5)).toBe(10);
    const first = budgetFrom({ ...standard, maxSaved: 1 });
    first.deposit(0);
    expect([first.tryWithdraw(0), first.tryWithdraw(0)]).toEqual([true, false]);
  });

  it.each([
    { calls: 4, then: 0 },
    { calls: 5, then: 1 },
    { calls: 9, then: 1 },
    { calls: 10, then: 2 },
    { calls: 49, then: 9 },
    { calls: 50, then: 10 },
    { calls: 1_000, then: 10 },
  ])('[budget.default-ratio] $calls calls grant $then retries', ({ calls, then }) => {
    const budget = budgetFrom(standard);
    drain(budget, 0);
    deposit(budget, calls, 0);
    expect(budget.balance(0)).toBe(then);
    expect(drain(budget, 0)).toBe(then);
    expect(budget.balance(0)).toBe(0);
  });

  it.each([
    { afterMs: 999, then: 0 },
    { afterMs: 1_000, then: 1 },
    { afterMs: 1_999, then: 1 },
    { afterMs: 2_000, then: 2 },
    { afterMs: 9_999, then: 9 },
    { afterMs: 10_000, then: 10 },
    { afterMs: 10_999, then: 10 },
    { afterMs: 11_000, then: 10 },
    { afterMs: 1e9, then: 10 },
  ])('[budget.default-per-second] $afterMs ms without a call grant $then retries', ({ afterMs, then }) => {
    const read = budgetFrom(standard);
    drain(read, 0);
    expect(read.balance(afterMs)).toBe(then);
    const taken = budgetFrom(standard);
    drain(taken, 0);
    expect(drain(taken, afterMs)).toBe(then);
  });

  it.each([
    { given: 'at the start of a second', depositMs: 0, whenMs: 9_999, then: 2 },
    { given: 'at the start of a second', depositMs: 0, whenMs: 10_000, then: 0 },
    { given: 'at the end of a second', depositMs: 999, whenMs: 9_999, then: 2 },
    { given: 'at the end of a second', depositMs: 999, whenMs: 10_000, then: 0 },
    { given: 'in a later second', depositMs: 3_000, whenMs: 12_999, then: 2 },
    { given: 'in a later second', depositMs: 3_000, whenMs: 13_000, then: 0 },
  ])('[budget.default-ratio] calls $given ($depositMs) leave $then retries at $whenMs', ({ depositMs, whenMs, then }) => {
    const budget = budgetFrom(callsOnly);
    drain(budget, 0);
    deposit(budget, 10, depositMs);
    expect(budget.balance(whenMs)).toBe(then);
    expect(drain(budget, whenMs)).toBe(then);
  });

  it('loses what it started with after its window, when it grants nothing by the second', () => {
    const budget = budgetFrom(callsOnly);
    budget.refund(0);
    expect(budget.balance(9_999)).toBe(10);
    expect(budget.balance(10_000)).toBe(0);
  });

  it('[health.look] is not begun by a look: what it starts with is there for its first use, however late', () => {
    const budget = budgetFrom(callsOnly);
    for (const nowMs of [0, 5_000, 60_000]) expect(budget.balance(nowMs)).toBe(10);
    expect(budget.tryWithdraw(60_000)).toBe(true);
    expect(budget.balance(69_999)).toBe(9);
    expect(budget.balance(70_000)).toBe(0);
  });

  it('[budget.default-saved] drops the oldest above what can be saved, so that fresh calls are not lost to stale ones', () => {
    const budget = budgetFrom(callsOnly);
    deposit(budget, 100, 0);
    deposit(budget, 25, 5_000);
    expect(budget.balance(5_000)).toBe(10);
    expect(budget.balance(10_000)).toBe(5);
    const used = budgetFrom(callsOnly);
    deposit(used, 100, 0);
    deposit(used, 25, 5_000);
    expect(used.tryWithdraw(5_000)).toBe(true);
    expect(used.balance(5_000)).toBe(9);
    expect(used.balance(10_000)).toBe(5);
  });

  it('uses the oldest first', () => {
    const budget = budgetFrom(callsOnly);
    drain(budget, 0);
    deposit(budget, 10, 1_000);
    deposit(budget, 10, 4_000);
    budget.tryWithdraw(4_000);
    budget.tryWithdraw(4_000);
    budget.tryWithdraw(4_000);
    expect(budget.balance(11_000)).toBe(1);
    expect(budget.balance(13_999)).toBe(1);
    expect(budget.balance(14_000)).toBe(0);
  });

  it('[budget.integer-arithmetic] does not drift: three thirds of calls or seconds are not one retry, a million tenths are 100,000', () => {
    // In floating point three times a third would be one.
    const third = budgetFrom({ ...callsOnly, ratio: 1 / 3 });
    drain(third, 0);
    deposit(third, 3, 0);
    expect(third.balance(0)).toBe(0);
    const slow = budgetFrom({ ...standard, minPerSecond: 1 / 3 });
    drain(slow, 0);
    expect(slow.balance(3_000)).toBe(0);
    const tenth = budgetFrom({ ...callsOnly, ratio: 0.1, maxSaved: 1_000_000 });
    drain(tenth, 0);
    deposit(tenth, 999_999, 0);
    expect(tenth.balance(0)).toBe(99_999);
    tenth.deposit(0);
    expect(tenth.balance(0)).toBe(100_000);
    const odd = budgetFrom({ ...callsOnly, ratio: 0.07 });
    drain(odd, 0);
    deposit(odd, 100, 0);
    expect(odd.balance(0)).toBe(7);
  });

  it.each([
    { minPerSecond: 0.5, windowMs: 10_000, afterMs: 1_999, then: 0 },
    { minPerSecond: 0.5, windowMs: 10_000, afterMs: 2_000, then: 1 },
    { minPerSecond: 3, windowMs: 1_000, afterMs: 333, then: 0 },
    { minPerSecond: 3, windowMs: 1_000, afterMs: 400, then: 1 },
    { minPerSecond: 3, windowMs: 1_000, afterMs: 1_000, then: 3 },
    { minPerSecond: 3, windowMs: 1_000, afterMs: 60_000, then: 3 },
  ])(
    '[budget.default-per-second] $minPerSecond a second over $windowMs ms grant $then in $afterMs ms',
    ({ minPerSecond, windowMs, afterMs, then }) => {
      const budget = budgetFrom({ ...standard, minPerSecond, windowMs });
      drain(budget, 0);
      expect(budget.balance(afterMs)).toBe(then);
    },
  );

  it('gives back a retry that was not made, which then is as fresh as a call', () => {
    const budget = budgetFrom(callsOnly);
    drain(budget, 0);
    budget.refund(5_000);
    expect(budget.balance(14_999)).toBe(1);
    expect(budget.balance(15_000)).toBe(0);
    const full = budgetFrom(callsOnly);
    full.refund(0);
    expect(full.balance(0)).toBe(10);
  });

  it('[budget.shared] is one purse for all who hold it', () => {
    const shared = budgetFrom(callsOnly);
    drain(shared, 0);
    deposit(shared, 3, 0);
    deposit(shared, 2, 0);
    expect([shared.tryWithdraw(0), shared.tryWithdraw(0)]).toEqual([true, false]);
  });

  it('[budget.default-ratio] never lets more go than it granted, over any span of time, and never shows more than can be saved', () => {
    const step = fc.record({ afterMs: fc.oneof(fc.nat(50), fc.nat(3_000)), calls: fc.nat(30), wanted: fc.nat(12), refund: fc.boolean() });
    const numbers = fc.record({
      ratio: fc.constantFrom(0.01, 0.07, 0.2, 1 / 3, 1),
      minPerSecond: fc.constantFrom(0, 0.3, 1 / 3, 1, 5),
      maxSaved: fc.integer({ min: 1, max: 20 }),
      windowMs: fc.constantFrom(100, 1_000, 10_000),
    });
    fc.assert(
      fc.property(numbers, fc.array(step, { minLength: 1, maxLength: 40 }), (given, steps) => {
        const budget = budgetFrom({ ...given });
        const log: { atMs: number; calls: number; taken: number }[] = [];
        let nowMs = 0;
        for (const { afterMs, calls, wanted, refund } of steps) {
          nowMs += afterMs;
          deposit(budget, calls, nowMs);
          const balance = budget.balance(nowMs);
          let taken = 0;
          while (taken < wanted && budget.tryWithdraw(nowMs)) taken += 1;
          expect(Number.isInteger(balance)).toBe(true);
          expect(balance).toBeLessThanOrEqual(given.maxSaved);
          expect(taken).toBe(Math.min(wanted, balance));
          if (refund && taken > 0) {
            budget.refund(nowMs);
            taken -= 1;
          }
          log.push({ atMs: nowMs, calls, taken });
        }
        const slice = (given.minPerSecond * given.windowMs) / 10_000;
        let most = 0;
        for (const [from, first] of log.entries()) {
          let calls = 0;
          let taken = 0;
          for (const { atMs, ...step } of log.slice(from)) {
            calls += step.calls;
            taken += step.taken;
            const granted = given.ratio * calls + (given.minPerSecond * (atMs - first.atMs)) / 1_000;
            most = Math.max(most, taken - granted);
          }
        }
        expect(most).toBeLessThanOrEqual(given.maxSaved + slice + 1e-3);
      }),
      { numRuns: 150 },
    );
  });

  it('agrees with a list of all grants, the oldest used and dropped first', () => {
    const step = fc.record({ afterMs: fc.oneof(fc.nat(120), fc.nat(1_500)), calls: fc.nat(20), wanted: fc.nat(8) });
    fc.assert(
      fc.property(
        fc.constantFrom(0, 1, 4),
        fc.integer({ min: 1, max: 8 }),
        fc.array(step, { maxLength: 30 }),
        (minPerSecond, maxSaved, steps) => {
          const budget = budgetFrom({ ratio: 0.2, minPerSecond, maxSaved, windowMs: 1_000 });
          budget.refund(0);
          // In tenths of a retry: a call grants two, and one a second is one in a slice of 100 ms.
          let grants: { slice: number; tenths: number }[] = [{ slice: 0, tenths: maxSaved * 10 }];
          let slice = 0;
          let nowMs = 0;
          const total = () => grants.reduce((sum, grant) => sum + grant.tenths, 0);
          const use = (tenths: number) => {
            let left = tenths;
            grants = grants.map((grant) => {
              const part = Math.min(left, grant.tenths);
              left -= part;
              return { ...grant, tenths: grant.tenths - part };
            });
          };
          for (const { afterMs, calls, wanted } of steps) {
            nowMs += afterMs;
            for (; slice < Math.floor(nowMs / 100); slice += 1) grants.push({ slice: slice + 1, tenths: minPerSecond });
            grants = grants.filter((grant) => slice - grant.slice < 10);
            deposit(budget, calls, nowMs);
            grants.push({ slice, tenths: 2 * calls });
            for (let asked = 0; asked < wanted; asked += 1) {
              use(Math.max(0, total() - maxSaved * 10));
              const there = total() >= 10;
              if (there) use(10);
              expect(budget.tryWithdraw(nowMs)).toBe(there);
            }
            expect(budget.balance(nowMs)).toBe(Math.floor(Math.min(maxSaved * 10, total()) / 10));
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('a budget, a fixed window', () => {
  const fixed: RetryBudgetOptions = { max: 2, windowMs: 100 };

  it('[budget.fixed-window] grants max retries, and as many again when the window that began with the first is over', () => {
    const budget = budgetFrom(fixed);
    expect(budget.balance(0)).toBe(2);
    expect(budget.tryWithdraw(50)).toBe(true);
    expect(budget.balance(50)).toBe(1);
    expect(budget.tryWithdraw(149.9)).toBe(true);
    expect(budget.tryWithdraw(149.9)).toBe(false);
    expect(budget.balance(149.9)).toBe(0);
    expect(budget.balance(150)).toBe(2);
    expect([budget.tryWithdraw(150), budget.tryWithdraw(249), budget.tryWithdraw(249)]).toEqual([true, true, false]);
  });

  it('[budget.fixed-window] earns nothing by calls', () => {
    const budget = budgetFrom(fixed);
    drain(budget, 0);
    deposit(budget, 1_000, 1);
    expect(budget.balance(1)).toBe(0);
    expect(budget.tryWithdraw(1)).toBe(false);
  });

  it('[budget.fixed-window] takes a retry back, and never more than were taken', () => {
    const budget = budgetFrom(fixed);
    budget.refund(0);
    expect(budget.balance(0)).toBe(2);
    budget.tryWithdraw(0);
    budget.tryWithdraw(0);
    budget.refund(99);
    expect(budget.balance(99)).toBe(1);
    budget.refund(99);
    budget.refund(99);
    expect(budget.balance(99)).toBe(2);
    expect(drain(budget, 99)).toBe(2);
    budget.refund(100);
    expect(budget.balance(100)).toBe(2);
    expect(drain(budget, 100)).toBe(2);
  });

  it('[budget.fixed-window] never lets more than max go in a window', () => {
    const gaps = fc.array(fc.constantFrom(0, 1, 40, 50, 99, 100, 101), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), gaps, (max, afterMs) => {
        const budget = budgetFrom({ max, windowMs: 100 });
        let nowMs = 0;
        let beganMs = -Infinity;
        let used = 0;
        for (const gap of afterMs) {
          nowMs += gap;
          if (nowMs - beganMs >= 100) {
            beganMs = nowMs;
            used = 0;
          }
          const left = max - used;
          expect(budget.balance(nowMs)).toBe(left);
          expect(budget.tryWithdraw(nowMs)).toBe(left > 0);
          if (left > 0) used += 1;
        }
      }),
      { numRuns: 150 },
    );
  });
});

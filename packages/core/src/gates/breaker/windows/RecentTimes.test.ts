import fc from 'fast-check';
import { RecentTimes } from './RecentTimes.js';

describe('RecentTimes', () => {
  it.each([
    { size: 1, atMs: [5], then: true },
    { size: 2, atMs: [5], then: false },
    { size: 2, atMs: [5, 5], then: true },
    { size: 2, atMs: [0, 99], then: true },
    { size: 2, atMs: [0, 100], then: false },
    { size: 2, atMs: [0, 100, 199], then: true },
    { size: 3, atMs: [0, 50], then: false },
    { size: 3, atMs: [0, 50, 99], then: true },
    { size: 3, atMs: [0, 50, 100], then: false },
    { size: 3, atMs: [0, 50, 100, 149], then: true },
    { size: 3, atMs: [0, 50, 100, 150], then: false },
  ])('[breaker.window-forgets] $size within 100 ms at $atMs: $then', ({ size, atMs, then }) => {
    const times = new RecentTimes(size, 100);
    expect(atMs.map((ms) => times.record(ms)).at(-1)).toBe(then);
  });

  it('[breaker.close-clears] forgets all when cleared', () => {
    const times = new RecentTimes(3, 100);
    times.record(0);
    times.record(0);
    times.record(0);
    times.clear();
    expect([times.record(1), times.record(1), times.record(1)]).toEqual([false, false, true]);
  });

  it('[breaker.window-forgets] agrees with a list of all times', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.constantFrom(0, 1, 10, 49, 50, 51, 99, 100, 101), { maxLength: 60 }),
        (size, gaps) => {
          const times = new RecentTimes(size, 100);
          const list: number[] = [];
          let nowMs = 0;
          for (const gap of gaps) {
            nowMs += gap;
            list.push(nowMs);
            expect(times.record(nowMs)).toBe(list.filter((ms) => nowMs - ms < 100).length >= size);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

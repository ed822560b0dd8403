import fc from 'fast-check';
import { TimeWindow } from './TimeWindow.js';

const counts = ({ calls, failures, slow }: TimeWindow) => ({ calls, failures, slow });

describe('TimeWindow', () => {
  // 6,400 ms: buckets of 100 ms, the first from 1,000 to 1,100.
  const START = 1_000;
  it.each([
    { given: 'a call at the start', atMs: [1_000], whenMs: 7_399.9, then: 1 },
    { given: 'a call at the start', atMs: [1_000], whenMs: 7_400, then: 0 },
    { given: 'a call at the end of the first bucket', atMs: [1_099.9], whenMs: 7_399.9, then: 1 },
    { given: 'a call at the end of the first bucket', atMs: [1_099.9], whenMs: 7_400, then: 0 },
    { given: 'a call at the start of the second bucket', atMs: [1_100], whenMs: 7_499.9, then: 1 },
    { given: 'a call at the start of the second bucket', atMs: [1_100], whenMs: 7_500, then: 0 },
    { given: 'calls in two buckets', atMs: [1_000, 1_100], whenMs: 7_400, then: 1 },
    { given: 'calls in two buckets', atMs: [1_000, 1_100], whenMs: 7_500, then: 0 },
    { given: 'calls a bucket apart, round the ring', atMs: [1_000, 7_350, 7_400], whenMs: 7_400, then: 2 },
    { given: 'a call long ago', atMs: [1_000], whenMs: 1e9, then: 0 },
    { given: 'a call after a gap of many windows', atMs: [1_000, 1e9], whenMs: 1e9 + 6_299, then: 1 },
  ])('[breaker.window-forgets] $given ($atMs), read at $whenMs: $then', ({ atMs, whenMs, then }) => {
    const window = new TimeWindow(6_400, START);
    for (const ms of atMs) window.record(ms, 1, 1);
    window.forget(whenMs);
    expect(counts(window)).toEqual({ calls: then, failures: then, slow: then });
  });

  it('counts calls, failures and slow ones apart', () => {
    const window = new TimeWindow(6_400, START);
    window.record(1_000, 0, 0);
    window.record(1_000, 1, 0);
    window.record(1_000, 0, 1);
    window.record(1_000, 1, 1);
    window.record(1_000, 0, 1);
    expect(counts(window)).toEqual({ calls: 5, failures: 2, slow: 3 });
  });

  it('drops what is too old when it records, not only when it is read', () => {
    const window = new TimeWindow(6_400, START);
    window.record(1_000, 1, 1);
    window.record(7_400, 0, 0);
    expect(counts(window)).toEqual({ calls: 1, failures: 0, slow: 0 });
  });

  it('[breaker.close-clears] begins anew when cleared: empty, its buckets from that moment', () => {
    const window = new TimeWindow(6_400, START);
    window.record(1_000, 1, 1);
    window.record(3_333, 1, 1);
    window.clear(3_350);
    expect(counts(window)).toEqual({ calls: 0, failures: 0, slow: 0 });
    window.record(3_350, 1, 0);
    window.record(3_449, 0, 1);
    window.forget(9_749);
    expect(counts(window)).toEqual({ calls: 2, failures: 1, slow: 1 });
    window.forget(9_750);
    expect(counts(window)).toEqual({ calls: 0, failures: 0, slow: 0 });
  });

  it('[breaker.window-forgets] agrees with a list of all calls, whatever their times', () => {
    const step = fc.record({
      afterMs: fc.oneof(fc.nat(3), fc.constantFrom(9, 10, 11, 639, 640, 641, 5_000), fc.nat(700)),
      failed: fc.constantFrom(0 as const, 1 as const),
      slow: fc.constantFrom(0 as const, 1 as const),
      clear: fc.constantFrom(false, false, false, false, false, true),
    });
    fc.assert(
      fc.property(fc.nat(1_000), fc.array(step, { maxLength: 60 }), (startMs, steps) => {
        const window = new TimeWindow(640, startMs);
        let list: { bucket: number; failed: number; slow: number }[] = [];
        let originMs = startMs;
        let nowMs = startMs;
        for (const { afterMs, failed, slow, clear } of steps) {
          nowMs += afterMs;
          if (clear) {
            window.clear(nowMs);
            list = [];
            originMs = nowMs;
          }
          const bucket = Math.floor((nowMs - originMs) / 10);
          window.record(nowMs, failed, slow);
          list.push({ bucket, failed, slow });
          list = list.filter((call) => bucket - call.bucket < 64);
          expect(counts(window)).toEqual({
            calls: list.length,
            failures: list.reduce((sum, call) => sum + call.failed, 0),
            slow: list.reduce((sum, call) => sum + call.slow, 0),
          });
        }
      }),
      { numRuns: 300 },
    );
  });

  it('[breaker.window-forgets] never counts a call as old as the window, and always one a 64th younger', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 3, noNaN: true }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        (windowMs, at, age) => {
          const window = new TimeWindow(windowMs, 0);
          window.record(at * windowMs, 1, 0);
          window.forget(at * windowMs + age * windowMs);
          if (age >= 1 + 1e-9) expect(window.failures).toBe(0);
          if (age <= 63 / 64 - 1e-9) expect(window.failures).toBe(1);
        },
      ),
      { numRuns: 500 },
    );
  });
});

import fc from 'fast-check';
import { CountWindow } from './CountWindow.js';

const counts = ({ calls, failures, slow }: CountWindow) => ({ calls, failures, slow });

describe('CountWindow', () => {
  it.each([
    { size: 3, record: '', then: { calls: 0, failures: 0, slow: 0 } },
    { size: 3, record: 'f', then: { calls: 1, failures: 1, slow: 0 } },
    { size: 3, record: 's', then: { calls: 1, failures: 0, slow: 1 } },
    { size: 3, record: 'b', then: { calls: 1, failures: 1, slow: 1 } },
    { size: 3, record: 'f.s', then: { calls: 3, failures: 1, slow: 1 } },
    { size: 3, record: 'f.s.', then: { calls: 3, failures: 0, slow: 1 } },
    { size: 3, record: 'f.s..', then: { calls: 3, failures: 0, slow: 1 } },
    { size: 3, record: 'f.s...', then: { calls: 3, failures: 0, slow: 0 } },
    { size: 3, record: 'bbbb', then: { calls: 3, failures: 3, slow: 3 } },
    { size: 1, record: 'fs', then: { calls: 1, failures: 0, slow: 1 } },
  ])('[breaker.window-forgets] the last $size of "$record" (f failed, s slow, b both) are $then', ({ size, record, then }) => {
    const window = new CountWindow(size);
    for (const call of record) window.record(0, 'fb'.includes(call) ? 1 : 0, 'sb'.includes(call) ? 1 : 0);
    window.forget();
    expect(counts(window)).toEqual(then);
  });

  it('[breaker.window-forgets] agrees with a list of the last calls', () => {
    const call = fc.record({ failed: fc.constantFrom(0 as const, 1 as const), slow: fc.constantFrom(0 as const, 1 as const) });
    const step = fc.oneof({ weight: 20, arbitrary: call }, { weight: 1, arbitrary: fc.constant('clear' as const) });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.array(step, { maxLength: 80 }), (size, steps) => {
        const window = new CountWindow(size);
        let list: { failed: number; slow: number }[] = [];
        for (const one of steps) {
          if (one === 'clear') {
            window.clear();
            list = [];
          } else {
            window.record(0, one.failed, one.slow);
            list = [...list, one].slice(-size);
          }
          expect(counts(window)).toEqual({
            calls: list.length,
            failures: list.reduce((sum, { failed }) => sum + failed, 0),
            slow: list.reduce((sum, { slow }) => sum + slow, 0),
          });
        }
      }),
      { numRuns: 200 },
    );
  });
});

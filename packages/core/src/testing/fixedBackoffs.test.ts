import type { BackoffContext } from '../model/Backoff.js';
import { fixed, instant } from './fixedBackoffs.js';

const after = (attempt: number): BackoffContext => ({
  attempt,
  classification: { errorClass: 'TRANSIENT' },
  previousDelayMs: undefined,
  remainingMs: 1_000,
  failedBy: 'exception',
  random: () => 0.5,
});

describe('deterministic backoffs', () => {
  it.each([
    { given: 'instant()', backoff: instant(), then: [0, 0, 0, 0] },
    { given: 'fixed(100)', backoff: fixed(100), then: [100, 100, 100, 100] },
    { given: 'fixed(100, 0, 200)', backoff: fixed(100, 0, 200), then: [100, 0, 200, 200] },
  ])('$given', ({ backoff, then }) => {
    expect([1, 2, 3, 4].map((attempt) => backoff(after(attempt)))).toEqual(then);
  });

  it.each([-1, Number.NaN, Infinity])('fixed refuses %p', (delayMs) => {
    expect(() => fixed(1, delayMs)).toThrow(new RangeError(`a delay must be a finite number of milliseconds from 0 up, not ${delayMs}`));
  });
});

import fc from 'fast-check';
import { recoveryBackoff } from './recoveryBackoff.js';
import type { BackoffContext } from '../model/Backoff.js';

const opening = (attempt: number, random: number): BackoffContext => ({
  attempt,
  classification: { errorClass: 'TRANSIENT' },
  previousDelayMs: undefined,
  remainingMs: Infinity,
  failedBy: 'exception',
  random: () => random,
});

describe('recoveryBackoff', () => {
  it.each([
    { recoveryMs: 5_000, attempt: 1, random: 0.5, then: 5_000 },
    { recoveryMs: 5_000, attempt: 1, random: 0, then: 4_000 },
    { recoveryMs: 5_000, attempt: 1, random: 1, then: 6_000 },
    { recoveryMs: 5_000, attempt: 2, random: 0.5, then: 10_000 },
    { recoveryMs: 5_000, attempt: 2, random: 0, then: 8_000 },
    { recoveryMs: 5_000, attempt: 2, random: 1, then: 12_000 },
    { recoveryMs: 5_000, attempt: 3, random: 0.5, then: 10_000 },
    { recoveryMs: 5_000, attempt: 10_000, random: 0.5, then: 10_000 },
    { recoveryMs: 90_000, attempt: 1, random: 0.5, then: 90_000 },
    { recoveryMs: 90_000, attempt: 2, random: 0.5, then: 180_000 },
    { recoveryMs: 100, attempt: 3, random: 0.5, then: 200 },
  ])(
    '[breaker.reopens-longer] $recoveryMs ms, opening $attempt, random $random: open for $then ms',
    ({ recoveryMs, attempt, random, then }) => {
      expect(recoveryBackoff(recoveryMs)(opening(attempt, random))).toBeCloseTo(then, 6);
    },
  );

  it('[breaker.reopens-longer] is no shorter at a later opening with the same luck, and never 0 or above 1.2 times the doubled number', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200_000 }),
        fc.integer({ min: 1, max: 10_000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (recoveryMs, attempt, random) => {
          const backoff = recoveryBackoff(recoveryMs);
          const openMs = backoff(opening(attempt, random));
          expect(openMs).toBeGreaterThan(0);
          expect(openMs).toBeLessThanOrEqual(recoveryMs * 2.4 + 1e-6);
          expect(backoff(opening(attempt + 1, random))).toBeGreaterThanOrEqual(openMs);
        },
      ),
    );
  });

  it.each([1, 2, 1_000])('[breaker.overflow] is the maximum, and not 0 or Infinity, when it overflows: opening %d', (attempt) => {
    expect(recoveryBackoff(Number.MAX_VALUE)(opening(attempt, 0.9))).toBe(Number.MAX_VALUE);
  });
});

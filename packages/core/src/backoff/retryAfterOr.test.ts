import { contextOf } from './fixtures/contextOf.js';
import { constant } from './constant.js';
import { retryAfterOr } from './retryAfterOr.js';

describe('retryAfterOr', () => {
  it.each([
    { given: 'a wish, and no luck', retryAfterMs: 2_000, options: undefined, random: 0, then: 2_000 },
    { given: 'a wish, and half the default spread', retryAfterMs: 2_000, options: undefined, random: 0.5, then: 2_200 },
    { given: 'a short wish, and half the least spread', retryAfterMs: 200, options: undefined, random: 0.5, then: 325 },
    { given: 'a long wish, and half the largest spread', retryAfterMs: 600_000, options: undefined, random: 0.5, then: 615_000 },
    { given: 'a wish of 0', retryAfterMs: 0, options: {}, random: 0.5, then: 77 },
    { given: 'a wish, and a jitter of its own', retryAfterMs: 2_000, options: { jitterMs: 1_000 }, random: 0.25, then: 2_250 },
    { given: 'a wish, and no jitter', retryAfterMs: 2_000, options: { jitterMs: 0 }, random: 0.5, then: 2_000 },
    { given: 'a wish beyond any limit', retryAfterMs: 3_600_000, options: { jitterMs: undefined }, random: 0, then: 3_600_000 },
    { given: 'a wish below 0', retryAfterMs: -5, options: { jitterMs: 0 }, random: 0.5, then: 77 },
    { given: 'no wish', retryAfterMs: undefined, options: undefined, random: 0.5, then: 77 },
    { given: 'a wish of NaN', retryAfterMs: Number.NaN, options: undefined, random: 0.5, then: 77 },
    { given: 'a wish of Infinity', retryAfterMs: Infinity, options: undefined, random: 0.5, then: 77 },
  ])('$given: $then ms', ({ retryAfterMs, options, random, then }) => {
    const classification = { errorClass: 'RATE_LIMIT', retryAfterMs } as const;
    const context = contextOf({ classification, random: () => random, remainingMs: Infinity });
    expect(retryAfterOr(constant(77), options)(context)).toBe(then);
  });

  it('hands its context to the fallback', () => {
    const fallback = jest.fn(() => 5);
    const context = contextOf({ attempt: 3 });
    expect(retryAfterOr(fallback)(context)).toBe(5);
    expect(fallback).toHaveBeenCalledWith(context);
  });
});

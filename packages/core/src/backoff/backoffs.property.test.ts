import fc from 'fast-check';
import type { Backoff } from '../model/Backoff.js';
import { adaptive } from './adaptive.js';
import { constant } from './constant.js';
import { decorrelatedJitter } from './decorrelatedJitter.js';
import { equalJitter } from './equalJitter.js';
import { exponential } from './exponential.js';
import { contextOf } from './fixtures/contextOf.js';
import { fullJitter } from './fullJitter.js';
import { recoveryBackoff } from './recoveryBackoff.js';
import { retryAfterOr } from './retryAfterOr.js';
import { sequence } from './sequence.js';
import { tokenBackoff } from './tokenBackoff.js';

interface Bounds {
  readonly baseMs: number;
  readonly maxMs: number;
}

/** Every backoff there is, made of a base and a limit, and the limit its delays have. */
const backoffs: readonly { readonly name: string; make(bounds: Bounds): Backoff; limit(bounds: Bounds): number }[] = [
  { name: 'constant', make: ({ baseMs }) => constant(baseMs), limit: ({ baseMs }) => baseMs },
  { name: 'sequence', make: ({ baseMs, maxMs }) => sequence([baseMs, maxMs]), limit: ({ maxMs }) => maxMs },
  { name: 'exponential', make: exponential, limit: ({ maxMs }) => maxMs },
  { name: 'fullJitter', make: fullJitter, limit: ({ maxMs }) => maxMs },
  { name: 'equalJitter', make: equalJitter, limit: ({ maxMs }) => maxMs },
  { name: 'tokenBackoff', make: tokenBackoff, limit: ({ maxMs }) => maxMs },
  { name: 'decorrelatedJitter', make: decorrelatedJitter, limit: ({ maxMs }) => maxMs },
  { name: 'retryAfterOr', make: (bounds) => retryAfterOr(fullJitter(bounds)), limit: ({ maxMs }) => maxMs },
  {
    name: 'retryAfterOr with a wish',
    make: ({ baseMs, maxMs }) => {
      const backoff = retryAfterOr(constant(0), { jitterMs: maxMs - baseMs });
      return (context) => backoff({ ...context, classification: { errorClass: 'RATE_LIMIT', retryAfterMs: baseMs } });
    },
    limit: ({ maxMs }) => maxMs,
  },
  { name: 'adaptive', make: (bounds) => adaptive(fullJitter(bounds)), limit: ({ maxMs }) => maxMs },
  { name: 'recoveryBackoff', make: ({ baseMs }) => recoveryBackoff(baseMs), limit: ({ baseMs }) => baseMs * 2 * (1.2 + 1e-12) },
];

const random01 = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const positive = fc.double({ min: 0.001, max: 1e9, noNaN: true });
const bounds = fc.tuple(positive, positive).map(([one, other]) => ({ baseMs: Math.min(one, other), maxMs: Math.max(one, other) }));

/** A small generator of our own (mulberry32), for many numbers from one seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe.each(backoffs)('$name', ({ make, limit }) => {
  it('[retry.backoff-bounded] stays within its limit for 10,000 steps, [retry.jitter-positive] and never at 0', () => {
    fc.assert(
      fc.property(bounds, fc.integer(), (given, seed) => {
        const backoff = make(given);
        const random = seeded(seed);
        const mostMs = limit(given) * (1 + 1e-9);
        let previousDelayMs: number | undefined;
        for (let attempt = 1; attempt <= 10_000; attempt++) {
          const delayMs = backoff(contextOf({ attempt, previousDelayMs, random }));
          if (!(delayMs > 0 && delayMs <= mostMs)) expect({ attempt, delayMs, mostMs }).toBe('above 0, and at most the limit');
          previousDelayMs = delayMs;
        }
      }),
      { numRuns: 10 },
    );
  });

  it('[retry.backoff-bounded] [retry.jitter-positive] likewise for any wait before it, at the edges of random', () => {
    const edges = fc.oneof(random01, fc.constantFrom(0, 2 ** -53, 1 - 2 ** -53));
    const previous = fc.option(fc.double({ min: 0, max: 1e12, noNaN: true }), { nil: undefined });
    fc.assert(
      fc.property(bounds, fc.integer({ min: 1, max: 100_000 }), previous, edges, (given, attempt, previousDelayMs, chance) => {
        const delayMs = make(given)(contextOf({ attempt, previousDelayMs, random: () => chance }));
        expect(delayMs).toBeGreaterThan(0);
        expect(delayMs).toBeLessThanOrEqual(limit(given) * (1 + 1e-9));
      }),
    );
  });

  it('[retry.backoff-pure] gives the same delay for the same context and random, whatever it was asked before', () => {
    fc.assert(
      fc.property(bounds, fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), random01), { minLength: 1 }), (given, asked) => {
        const used = make(given);
        for (const [attempt, chance] of asked) {
          const context = contextOf({ attempt, previousDelayMs: attempt * 10, random: () => chance });
          expect(used(context)).toBe(make(given)(context));
        }
      }),
    );
  });
});

describe.each(backoffs.filter(({ name }) => name !== 'recoveryBackoff'))('$name of a base of 0', ({ make }) => {
  it('[retry.backoff-bounded] stays within its limit too', () => {
    const backoff = make({ baseMs: 0, maxMs: 1_000 });
    const delays = Array.from({ length: 10_000 }, (_, index) => backoff(contextOf({ attempt: index + 1 })));
    expect(delays.filter((delayMs) => !(delayMs >= 0 && delayMs <= 1_000))).toEqual([]);
  });
});

describe('retryAfterOr', () => {
  it('never comes back before the wish, and at most jitterMs after it', () => {
    const wish = fc.double({ min: 0, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(wish, fc.double({ min: 0, max: 1e6, noNaN: true }), random01, (retryAfterMs, jitterMs, chance) => {
        const classification = { errorClass: 'RATE_LIMIT', retryAfterMs } as const;
        const delayMs = retryAfterOr(constant(0), { jitterMs })(contextOf({ classification, random: () => chance }));
        expect(delayMs).toBeGreaterThanOrEqual(retryAfterMs);
        expect(delayMs).toBeLessThanOrEqual(retryAfterMs + jitterMs);
      }),
    );
  });
});

describe('adaptive', () => {
  it('[retry.backoff-bounded] stays between its fallback and maxMultiplier times that, whatever was recorded', () => {
    const multiplier = fc.double({ min: 1, max: 100, noNaN: true });
    const target = fc.double({ min: 0.001, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { maxLength: 300 }),
        multiplier,
        target,
        fc.integer({ min: 1, max: 200 }),
        (ends, maxMultiplier, targetSuccess, samples) => {
          const backoff = adaptive(constant(100), { maxMultiplier, targetSuccess, samples });
          for (const succeeded of ends) backoff.record(succeeded);
          const delayMs = backoff(contextOf());
          expect(delayMs).toBeGreaterThanOrEqual(100);
          expect(delayMs).toBeLessThanOrEqual(100 * maxMultiplier * (1 + 1e-9));
        },
      ),
    );
  });
});

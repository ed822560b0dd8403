import { contextOf } from './fixtures/contextOf.js';
import { constant } from './constant.js';
import { decorrelatedJitter } from './decorrelatedJitter.js';
import { equalJitter } from './equalJitter.js';
import { exponential } from './exponential.js';
import { fullJitter } from './fullJitter.js';
import { sequence } from './sequence.js';
import { tokenBackoff } from './tokenBackoff.js';

/** The largest a `random` in [0, 1) can be. */
const ALMOST_1 = 1 - Number.EPSILON / 2;

describe('exponential', () => {
  it.each([
    { options: {}, attempt: 1, then: 250 },
    { options: {}, attempt: 2, then: 500 },
    { options: {}, attempt: 5, then: 4_000 },
    { options: {}, attempt: 6, then: 5_000 },
    { options: {}, attempt: 10_000, then: 5_000 },
    { options: { baseMs: 100, maxMs: 350 }, attempt: 2, then: 200 },
    { options: { baseMs: 100, maxMs: 350 }, attempt: 3, then: 350 },
    { options: { baseMs: 100, factor: 3 }, attempt: 3, then: 900 },
    { options: { baseMs: 100, factor: 1 }, attempt: 9, then: 100 },
    { options: { baseMs: 0 }, attempt: 10_000, then: 0 },
    { options: { maxMs: 100 }, attempt: 1, then: 100 },
    { options: { baseMs: 9_000 }, attempt: 1, then: 9_000 },
    { options: { baseMs: 9_000 }, attempt: 2, then: 9_000 },
    { options: { baseMs: undefined, maxMs: undefined, factor: undefined }, attempt: 2, then: 500 },
  ])('$options, attempt $attempt: $then ms', ({ options, attempt, then }) => {
    expect(exponential(options)(contextOf({ attempt }))).toBe(then);
  });
});

describe('fullJitter', () => {
  it.each([
    { options: {}, attempt: 1, random: 0, then: 250 },
    { options: {}, attempt: 1, random: 0.5, then: 125 },
    { options: {}, attempt: 1, random: 0.75, then: 62.5 },
    { options: {}, attempt: 3, random: 0.5, then: 500 },
    { options: {}, attempt: 6, random: 0, then: 5_000 },
    { options: { baseMs: 100, maxMs: 150 }, attempt: 2, random: 0.5, then: 75 },
    { options: { baseMs: 0 }, attempt: 3, random: 0.5, then: 0 },
    { options: { maxMs: 8 }, attempt: 1, random: 0.5, then: 4 },
  ])('$options, attempt $attempt, random $random: $then ms', ({ options, attempt, random, then }) => {
    expect(fullJitter(options)(contextOf({ attempt, random: () => random }))).toBe(then);
  });

  it('[retry.jitter-positive] is above 0 even for the largest random', () => {
    expect(fullJitter({ baseMs: 1 })(contextOf({ random: () => ALMOST_1 }))).toBeGreaterThan(0);
  });
});

describe('equalJitter', () => {
  it.each([
    { options: {}, attempt: 1, random: 0, then: 125 },
    { options: {}, attempt: 1, random: 0.5, then: 187.5 },
    { options: {}, attempt: 3, random: 0, then: 500 },
    { options: {}, attempt: 3, random: 0.5, then: 750 },
    { options: {}, attempt: 6, random: 0, then: 2_500 },
    { options: { baseMs: 100, maxMs: 150 }, attempt: 2, random: 0.5, then: 112.5 },
    { options: { baseMs: 0 }, attempt: 3, random: 0.5, then: 0 },
  ])('$options, attempt $attempt, random $random: $then ms', ({ options, attempt, random, then }) => {
    expect(equalJitter(options)(contextOf({ attempt, random: () => random }))).toBe(then);
  });
});

describe('tokenBackoff', () => {
  it.each([
    { options: {}, attempt: 1, random: 0, then: 125 },
    { options: {}, attempt: 1, random: 0.5, then: 187.5 },
    { options: {}, attempt: 2, random: 0, then: 187.5 },
    { options: {}, attempt: 3, random: 0, then: 281.25 },
    { options: {}, attempt: 11, random: 0, then: 7_208.1298828125 },
    { options: {}, attempt: 12, random: 0, then: 10_000 },
    { options: {}, attempt: 10_000, random: 0.5, then: 15_000 },
    { options: { baseMs: 100, maxMs: 120 }, attempt: 2, random: 0, then: 60 },
    { options: { baseMs: 30_000 }, attempt: 2, random: 0, then: 15_000 },
    { options: { baseMs: 0 }, attempt: 3, random: 0.5, then: 0 },
  ])('$options, attempt $attempt, random $random: $then ms', ({ options, attempt, random, then }) => {
    expect(tokenBackoff(options)(contextOf({ attempt, random: () => random }))).toBe(then);
  });
});

describe('decorrelatedJitter', () => {
  it.each([
    { given: 'the first wait, least', options: {}, previousDelayMs: undefined, random: 0, then: 250 },
    { given: 'the first wait, middle', options: {}, previousDelayMs: undefined, random: 0.5, then: 500 },
    { given: 'after 400 ms, least', options: {}, previousDelayMs: 400, random: 0, then: 250 },
    { given: 'after 400 ms, middle', options: {}, previousDelayMs: 400, random: 0.5, then: 725 },
    { given: 'after the limit, middle of what it allows', options: {}, previousDelayMs: 5_000, random: 0.5, then: 2_625 },
    {
      given: 'when three times as long is just the limit',
      options: { baseMs: 100, maxMs: 600 },
      previousDelayMs: 200,
      random: 0.5,
      then: 350,
    },
    { given: 'after a Retry-After beyond the limit', options: {}, previousDelayMs: 60_000, random: 0.5, then: 2_625 },
    { given: 'after a wait of 0', options: {}, previousDelayMs: 0, random: 0.5, then: 250 },
    { given: 'after a wait below a third of the base', options: {}, previousDelayMs: 50, random: 0.5, then: 250 },
    { given: 'with a limit below the default base', options: { maxMs: 100 }, previousDelayMs: undefined, random: 0.5, then: 100 },
    { given: 'with a base above the default limit', options: { baseMs: 8_000 }, previousDelayMs: 8_000, random: 0.5, then: 8_000 },
    { given: 'with a base of 0', options: { baseMs: 0 }, previousDelayMs: 0, random: 0.5, then: 0 },
    { given: 'of its own bounds', options: { baseMs: 10, maxMs: 20 }, previousDelayMs: 10, random: 0.5, then: 15 },
  ])('$given: $then ms', ({ options, previousDelayMs, random, then }) => {
    expect(decorrelatedJitter(options)(contextOf({ attempt: 7, previousDelayMs, random: () => random }))).toBe(then);
  });

  it('spreads those who reached the limit instead of sending them back together', () => {
    const backoff = decorrelatedJitter();
    const delays = [0.1, 0.4, 0.7, 0.99].map((random) => backoff(contextOf({ previousDelayMs: 5_000, random: () => random })));
    expect(new Set(delays).size).toBe(4);
  });
});

describe('constant', () => {
  it.each([{ delayMs: 0 }, { delayMs: 1_500 }])('is always $delayMs ms', ({ delayMs }) => {
    const backoff = constant(delayMs);
    expect([1, 2, 10_000].map((attempt) => backoff(contextOf({ attempt })))).toEqual([delayMs, delayMs, delayMs]);
  });
});

describe('sequence', () => {
  it.each([
    { delaysMs: [100, 500, 2_000], then: [100, 500, 2_000, 2_000, 2_000] },
    { delaysMs: [0], then: [0, 0, 0, 0, 0] },
  ])('$delaysMs gives $then', ({ delaysMs, then }) => {
    const backoff = sequence(delaysMs);
    expect([1, 2, 3, 4, 10_000].map((attempt) => backoff(contextOf({ attempt })))).toEqual(then);
  });

  it('keeps to the list it was given', () => {
    const delaysMs = [100, 200];
    const backoff = sequence(delaysMs);
    delaysMs.fill(9);
    expect(backoff(contextOf({ attempt: 2 }))).toBe(200);
  });

  it('asks for no wait at an attempt before the first', () => {
    expect(sequence([100])(contextOf({ attempt: 0 }))).toBe(0);
  });
});

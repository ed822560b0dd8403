import { delayOf, sane } from './delayOf.js';
import type { BackoffContext } from '../model/Backoff.js';

const context: BackoffContext = {
  attempt: 1,
  classification: { errorClass: 'TRANSIENT' },
  previousDelayMs: undefined,
  remainingMs: 1_000,
  failedBy: 'exception',
  random: () => 0,
};

describe('delayOf', () => {
  it.each([
    { given: 5, then: 5 },
    { given: 0.5, then: 0.5 },
    { given: 0, then: 0 },
    { given: -1, then: 0 },
    { given: Infinity, then: Number.MAX_VALUE },
    { given: -Infinity, then: 0 },
    { given: Number.MAX_VALUE, then: Number.MAX_VALUE },
  ])('[retry.delay-sanitised] a delay of $given is $then', ({ given, then }) => {
    const errors: unknown[] = [];
    expect(
      delayOf(
        () => given,
        context,
        (error) => errors.push(error),
      ),
    ).toBe(then);
    expect(errors).toEqual([]);
  });

  it.each([
    { given: 5, then: 5 },
    { given: -1, then: 0 },
    { given: Number.NaN, then: 0 },
    { given: Infinity, then: 0 },
  ])('[retry.delay-sanitised] a wait of $given that the other side asks for is $then', ({ given, then }) => {
    expect(sane(given)).toBe(then);
  });

  it.each<{ given: string; delay: unknown; told: string }>([
    { given: 'NaN', delay: Number.NaN, told: 'NaN' },
    { given: 'a text', delay: '100', told: 'string' },
    { given: 'nothing', delay: undefined, told: 'undefined' },
    { given: 'null', delay: null, told: 'object' },
    { given: 'a bigint', delay: 5n, told: 'bigint' },
    { given: 'a promise', delay: Promise.resolve(5), told: 'a promise' },
  ])('[retry.delay-sanitised] for $given the default backoff serves, and it is told', ({ delay, told }) => {
    const errors: unknown[] = [];
    expect(
      delayOf(
        () => delay as number,
        context,
        (error, threw) => errors.push([String(error), threw]),
      ),
    ).toBe(250);
    expect(errors).toEqual([[`TypeError: a backoff must give a number of milliseconds; got ${told}`, false]]);
  });

  it('[call.stray-promise] tells what a promise of a backoff rejects with', async () => {
    const errors: unknown[] = [];
    const late = new Error('late');
    delayOf(
      () => Promise.reject(late) as unknown as number,
      context,
      (error) => errors.push(error),
    );
    await new Promise((resolve) => setImmediate(resolve));
    expect(errors).toEqual([expect.any(TypeError), late]);
  });

  it('gives the backoff its context', () => {
    expect(
      delayOf(
        (given) => (given === context ? 7 : 8),
        context,
        () => {},
      ),
    ).toBe(7);
  });

  it('[call.backoff-throw-zero] tells what a backoff throws, and waits 0 ms', () => {
    const errors: unknown[] = [];
    const thrown = new Error('broken backoff');
    const delayMs = delayOf(
      () => {
        throw thrown;
      },
      context,
      (error) => errors.push(error),
    );
    expect(delayMs).toBe(0);
    expect(errors).toEqual([thrown]);
  });
});

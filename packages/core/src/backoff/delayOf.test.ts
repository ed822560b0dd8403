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
    { given: Number.NaN, then: 0 },
    { given: Infinity, then: 0 },
    { given: -Infinity, then: 0 },
    { given: Number.MAX_VALUE, then: Number.MAX_VALUE },
  ])('[retry.delay-sanitised] a delay of $given is $then', ({ given, then }) => {
    const errors: unknown[] = [];
    expect(sane(given)).toBe(then);
    expect(
      delayOf(
        () => given,
        context,
        (error) => errors.push(error),
      ),
    ).toBe(then);
    expect(errors).toEqual([]);
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

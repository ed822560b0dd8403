import { contextOf } from './fixtures/contextOf.js';
import type { RecordingBackoff } from '../model/Backoff.js';
import { adaptive } from './adaptive.js';
import { constant } from './constant.js';

function record(backoff: RecordingBackoff, outcomes: string): RecordingBackoff {
  for (const outcome of outcomes) backoff.record(outcome === '+');
  return backoff;
}

describe('adaptive', () => {
  it.each([
    { given: 'nothing recorded', options: {}, outcomes: '', then: 100 },
    { given: 'successes alone', options: {}, outcomes: '+++++', then: 100 },
    { given: 'every attempt failed, one sample', options: { samples: 1 }, outcomes: '-', then: 500 },
    { given: 'the last attempt succeeded, one sample', options: { samples: 1 }, outcomes: '-+', then: 100 },
    { given: 'half failed, at a target of all', options: { samples: 3, targetSuccess: 1 }, outcomes: '-', then: 300 },
    { given: 'half failed, at a target of half', options: { samples: 3, targetSuccess: 0.5 }, outcomes: '-', then: 100 },
    { given: 'three in four failed, at a target of half', options: { samples: 3, targetSuccess: 0.5 }, outcomes: '--', then: 300 },
    { given: 'half failed, up to twice as long', options: { samples: 3, targetSuccess: 1, maxMultiplier: 2 }, outcomes: '-', then: 150 },
    { given: 'a multiplier of 1', options: { samples: 1, maxMultiplier: 1 }, outcomes: '-', then: 100 },
    { given: 'a failure forgotten by half', options: { samples: 3, targetSuccess: 1 }, outcomes: '-+', then: 200 },
  ])('$given: $then ms', ({ options, outcomes, then }) => {
    expect(record(adaptive(constant(100), options), outcomes)(contextOf())).toBeCloseTo(then, 9);
  });

  it('by default counts about 50 attempts, tolerates one failure in ten and waits at most five times as long', () => {
    const backoff = adaptive(constant(100));
    record(backoff, '--');
    expect(backoff(contextOf())).toBe(100);
    record(backoff, '-');
    // Each of the three weighs 2/51.
    expect(backoff(contextOf())).toBeCloseTo(100 * (1 + ((1 - (49 / 51) ** 3 - 0.1) / 0.9) * 4), 9);
    record(backoff, '-'.repeat(1_000));
    expect(backoff(contextOf())).toBeCloseTo(500, 6);
    record(backoff, '+'.repeat(60));
    expect(backoff(contextOf())).toBe(100);
  });

  it('has a decorrelated jitter to fall back on, and undefined means that', () => {
    expect(adaptive()(contextOf())).toBe(500);
    expect(adaptive(undefined, { targetSuccess: undefined })(contextOf())).toBe(500);
  });

  it('hands its context to the fallback', () => {
    const fallback = jest.fn(() => 5);
    const context = contextOf({ attempt: 3 });
    expect(adaptive(fallback)(context)).toBe(5);
    expect(fallback).toHaveBeenCalledWith(context);
  });

  it('[retry.backoff-pure] changes nothing by being asked', () => {
    const backoff = record(adaptive(constant(100), { samples: 3 }), '-');
    const delays = Array.from({ length: 100 }, () => backoff(contextOf()));
    expect(new Set(delays).size).toBe(1);
  });

  it('shares nothing between two of its kind', () => {
    record(adaptive(constant(100)), '----------');
    expect(adaptive(constant(100))(contextOf())).toBe(100);
  });
});

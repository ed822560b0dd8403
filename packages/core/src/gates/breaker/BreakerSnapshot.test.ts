import { type BreakerSnapshot, remainingOpenMs, restoredState } from './BreakerSnapshot.js';

const open: BreakerSnapshot = { version: 1, state: 'open', remainingOpenMs: 500, openings: 1 };

describe('BreakerSnapshot', () => {
  it.each([
    { given: 'no wall clock at all', takenAtMs: undefined, wallMs: undefined, then: 500 },
    { given: 'none when taken', takenAtMs: undefined, wallMs: 10_000, then: 500 },
    { given: 'none when restored', takenAtMs: 10_000, wallMs: undefined, then: 500 },
    { given: 'no time between', takenAtMs: 10_000, wallMs: 10_000, then: 500 },
    { given: 'some time between', takenAtMs: 10_000, wallMs: 10_200, then: 300 },
    { given: 'just as much time', takenAtMs: 10_000, wallMs: 10_500, then: 0 },
    { given: 'more time between', takenAtMs: 10_000, wallMs: 10_501, then: 0 },
    { given: 'a wall clock set back', takenAtMs: 10_000, wallMs: 9_000, then: 500 },
  ])('[breaker.snapshot] of 500 ms of open time, with $given, $then are left', ({ takenAtMs, wallMs, then }) => {
    expect(remainingOpenMs({ ...open, takenAtMs }, wallMs)).toBe(then);
  });

  it.each([
    { state: 'closed', then: 'closed' },
    { state: 'open', then: 'open' },
    { state: 'half_open', then: 'open' },
    { state: 'forced_open', then: 'forced_open' },
    { state: 'forced_closed', then: 'closed' },
  ] as const)('[breaker.snapshot] $state begins as $then', ({ state, then }) => {
    expect(restoredState({ ...open, state })).toBe(then);
  });
});

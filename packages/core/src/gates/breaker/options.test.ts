import { ResolvedBreaker } from './options.js';

describe('maxProbeMs when none is given', () => {
  const timeouts = { timeoutMs: 30_000, attemptTimeoutMs: 10_000 };
  it.each([
    ['a second more than an attempt may take', {}, timeouts, 11_000],
    ['an attempt may take no longer than its call', {}, { timeoutMs: 4_000, attemptTimeoutMs: 10_000 }, 5_000],
    ['recoveryMs where that is longer', { recoveryMs: 20_000 }, timeouts, 20_000],
    ['under a backoff, 5_000 stands for recoveryMs', { recoveryMs: () => 20_000 }, { timeoutMs: 1_000, attemptTimeoutMs: 1_000 }, 5_000],
    ['of scope call, a second more than a call may take', { scope: 'call' }, timeouts, 31_000],
    ['what is given, whatever it is', { maxProbeMs: 1 }, timeouts, 1],
  ] as const)('%s', (_then, options, given, expected) => {
    expect(new ResolvedBreaker('breaker', options).settings(given).maxProbeMs).toBe(expected);
  });
});

import { adaptive } from '../backoff/adaptive.js';
import type { BackoffContext } from '../model/Backoff.js';
import { AbortRetryError, createRegistry, type RecordingBackoff } from '../index.js';
import { failing, FakeClock, fixed, giving, script } from '../testing/index.js';

const context: BackoffContext = {
  attempt: 1,
  classification: { errorClass: 'TRANSIENT' },
  previousDelayMs: undefined,
  remainingMs: 10_000,
  failedBy: 'exception',
  random: () => 0.5,
};

/** A backoff that keeps what it is told. */
function recording(told: boolean[]): RecordingBackoff {
  return Object.assign(() => 100, { record: (succeeded: boolean) => void told.push(succeeded) });
}

describe('a backoff that goes by how attempts end', () => {
  it.each([
    ['a success', script(giving('ok')), [true]],
    ['a failure, then a success', script(failing(503), giving('ok')), [false, true]],
    ['an AbortRetryError: neither', script(failing(new AbortRetryError('no'))), []],
  ])('%s', async (_given, run, expected) => {
    const told: boolean[] = [];
    const clock = new FakeClock();
    const policy = createRegistry().policy('recording', { clock, retry: { backoff: recording(told) } });
    await clock.until(policy.settle(run));
    expect(told).toEqual(expected);
  });

  it('is told once, though it is the backoff of several classes', async () => {
    const told: boolean[] = [];
    const backoff = recording(told);
    const policy = createRegistry().policy('recording', { retry: { backoff, backoffByClass: { RATE_LIMIT: backoff } } });
    await policy.call(() => 1);
    expect(told).toEqual([true]);
  });

  it('changes nothing by throwing', async () => {
    const backoff = Object.assign(fixed(10), {
      record: () => {
        throw new Error('broken');
      },
    });
    await expect(
      createRegistry()
        .policy('recording', { retry: { backoff } })
        .call(() => 'fine'),
    ).resolves.toBe('fine');
  });

  it('adaptive waits longer once the calls of its policy fail', async () => {
    const backoff = adaptive(fixed(100), { samples: 1 });
    const policy = createRegistry().policy('recording', { retry: { maxAttempts: 1, backoff } });
    expect(backoff(context)).toBe(100);
    await policy.settle(script(failing(503)));
    expect(backoff(context)).toBe(500);
    await policy.call(() => 1);
    expect(backoff(context)).toBe(100);
  });
});

import { ErrorClass } from '../../model/ErrorClass.js';
import { retriedClasses } from '../../retry/decideRetry.js';
import { resolveRetry } from '../../retry/options.js';
import { FakeClock } from '../../testing/FakeClock.js';
import { RateLimitError } from '../../model/errors/RateLimitError.js';
import type { PolicyOptions } from '../PolicyOptions.js';
import { createRegistry } from '../Registry.js';
import { presets } from './index.js';

const all = Object.entries(presets);
const CAPS = new Set(['MAX_ATTEMPTS_GLOBAL', 'MAX_ATTEMPTS_PER_CLASS', 'MAX_UNKNOWN_ATTEMPTS']);

function made(options: PolicyOptions, random = () => 0.5) {
  const clock = new FakeClock();
  return { clock, policy: createRegistry().policy('preset', { ...options, clock, random }) };
}

describe('a preset', () => {
  it.each(all)('[presets.frozen] %s is frozen all the way down, and can be spread', (_, preset) => {
    const open: object[] = [];
    const look = (value: object): void => {
      if (!Object.isFrozen(value)) open.push(value);
      for (const each of Object.values(value)) if (typeof each === 'object' && each !== null) look(each);
    };
    look(preset);
    expect(open).toEqual([]);
    const { policy } = made({ ...preset, timeoutMs: 400_000, retry: { ...preset.retry, maxAttempts: 2 } });
    expect(policy.circuitBreaker?.state).toBe('closed');
  });

  it.each(all)('[presets.fit] %s: policies made of it share no state', async (_, preset) => {
    const [one, other] = [made(preset).policy, made(preset).policy];
    one.circuitBreaker?.forceOpen();
    expect(other.circuitBreaker?.state).toBe('closed');
    expect(await other.call(() => 'ok')).toBe('ok');
  });

  const classes = all.flatMap(([name, preset]) => {
    return retriedClasses(resolveRetry(preset.retry)).map((errorClass) => ({ name, preset, errorClass }));
  });

  it.each(classes)(
    '[presets.fit] $name: all attempts that end in $errorClass as late as they may, and the longest waits, fit in the time',
    async ({ preset, errorClass }) => {
      const { clock, policy } = made({ ...preset, classify: () => errorClass }, () => 1 - Number.EPSILON);
      const outcome = await clock.until(
        policy.settle(async () => {
          await clock.sleep(preset.attemptTimeoutMs - 1);
          throw new Error('late');
        }),
      );
      if (outcome.ok) throw new Error('it was to fail');
      expect(CAPS).toContain(outcome.stopReason);
      expect(outcome.attempts).toBeGreaterThan(errorClass === ErrorClass.UNKNOWN ? 0 : 1);
      // Nor is it far more than that: what nobody can need only lets calls pile up.
      const { maxAttempts = 0 } = preset.retry;
      if (outcome.attempts === maxAttempts) expect(outcome.elapsedMs).toBeGreaterThan(preset.timeoutMs * 0.8);
    },
  );

  it.each(all)('[presets.fit] %s: attempts that hang are all made, and end with the last one', async (_, preset) => {
    const { clock, policy } = made(preset, () => 1 - Number.EPSILON);
    const outcome = await clock.until(policy.settle(() => new Promise(() => {})));
    expect(outcome).toMatchObject({
      ok: false,
      errorClass: 'TRANSIENT',
      attempts: preset.retry.maxAttemptsByClass?.TRANSIENT ?? preset.retry.maxAttempts,
    });
  });

  it('[presets.fit] llm waits as long as the API says, and no attempt is too many', async () => {
    const { clock, policy } = made(presets.llm, () => 0);
    const outcome = await clock.until(
      policy.settle(() => {
        throw new RateLimitError('tokens', { retryAfterMs: 30_000 });
      }),
    );
    expect(outcome).toMatchObject({ stopReason: 'MAX_ATTEMPTS_GLOBAL', attempts: 3, elapsedMs: 60_000 });
  });

  it.each([
    { name: 'database', preset: presets.database },
    { name: 'strict', preset: presets.strict },
  ])('[presets.fit] $name does not retry what nobody knows', async ({ preset }) => {
    const { policy } = made(preset);
    expect(await policy.settle(() => Promise.reject(new Error('?')))).toMatchObject({ attempts: 1, stopReason: 'MAX_UNKNOWN_ATTEMPTS' });
  });

  it('[presets.fit] strict goes by no name', async () => {
    const { policy, clock } = made(presets.strict);
    const named = Object.assign(new Error('?'), { name: 'ServiceUnavailableError' });
    expect(await clock.until(policy.settle(() => Promise.reject(named)))).toMatchObject({ errorClass: 'UNKNOWN', attempts: 1 });
  });
});

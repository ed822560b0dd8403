import type { PolicyOptions } from './PolicyOptions.js';
import { FakeClock } from '../testing/FakeClock.js';
import { createRegistry } from './Registry.js';

const fail = (): never => {
  throw Object.assign(new Error('gone'), { status: 404 });
};

function withFallback(fallback: PolicyOptions<unknown>['fallback']) {
  const registry = createRegistry();
  const policy = registry.policy<unknown>('p', { clock: new FakeClock(), fallback });
  const answer = async (): Promise<unknown> => {
    const outcome = await policy.settle(fail);
    return outcome.ok && outcome.value;
  };
  return { registry, answer };
}

describe('what stands around the calls of a policy that is updated', () => {
  it('stays as it was read, and is not read again', async () => {
    let asked = 0;
    const fallback = Object.defineProperty({}, 'run', {
      enumerable: true,
      get: () => {
        asked += 1;
        return () => 'spare';
      },
    });
    const { registry, answer } = withFallback(fallback as { run: () => string });
    registry.updatePolicy('p', { timeoutMs: 60_000 });
    expect([await answer(), asked]).toEqual(['spare', 1]);
  });

  it.each([
    ['a value of another class', new Map([['a', 1]]), new Map([['b', 2]])],
    ['another date', new Date(1), new Date(2)],
    ['a list', [1], [2]],
  ])('changes with its options: %s', async (_, first, second) => {
    const { registry, answer } = withFallback({ value: first });
    expect(await answer()).toBe(first);
    registry.updatePolicy('p', { fallback: { value: second } });
    expect(await answer()).toBe(second);
  });
});

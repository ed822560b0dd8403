import { getEventListeners } from 'node:events';
import { createRegistry } from '../index.js';
import { hanging, script } from '../testing/index.js';

describe('a signal that many calls share', () => {
  it('has one listener, ends them all with its reason, and keeps none', async () => {
    const { signal, abort } = shared();
    const policy = createRegistry().policy('shared', {});
    const calls = Array.from({ length: 50 }, () => policy.settle(script(hanging), { signal }));
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    abort('over');
    const outcomes = await Promise.all(calls);
    expect(outcomes.every((outcome) => !outcome.ok && outcome.stopReason === 'ABORTED' && outcome.error === 'over')).toBe(true);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('keeps its listener until the last of them has ended', async () => {
    const { signal } = shared();
    const policy = createRegistry().policy('shared', {});
    let finish: (value: string) => void = () => undefined;
    const long = policy.call(() => new Promise<string>((resolve) => (finish = resolve)), { signal });
    await policy.call(() => 'short', { signal });
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    finish('long');
    await long;
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});

function shared(): { readonly signal: AbortSignal; abort(reason: unknown): void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: (reason) => controller.abort(reason) };
}

import fc from 'fast-check';
import { createRegistry } from '../../policy/Registry.js';
import { FakeClock } from '../../testing/FakeClock.js';
import { keptUnder } from './keptUnder.js';

describe('[cache.by-key] the cache of a keyed policy', () => {
  const tenants = () => createRegistry().keyedPolicy('tenants', { clock: new FakeClock(), cache: { ttlMs: 1_000 } });

  it('gives no key what is of another', async () => {
    const policy = tenants();
    const read = (tenant: string) => policy.for(tenant).settle(() => `of ${tenant}`, { cacheKey: 'page' });
    expect([await read('a'), await read('b')]).toMatchObject([{ value: 'of a' }, { value: 'of b' }]);
    expect([await read('a'), await read('b')]).toMatchObject([
      { value: 'of a', answeredBy: 'cache' },
      { value: 'of b', answeredBy: 'cache' },
    ]);
  });

  it('lets no key wait for a call of another', async () => {
    const policy = tenants();
    const ends: (() => void)[] = [];
    const read = (tenant: string) =>
      policy.for(tenant).settle(() => new Promise((resolve) => void ends.push(() => resolve(`of ${tenant}`))), { cacheKey: 'page' });
    const reads = [read('a'), read('b'), read('a')];
    expect(ends).toHaveLength(2);
    for (const end of ends) end();
    expect(await Promise.all(reads)).toMatchObject([{ value: 'of a' }, { value: 'of b' }, { value: 'of a', answeredBy: 'cache' }]);
  });

  it('forgets what is of one key, and what is of no key', async () => {
    const policy = tenants();
    let calls = 0;
    const read = (tenant: string) => policy.for(tenant).call(() => ++calls, { cacheKey: 'page' });
    expect([await read('a'), await read('b')]).toEqual([1, 2]);
    await policy.for('a').cache?.delete('page');
    expect(await read('a')).toBe(1);
    await policy.for('a').cache?.delete('page', 'a');
    expect([await read('a'), await read('b')]).toEqual([3, 2]);
    await expect(policy.for('a').cache?.delete('page', '')).rejects.toThrow(
      'cache.delete: ofKey must be a string that is not empty; got ""',
    );
  });

  it('keeps no two of them under one name, whatever they are called', () => {
    const name = fc.string({ minLength: 1, unit: fc.constantFrom('a', '/', '%', '2', 'F', '5') });
    fc.assert(
      fc.property(name, name, name, name, (key, cacheKey, otherKey, otherCacheKey) => {
        const isSame = key === otherKey && cacheKey === otherCacheKey;
        expect(keptUnder(cacheKey, key) === keptUnder(otherCacheKey, otherKey)).toBe(isSame);
      }),
    );
  });
});

describe('the cache of a keyed policy', () => {
  it('asks sizeOf by the key that the call gave', async () => {
    const asked: string[] = [];
    const sizeOf = (_: unknown, key: string) => asked.push(key);
    const policy = createRegistry().keyedPolicy('sized', { clock: new FakeClock(), cache: { ttlMs: 1_000, maxSize: 10, sizeOf } });
    await policy.for('a').call(() => 1, { cacheKey: 'page' });
    expect(asked).toEqual(['page']);
  });
});

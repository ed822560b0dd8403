import fc from 'fast-check';
import { LruEntries } from './LruEntries.js';

const entry = (value: number, size: number) => ({ value, storedAtMs: 0, ttlMs: 1, clock: undefined, size });

const deed = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ does: fc.constant('set' as const), key: fc.integer({ min: 0, max: 8 }), size: fc.integer({ min: 0, max: 6 }) }),
  },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('get' as const), key: fc.integer({ min: 0, max: 8 }), size: fc.constant(0) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constantFrom('delete' as const, 'clear' as const),
      key: fc.integer({ min: 0, max: 8 }),
      size: fc.constant(0),
    }),
  },
);

describe('LruEntries', () => {
  it('[cache.lru] keeps what a list would that is sorted by the last use', () => {
    fc.assert(
      fc.property(
        fc.array(deed, { maxLength: 60 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 12 }),
        (deeds, most, mostSize) => {
          const entries = new LruEntries(most, mostSize);
          let list: { key: number; size: number; value: number }[] = [];
          for (const [value, { does, key, size }] of deeds.entries()) {
            const known = list.find((one) => one.key === key);
            const others = list.filter((one) => one.key !== key);
            if (does === 'get') {
              expect(entries.get(`${key}`)?.value).toBe(known?.value);
              if (known !== undefined) list = [...others, known];
            } else if (does === 'set') {
              entries.set(`${key}`, entry(value, size));
              list = size > mostSize ? others : [...others, { key, size, value }];
              while (list.length > most || list.reduce((sum, one) => sum + one.size, 0) > mostSize) list.shift();
            } else if (does === 'delete') {
              entries.delete(`${key}`);
              list = others;
            } else {
              entries.clear();
              list = [];
            }
            expect(entries.count).toBe(list.length);
          }
        },
      ),
    );
  });
});

import fc from 'fast-check';
import { seededRandom } from './seededRandom.js';

/** The same algorithm with whole numbers of any size, where the original in C has uint32_t. */
function* mulberry32(seed: bigint): Generator<number> {
  const u32 = (value: bigint): bigint => BigInt.asUintN(32, value);
  for (let state = u32(seed); ; ) {
    state = u32(state + 0x6d2b79f5n);
    let z = u32((state ^ (state >> 15n)) * (state | 1n));
    z = u32(z ^ u32(z + u32((z ^ (z >> 7n)) * (z | 61n))));
    yield Number(z ^ (z >> 14n)) / 2 ** 32;
  }
}

describe('seededRandom', () => {
  it('is Mulberry32', () => {
    expect(seededRandom(1)()).toBe(0.6270739405881613);
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = seededRandom(seed);
        const reference = mulberry32(BigInt(seed));
        for (let draw = 0; draw < 20; draw++) expect(random()).toBe(reference.next().value);
      }),
    );
  });

  it('is even over [0, 1)', () => {
    const random = seededRandom(42);
    const tenths = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 100_000; draw++) {
      const tenth = Math.floor(random() * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    expect(tenths).toHaveLength(10);
    for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it.each([1.5, Number.NaN, Infinity])('refuses the seed %p', (seed) => {
    expect(() => seededRandom(seed)).toThrow(new RangeError(`seed must be an integer, not ${seed}`));
  });
});

/**
 * Numbers in [0, 1) that look random and are the same for the same seed: for `random` of a policy.
 * Algorithm: Mulberry32 by Tommy Ettinger (2017, public domain), https://gist.github.com/tommyettinger/46a874533244883189143505d203312c;
 * its period is 2^32, good for tests and nothing secret.
 *
 * ```ts
 * const random = seededRandom(1);
 * random(); // 0.6270739405881613
 * ```
 *
 * @param seed - any integer; taken modulo 2^32. Throws a RangeError for anything else.
 */
export function seededRandom(seed: number): () => number {
  if (!Number.isInteger(seed)) throw new RangeError(`seed must be an integer, not ${seed}`);
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A number in [0, 1) that depends on its arguments alone, so that the choice for request 17 is the same in every run
 * however requests interleave. FNV-1a over the text, then the finalizer of MurmurHash3 to spread the bits.
 */
export function seededUniform(seed: number, ...key: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const char of [seed, ...key].join('\u0000')) {
    hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

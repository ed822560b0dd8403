/** What a piece adds to a successful call that does not need it: a hedge that is not fired, a fallback that is not used, a result that is kept. */
import { measureAdded } from '../subjects/throughGate.js';

let number = 0;
const pieces = {
  hedge: ['a hedge that is not fired', { hedge: { afterMs: 1_000 } }, 'hedge.afterMs 1_000'],
  fallback: ['a fallback that is not used', { fallback: { value: 0 } }, 'fallback.value 0'],
  miss: [
    'a cache that does not have the result, and keeps it',
    { cache: { ttlMs: 60_000 } },
    'cache.ttlMs 60_000, a key of its own for each call',
    () => ({ cacheKey: `a${number++}` }),
  ],
};
const name = Object.keys(pieces).find((piece) => process.argv.includes(piece)) ?? 'hedge';

await measureAdded(...pieces[name]);

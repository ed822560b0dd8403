/** What a hedge costs a call that is answered before one is made: by a fixed delay, and by one that is learned of how long attempts take. */
import { measureAdded } from '../subjects/added.js';

await measureAdded('What a hedge adds to a successful call that is answered before another attempt is made, no SDK', {
  'fixed delay': { options: { hedge: { afterMs: 1_000 } }, described: 'hedge.afterMs 1_000' },
  'learned delay': {
    options: { hedge: { afterMs: { quantile: 0.95, minMs: 1_000 } } },
    described: 'hedge.afterMs { quantile: 0.95, minMs: 1_000 }',
  },
});

/**
 * What a hedge costs a call that is answered before another attempt is made: by a fixed delay, and, as `--quantile`, by one that is learned
 * of how long attempts take.
 */
import { measureAdded } from '../subjects/added.js';

const [name, afterMs, described] = process.argv.includes('--quantile')
  ? ['learned', { quantile: 0.95, minMs: 1_000 }, '{ quantile: 0.95, minMs: 1_000 }']
  : ['fixed', 1_000, '1_000'];
const what = `a hedge with a ${name} delay adds to a successful call that is answered before it`;
await measureAdded(what, { hedge: { afterMs } }, `hedge.afterMs ${described}`);

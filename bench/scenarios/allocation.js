/** Bytes allocated per successful call, no SDK. */
import { report, tiny } from '../report.js';
import { peer as cockatiel, withTimeout } from '../subjects/cockatiel.js';
import { loop, succeed } from '../subjects/loop.js';
import { peer as opossum } from '../subjects/opossum.js';
import { redress, redressOptions } from '../subjects/redress.js';

/** Few, for a collection shall fall in few of the tries. */
const CALLS = tiny ? 10 : 100;
const WARMUPS = tiny ? 1 : 1_000;
const TRIES = tiny ? 3 : 1_001;

/** By how much the heap grows, the median of many tries; what it takes to look is taken off. */
async function grownBy(run) {
  const grown = [];
  for (let number = -WARMUPS; number < TRIES; number++) {
    const before = process.memoryUsage().heapUsed;
    await run(CALLS);
    if (number >= 0) grown.push(process.memoryUsage().heapUsed - before);
  }
  return grown.sort((a, b) => a - b)[Math.floor(TRIES / 2)];
}

const looking = await grownBy(async () => undefined);
const allocated = async (run) => ((await grownBy(run)) - looking) / CALLS;
const bytes = {
  bare: await allocated(loop(() => succeed())),
  redress: await allocated(loop(() => redress.call(succeed))),
  cockatiel: await allocated(loop(cockatiel.run)),
  withTimeout: await allocated(loop(() => withTimeout.run(succeed))),
  opossum: await allocated(loop(opossum.run)),
};

report({
  title: 'Allocated by a successful call, no SDK, attempt.signal unread',
  unit: 'bytes per call',
  rows: [
    { name: 'bare', value: bytes.bare, options: 'await fn()' },
    { name: 'redress', value: bytes.redress, options: redressOptions },
    { name: 'cockatiel', value: bytes.cockatiel, options: cockatiel.options },
    { name: 'cockatiel with timeout', value: bytes.withTimeout, options: withTimeout.options },
    { name: 'opossum', value: bytes.opossum, options: opossum.options },
  ],
  bars: [{ what: 'redress / cockatiel without timeout', value: bytes.redress / bytes.cockatiel, atMost: 0.5 }],
});

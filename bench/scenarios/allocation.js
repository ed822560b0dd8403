/** Bytes allocated per successful call, no SDK. The peer is named as argument, cockatiel or opossum. */
import { report, tiny } from '../report.js';
import { loop, succeed } from '../subjects/loop.js';
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

const name = process.argv.includes('opossum') ? 'opossum' : 'cockatiel';
const { peer, withTimeout } = await import(`../subjects/${name}.js`);

const looking = await grownBy(async () => undefined);
const allocated = async (run) => ((await grownBy(run)) - looking) / CALLS;
const bytes = {
  bare: await allocated(loop(() => succeed())),
  redress: await allocated(loop(() => redress.call(succeed))),
  peer: await allocated(loop(peer.run)),
};
const timed =
  withTimeout === undefined
    ? []
    : [{ name: withTimeout.title, value: await allocated(loop(() => withTimeout.run(succeed))), options: withTimeout.options }];
const share = { what: `redress / ${peer.title}`, value: bytes.redress / bytes.peer };

report({
  title: `Allocated by a successful call, no SDK, attempt.signal unread: beside ${peer.title}`,
  unit: 'bytes per call',
  rows: [
    { name: 'bare', value: bytes.bare, options: 'await fn()' },
    { name: 'redress', value: bytes.redress, options: redressOptions },
    { name: peer.title, value: bytes.peer, options: peer.options },
    ...timed,
  ],
  // opossum's has no bar, and what redress allocates is the same in both processes.
  bars:
    name === 'opossum'
      ? [share]
      : [
          { what: 'bytes allocated per call', value: bytes.redress, atMost: 1_200 },
          { ...share, atMost: 0.5 },
        ],
});

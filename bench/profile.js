/** Successful calls without end, for a profiler: `perf record -e cpu-clock node --perf-basic-prof bench/profile.js`, then `perf report`. */
import { loop, succeed } from './subjects/loop.js';
import { redress } from './subjects/redress.js';

const run = loop(() => redress.call(succeed));
const until = performance.now() + 8_000;
while (performance.now() < until) await run(20_000);

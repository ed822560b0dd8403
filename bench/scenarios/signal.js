/**
 * The same call when the function reads `attempt.signal`, against a bare call that makes one AbortController and reads its signal.
 * In a process of its own: collecting AbortControllers slows whatever else runs beside them.
 */
import { report } from '../report.js';
import { alternate, over, shown } from '../rounds.js';
import { withTimeout } from '../subjects/cockatiel.js';
import { loop, succeed, succeedReading } from '../subjects/loop.js';
import { redress, redressOptions } from '../subjects/redress.js';

const { bare, unread } = await alternate({ bare: loop(() => succeed()), unread: loop(() => redress.call(succeed)) });
const { controller, read } = await alternate({
  controller: loop(() => succeedReading(new AbortController())),
  read: loop(() => redress.call(succeedReading)),
});
// Last and alone, for the timers and controllers of its calls.
const { peer } = await alternate({ peer: loop(() => withTimeout.run(succeedReading)) });
const overhead = over(unread, bare);
const allowed = (key) => 1.2 * controller[key] + overhead[key];

report({
  title: 'A successful call, no SDK, attempt.signal read',
  unit: 'ns per call',
  rows: [
    { name: 'bare', ...shown(bare), options: 'await fn()' },
    { name: 'bare, with a signal', ...shown(controller), options: 'await fn(new AbortController())' },
    { name: 'redress, signal unread', ...shown(unread), options: redressOptions },
    { name: 'redress', ...shown(read), options: 'the same' },
    { name: withTimeout.title, ...shown(peer), options: withTimeout.options },
  ],
  bars: [
    {
      what: 'redress / (1.2 x bare with a signal + overhead unread)',
      value: read.median / allowed('median'),
      low: read.low / allowed('low'),
      atMost: 1,
    },
  ],
});

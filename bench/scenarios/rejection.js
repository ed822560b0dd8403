/** A rejection by an open circuit: told through `settle`, against one that throws an Error. */
import { createRegistry } from '@redress/core';
import { report } from '../report.js';
import { alternate, ratio, shown } from '../rounds.js';
import { loop, succeed } from '../subjects/loop.js';

const policy = createRegistry().policy('refusing', { circuitBreaker: {} });
policy.circuitBreaker.forceOpen();
const figures = await alternate({
  settle: loop(() => policy.settle(succeed)),
  call: loop(async () => {
    try {
      await policy.call(succeed);
    } catch {
      // It is what is timed.
    }
  }),
});

const options = 'circuitBreaker {}, forced open';
report({
  title: 'A rejection by an open circuit, no SDK',
  unit: 'ns per call',
  rows: [
    { name: 'settle', ...shown(figures.settle), options },
    { name: 'call, caught', ...shown(figures.call), options },
  ],
  bars: [{ what: 'settle / call that throws', ...ratio(figures.settle, figures.call), atMost: 0.1 }],
});

/** A rejection by an open circuit: told through `settle`, by an Error that is thrown, and by cockatiel's. Both circuits are held open. */
import { createRegistry } from '@redress/core';
import { report } from '../report.js';
import { alternate, ratio, shown } from '../rounds.js';
import { refusing } from '../subjects/cockatiel.js';
import { loop, succeed } from '../subjects/loop.js';
import { besidePeer, newest } from '../subjects/peer.js';

const policy = createRegistry().policy('refusing', { circuitBreaker: {} });
policy.circuitBreaker.forceOpen();
const peer = refusing();

const caught = (call) =>
  loop(async () => {
    try {
      await call();
    } catch {
      // It is what is timed.
    }
  });
const figures = await alternate({
  settle: loop(() => policy.settle(succeed)),
  call: caught(() => policy.call(succeed)),
  peer: caught(peer.run),
});

const options = 'circuitBreaker {}, forced open';
const amongOurselves = { what: 'settle / call that throws', ...ratio(figures.settle, figures.call), atMost: 0.1 };
report({
  title: `A rejection by an open circuit, no SDK: beside ${peer.title}`,
  unit: 'ns per call',
  rows: [
    { name: 'settle', ...shown(figures.settle), options },
    { name: 'call, caught', ...shown(figures.call), options },
    { name: `${peer.title}, caught`, ...shown(figures.peer), options: peer.options },
  ],
  bars: [
    besidePeer({ what: `call that throws / ${peer.title}`, ...ratio(figures.call, figures.peer), atMost: 1.4, aim: 1 }),
    besidePeer({ what: `settle / ${peer.title}`, ...ratio(figures.settle, figures.peer), atMost: 0.1 }),
    ...(newest ? [] : [amongOurselves]),
  ],
});

/** What a piece costs by itself, around a function that succeeds at once, beside libraries that are that piece alone: `limiter` or `bulkhead`. */
import { Bulkhead, createRegistry, RateLimiter } from '@redress/core';
import { report } from '../report.js';
import { alternate, over, ratio, shown } from '../rounds.js';
import { bulkheadPeers } from '../subjects/bulkheads.js';
import { limiterPeers } from '../subjects/limiters.js';
import { loop, succeed } from '../subjects/loop.js';

const limit = { limit: 1e9, burst: 1e9 };
const room = { maxConcurrent: 100, maxQueued: 100 };
const kinds = {
  limiter: {
    title: 'a rate limiter',
    alone: new RateLimiter(limit),
    gate: { rateLimiter: limit },
    options: 'limit and burst 1e9',
    peersOf: limiterPeers,
  },
  bulkhead: {
    title: 'a bulkhead',
    alone: new Bulkhead(room),
    gate: { bulkhead: room },
    options: 'maxConcurrent 100, maxQueued 100',
    peersOf: bulkheadPeers,
  },
};
const { title, alone, gate, options, peersOf } = kinds[process.argv.includes('bulkhead') ? 'bulkhead' : 'limiter'];
const policy = createRegistry().policy('gated', { retry: false, ...gate });
const peers = await peersOf();

const figures = await alternate({
  bare: loop(() => succeed()),
  alone: loop(() => alone.run(succeed)),
  policy: loop(() => policy.call(succeed)),
  ...Object.fromEntries(peers.map((peer, index) => [`peer${index}`, loop(peer.run)])),
});
const own = over(figures.alone, figures.bare);
const theirs = peers.map((peer, index) => ({ ...peer, figure: over(figures[`peer${index}`], figures.bare) }));

report({
  title: `Overhead over a bare await fn() of ${title} that lets the call through, no SDK: beside libraries that are just that`,
  unit: 'ns per call',
  rows: [
    { name: 'bare await fn(), which is taken off', ...shown(figures.bare), options: '' },
    { name: 'redress, alone', ...shown(own), options: `run, ${options}` },
    {
      name: 'redress, in a policy',
      ...shown(over(figures.policy, figures.bare)),
      options: `the same as an option, with both timeouts, retry false`,
    },
    ...theirs.map((peer) => ({ name: peer.title, ...shown(peer.figure), options: peer.options })),
  ],
  bars: theirs.map((peer) => ({ what: `redress, alone / ${peer.title}`, ...ratio(own, peer.figure) })),
});

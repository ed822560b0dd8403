/**
 * What a cache costs a call that has no key, and one that it answers. `--miss`: a call whose result it keeps. With lru-cache as argument:
 * a call that it answers, beside the `fetch` of that one, which calls a function for what it has not.
 */
import { createRegistry } from '@redress/core';
import { report } from '../report.js';
import { alternate, over, ratio, shown } from '../rounds.js';
import { loop, succeed } from '../subjects/loop.js';
import { besidePeer } from '../subjects/peer.js';
import { policyOptions, redressOptions } from '../subjects/redress.js';

const MOST_KEPT = 1_000;
const registry = createRegistry();
const without = registry.policy('without', policyOptions);
const cached = registry.policy('cached', { ...policyOptions, cache: { ttlMs: 60_000, maxEntries: MOST_KEPT } });
const described = 'the same, and cache.ttlMs 60_000, maxEntries 1_000';

/** One of so many frozen options after the other, as a program has them that holds one object for each key. */
function keys(count) {
  const all = Array.from({ length: count }, (_, number) => Object.freeze({ cacheKey: `stock-${number}` }));
  let turn = 0;
  return () => {
    turn = (turn + 1) % count;
    return all[turn];
  };
}

async function measureHits() {
  const same = Object.freeze({ cacheKey: 'stock-0' });
  const figures = await alternate({
    without: loop(() => without.call(succeed)),
    keyless: loop(() => cached.call(succeed)),
    hit: loop(() => cached.call(succeed, same)),
    literal: loop(() => cached.call(succeed, { cacheKey: 'stock-0' })),
  });
  report({
    title: 'What a call costs that a cache answers, and one that it has nothing to do with, no SDK',
    unit: 'ns per call',
    rows: [
      { name: 'without', ...shown(figures.without), options: redressOptions },
      { name: 'no cacheKey', ...shown(figures.keyless), options: described },
      { name: 'hit', ...shown(figures.hit), options: `${described}; frozen options` },
      { name: 'hit, options literal', ...shown(figures.literal), options: `${described}; options made for each call` },
    ],
    bars: [
      { what: 'ns added to a call with no cacheKey', ...shown(over(figures.keyless, figures.without)), atMost: 100 },
      { what: 'hit / a call without a cache', ...ratio(figures.hit, figures.without) },
    ],
  });
}

/** Of four times as many keys as are kept the next one has always gone: each call is a miss, is kept, and drives out another. */
async function measureMisses() {
  const next = keys(4 * MOST_KEPT);
  const figures = await alternate({
    without: loop(() => without.call(succeed, next())),
    miss: loop(() => cached.call(succeed, next())),
  });
  report({
    title: 'What a cache adds to a successful call whose result it keeps, one of 4,000 keys in turn, no SDK',
    unit: 'ns per call',
    rows: [
      { name: 'without', ...shown(figures.without), options: `${redressOptions}; frozen options` },
      { name: 'miss', ...shown(figures.miss), options: described },
    ],
    bars: [{ what: 'ns added', ...shown(over(figures.miss, figures.without)) }],
  });
}

async function measureBesidePeer() {
  const { cache: peer } = await import('../subjects/lru-cache.js');
  // So many that the order of use changes with every hit.
  const next = keys(100);
  const figures = await alternate({
    redress: loop(() => cached.call(succeed, next())),
    peer: loop(() => peer.run(next().cacheKey)),
  });
  report({
    title: `A call that a cache answers, one of 100 keys in turn, no SDK: beside ${peer.title}`,
    unit: 'ns per call',
    rows: [
      { name: 'redress', ...shown(figures.redress), options: `${redressOptions}, cache.ttlMs 60_000, maxEntries 1_000; frozen options` },
      { name: peer.title, ...shown(figures.peer), options: peer.options },
    ],
    bars: [besidePeer({ what: `redress / ${peer.title}`, ...ratio(figures.redress, figures.peer) })],
  });
}

if (process.argv.includes('lru-cache')) await measureBesidePeer();
else if (process.argv.includes('--miss')) await measureMisses();
else await measureHits();

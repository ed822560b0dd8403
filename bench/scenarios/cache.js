/**
 * What a cache costs a call: that has no key, that it answers, and that it keeps the result of. With lru-cache as argument, beside the
 * `fetch` of that one, which calls a function for what it has not.
 */
import { createRegistry } from '@redress/core';
import { report } from '../report.js';
import { alternate, over, ratio, shown } from '../rounds.js';
import { loop, succeed } from '../subjects/loop.js';
import { besidePeer } from '../subjects/peer.js';
import { policyOptions, redressOptions } from '../subjects/redress.js';

const registry = createRegistry();
const without = registry.policy('without', policyOptions);
const withCache = (name) => registry.policy(name, { ...policyOptions, cache: { ttlMs: 60_000 } });
const cached = withCache('cached');
const missed = withCache('missed');
const described = 'the same, and cache.ttlMs 60_000, maxEntries 1_000';

/** One of so many frozen options after the other, as a program has them that holds one object for each key. */
function keys(count) {
  const all = Array.from({ length: count }, (_, number) => Object.freeze({ cacheKey: `stock-${number}` }));
  let turn = 0;
  return () => all[(turn = (turn + 1) % count)];
}

/** As many as may be kept, or more than that: what is asked for next has gone by then, so that each call is a miss, and keeps its result. */
const kept = keys(100);
const more = keys(4_000);
for (let number = 0; number < 100; number++) await cached.call(succeed, kept());

async function measureAlone() {
  const same = Object.freeze({ cacheKey: 'stock-0' });
  const figures = await alternate({
    without: loop(() => without.call(succeed)),
    keyless: loop(() => cached.call(succeed)),
    hit: loop(() => cached.call(succeed, same)),
    literal: loop(() => cached.call(succeed, { cacheKey: 'stock-0' })),
    ignored: loop(() => without.call(succeed, more())),
    miss: loop(() => missed.call(succeed, more())),
  });
  report({
    title: 'What a cache adds to a successful call, no SDK',
    unit: 'ns per call',
    rows: [
      { name: 'without', ...shown(figures.without), options: redressOptions },
      { name: 'no cacheKey', ...shown(figures.keyless), options: described },
      { name: 'hit', ...shown(figures.hit), options: 'the same; frozen options' },
      { name: 'hit, options literal', ...shown(figures.literal), options: 'the same; options made for each call' },
      { name: 'without, 4,000 keys', ...shown(figures.ignored), options: 'no cache; frozen options for each key' },
      { name: 'miss and kept, 4,000 keys', ...shown(figures.miss), options: described },
    ],
    bars: [
      { what: 'ns added without a cacheKey', ...shown(over(figures.keyless, figures.without)) },
      { what: 'hit / a call without a cache', ...ratio(figures.hit, figures.without) },
      { what: 'ns added by a miss whose result is kept', ...shown(over(figures.miss, figures.ignored)) },
    ],
  });
}

async function measureBesidePeer() {
  const { cache: peer } = await import('../subjects/lru-cache.js');
  for (let number = 0; number < 100; number++) await peer.run(kept().cacheKey);
  const { hit, peers } = await alternate({
    hit: loop(() => cached.call(succeed, kept())),
    peers: loop(() => peer.run(kept().cacheKey)),
  });
  report({
    title: `A call that a cache answers, one of 100 keys in turn, no SDK: beside ${peer.title}`,
    unit: 'ns per call',
    rows: [
      { name: 'redress', ...shown(hit), options: `${redressOptions}, cache.ttlMs 60_000; frozen options` },
      { name: peer.title, ...shown(peers), options: peer.options },
    ],
    bars: [besidePeer({ what: `redress / ${peer.title}`, ...ratio(hit, peers) })],
  });
}

if (process.argv.includes('lru-cache')) await measureBesidePeer();
else await measureAlone();

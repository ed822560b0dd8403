/** What a call costs that the cache answers, beside the fetch of lru-cache, which calls a function once for each key too. */
import * as core from '@redress/core';
import { report } from '../report.js';
import { alternate, ratio, shown } from '../rounds.js';
import { loop, succeed } from '../subjects/loop.js';
import { loadPeer } from '../subjects/peer.js';
import { policyOptions, redressOptions } from '../subjects/redress.js';

const title = 'What a call costs that is answered by a cache, no SDK';
const unit = 'ns per call';

async function measure() {
  const { module: lru, title: peerTitle } = await loadPeer('lru-cache');
  const registry = core.createRegistry();
  const policy = registry.policy('cached', { ...policyOptions, cache: { ttlMs: 60_000 } });
  const peer = new lru.LRUCache({ max: 1_000, ttl: 60_000, fetchMethod: succeed });
  const options = Object.freeze({ cacheKey: 'a1' });
  // As many hold one object for each key: here a hundred, so that the order of use changes with every hit.
  const many = Array.from({ length: 100 }, (_, index) => Object.freeze({ cacheKey: `a${index}` }));
  let turn = 0;
  const next = () => many[(turn = (turn + 1) % many.length)];
  const figures = await alternate({
    called: loop(() => policy.call(succeed)),
    hit: loop(() => policy.call(succeed, options)),
    hits: loop(() => policy.call(succeed, next())),
    fresh: loop(() => policy.call(succeed, { cacheKey: 'a1' })),
    peer: loop(() => peer.fetch('a1')),
    peers: loop(() => peer.fetch(next().cacheKey)),
  });
  report({
    title,
    unit,
    rows: [
      { name: 'not cached', ...shown(figures.called), options: redressOptions },
      { name: 'hit', ...shown(figures.hit), options: 'the same, and cache.ttlMs 60_000; frozen options' },
      { name: 'hit, of 100 keys', ...shown(figures.hits), options: 'the same' },
      { name: 'hit, options literal', ...shown(figures.fresh), options: 'the same, options made for each call' },
      { name: `${peerTitle} fetch`, ...shown(figures.peer), options: 'max 1_000, ttl 60_000' },
      { name: `${peerTitle} fetch, of 100 keys`, ...shown(figures.peers), options: 'the same' },
    ],
    bars: [{ what: `redress / ${peerTitle} fetch, of 100 keys`, ...ratio(figures.hits, figures.peers) }],
  });
}

await measure();

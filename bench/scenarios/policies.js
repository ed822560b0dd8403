/** A successful call, no SDK, by each of 1,000 policies in turn: what a policy keeps in memory is seldom in the cache. */
import { createRegistry } from '@redress/core';
import { report, tiny } from '../report.js';
import { alternate, ratio, shown } from '../rounds.js';
import { another, peer } from '../subjects/cockatiel.js';
import { loop, succeed } from '../subjects/loop.js';
import { besidePeer } from '../subjects/peer.js';
import { policyOptions, redressOptions } from '../subjects/redress.js';

const POLICIES = tiny ? 10 : 1_000;
const numbers = Array.from({ length: POLICIES }, (_, number) => number);
const registry = createRegistry();
const ours = numbers.map((number) => registry.policy(`dependency-${number}`, policyOptions));
const theirs = numbers.map(() => another());

/** One of them after the other, and then from the start. */
function inTurn(policies, call) {
  let next = 0;
  return loop(() => {
    const policy = policies[next];
    next = next + 1 === POLICIES ? 0 : next + 1;
    return call(policy);
  });
}

const figures = await alternate({
  bare: inTurn(ours, succeed),
  redress: inTurn(ours, (policy) => policy.call(succeed)),
  peer: inTurn(theirs, (policy) => policy.execute(succeed)),
});

const count = POLICIES.toLocaleString('en');
report({
  title: `A successful call by each of ${count} policies in turn, no SDK, the bare call included: beside ${peer.title}`,
  unit: 'ns per call',
  rows: [
    { name: 'bare', ...shown(figures.bare), options: 'await fn()' },
    { name: 'redress', ...shown(figures.redress), options: redressOptions },
    { name: peer.title, ...shown(figures.peer), options: peer.options },
  ],
  bars: [besidePeer({ what: `redress / ${peer.title}`, ...ratio(figures.redress, figures.peer), atMost: 0.65 })],
});

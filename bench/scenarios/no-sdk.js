/**
 * Overhead of a successful call over a bare `await fn()`, with no OpenTelemetry SDK in the process and no signal made or read.
 * One peer in each process, named as argument: what one library leaves on the heap slows the others, and not all alike.
 */
import { report } from '../report.js';
import { alternate, over, ratio, shown } from '../rounds.js';
import { floor } from '../subjects/floor.js';
import { loop, succeed } from '../subjects/loop.js';
import { redress, redressOptions } from '../subjects/redress.js';

const peers = {
  cockatiel: { bar: 'redress / cockatiel without timeout', atMost: 0.5 },
  opossum: { bar: 'redress / opossum', atMost: 1 },
  'p-retry': undefined,
};
const name = Object.keys(peers).find((peer) => process.argv.includes(peer)) ?? 'cockatiel';
const { run, options } = (await import(`../subjects/${name}.js`)).peer;

const figures = await alternate({
  bare: loop(() => succeed()),
  floor: loop(floor.run),
  redress: loop(() => redress.call(succeed)),
  peer: loop(run),
});
const ours = over(figures.redress, figures.bare);
const theirs = over(figures.peer, figures.bare);
const held = peers[name];

report({
  title: `Overhead of a successful call over a bare await fn(), no SDK, attempt.signal unread: beside ${name}`,
  unit: 'ns per call',
  rows: [
    { name: 'bare await fn(), which is taken off', ...shown(figures.bare), options: '' },
    { name: 'the least', ...shown(over(figures.floor, figures.bare)), options: floor.options },
    { name: 'redress', ...shown(ours), options: redressOptions },
    { name, ...shown(theirs), options },
  ],
  bars: held === undefined ? [] : [{ what: held.bar, ...ratio(ours, theirs), atMost: held.atMost }],
});

/**
 * Overhead of a successful call over a bare `await fn()`, with no OpenTelemetry SDK in the process and no signal made or read.
 * One peer in each process, named as argument: what one library leaves on the heap slows the others, and not all alike.
 * `--options`: ours is given an object of options with each call, made there, as most programs do.
 * `--context`: everything inside an `AsyncLocalStorage.run`, as in a server that keeps a request's context.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { report } from '../report.js';
import { alternate, over, ratio, shown } from '../rounds.js';
import { floor } from '../subjects/floor.js';
import { loop, succeed } from '../subjects/loop.js';
import { besidePeer } from '../subjects/peer.js';
import { redress, redressOptions } from '../subjects/redress.js';

const major = Number.parseInt(process.versions.node, 10);
const limits = {
  // From Node 22 on cockatiel is quicker than on Node 20, by what V8 does with async functions.
  cockatiel: { atMost: major >= 22 ? 0.63 : 0.56, aim: 0.5 },
  opossum: { atMost: 1 },
  'p-retry': {},
};
const name = Object.keys(limits).find((peer) => process.argv.includes(peer)) ?? 'cockatiel';
const { peer } = await import(`../subjects/${name}.js`);
const inContext = process.argv.includes('--context');
const withOptions = process.argv.includes('--options');

const measure = () =>
  alternate({
    bare: loop(() => succeed()),
    floor: loop(floor.run),
    redress: loop(withOptions ? () => redress.call(succeed, { operation: 'GET /stock' }) : () => redress.call(succeed)),
    peer: loop(peer.run),
  });
const figures = inContext ? await new AsyncLocalStorage().run({ request: 1 }, measure) : await measure();
const ours = over(figures.redress, figures.bare);
const theirs = over(figures.peer, figures.bare);
const compared = { what: `redress / ${peer.title}`, ...ratio(ours, theirs) };

report({
  title: `Overhead of a successful call over a bare await fn(), no SDK, attempt.signal unread${inContext ? ', inside an AsyncLocalStorage.run' : ''}${withOptions ? ", with { operation: 'GET /stock' }" : ''}: beside ${peer.title}`,
  unit: 'ns per call',
  rows: [
    { name: 'bare await fn(), which is taken off', ...shown(figures.bare), options: '' },
    { name: 'the least', ...shown(over(figures.floor, figures.bare)), options: floor.options },
    { name: 'redress', ...shown(ours), options: redressOptions },
    { name: peer.title, ...shown(theirs), options: peer.options },
  ],
  bars: [inContext || withOptions ? compared : besidePeer({ ...compared, ...limits[name] })],
});

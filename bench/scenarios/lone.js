/**
 * A successful call whose function really waits, one at a time, no SDK. What it waits for is named as argument:
 *
 * - `turn`: one turn of the event loop. It costs next to nothing, so that the overhead can be seen.
 * - `http`: a request on loopback, to a server in the same process, over a connection that is kept. Here the overhead is a small part,
 *   so the bar is held against the whole. Two rows are the same bare request; by how much they differ is the noise.
 */
import { Agent, createServer, request } from 'node:http';
import { report } from '../report.js';
import { alternate, over, ratio, shown } from '../rounds.js';
import { peer } from '../subjects/cockatiel.js';
import { floor } from '../subjects/floor.js';
import { loop } from '../subjects/loop.js';
import { redress, redressOptions } from '../subjects/redress.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A function that makes one request, and is done when the answer is read. */
async function requests() {
  const server = createServer((_, response) => response.end('ok'));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const options = { agent: new Agent({ keepAlive: true, maxSockets: 1 }), host: '127.0.0.1', port: server.address().port };
  return () =>
    new Promise((resolve, reject) => {
      request(options, (response) => response.resume().on('end', resolve))
        .on('error', reject)
        .end();
    });
}

const isHttp = process.argv.includes('http');
const fn = isHttp ? await requests() : turn;
const figures = await alternate(
  {
    bare: loop(() => fn()),
    floor: loop(() => floor.call(fn)),
    redress: loop(() => redress.call(fn)),
    peer: loop(() => peer.call(fn)),
    again: loop(() => fn()),
  },
  isHttp ? { rounds: 201, fewestCalls: 20 } : {},
);
const overhead = ratio(over(figures.redress, figures.bare), over(figures.peer, figures.bare));
const noise = Math.abs(figures.again.median / figures.bare.median - 1);

report({
  title: `A successful call that waits for ${isHttp ? 'an http request on loopback' : 'one turn of the event loop'}, one at a time, no SDK`,
  unit: 'ns per call',
  rows: [
    { name: 'bare', ...shown(figures.bare), options: 'await fn()' },
    { name: 'bare, again', ...shown(figures.again), options: 'the same' },
    { name: 'the least', ...shown(figures.floor), options: floor.options },
    { name: 'redress', ...shown(figures.redress), options: redressOptions },
    { name: peer.title, ...shown(figures.peer), options: peer.options },
  ],
  bars: [
    { what: 'redress / bare', ...ratio(figures.redress, figures.bare) },
    { what: 'redress / the least', ...ratio(figures.redress, figures.floor) },
    { what: `${peer.title} / bare`, ...ratio(figures.peer, figures.bare) },
    isHttp
      ? { what: `redress / ${peer.title}, the whole call`, ...ratio(figures.redress, figures.peer), atMost: 1, noise }
      : { what: `redress / ${peer.title}, overhead over bare`, ...overhead, atMost: 1 },
  ],
});

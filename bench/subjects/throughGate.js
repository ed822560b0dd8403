import { createRegistry } from '@redress/core';
import { report } from '../report.js';
import { alternate, over, ratio, shown } from '../rounds.js';
import { measureAdded } from './added.js';
import { loop, succeed } from './loop.js';
import { besidePeer } from './peer.js';

/** What a gate costs a call that it lets through: the same policy without it and with it. */
export const measureGate = (what, gate, described) =>
  measureAdded(`${what} adds to a successful call that it lets through`, gate, described, 100);

/**
 * A call that a gate lets through, by the gate alone and by a policy that has little else, beside a peer's.
 *
 * @param {{ readonly title: string, readonly run: () => Promise<unknown>, readonly options: string }} peer
 * @param {{ readonly name: string, readonly alone: { run(fn: Function): Promise<unknown> }, readonly gate: object, readonly described: string }} ours
 */
export async function measureBeside(what, peer, { name, alone, gate, described }) {
  const policy = createRegistry().policy('gate', { retry: false, ...gate });
  const figures = await alternate({
    bare: loop(() => succeed()),
    alone: loop(() => alone.run(succeed)),
    policy: loop(() => policy.call(succeed)),
    peer: loop(peer.run),
  });
  const overhead = (row) => over(figures[row], figures.bare);
  report({
    title: `Overhead of a call that ${what} lets through over a bare await fn(), no SDK: beside ${peer.title}`,
    unit: 'ns per call',
    rows: [
      { name: 'bare await fn(), which is taken off', ...shown(figures.bare), options: '' },
      { name: `${name}.run`, ...shown(overhead('alone')), options: described },
      { name: 'policy', ...shown(overhead('policy')), options: `${described}; retry false, no breaker, the default timeouts` },
      { name: peer.title, ...shown(overhead('peer')), options: peer.options },
    ],
    bars: [
      besidePeer({ what: `${name}.run / ${peer.title}`, ...ratio(overhead('alone'), overhead('peer')) }),
      besidePeer({ what: `policy / ${peer.title}`, ...ratio(overhead('policy'), overhead('peer')) }),
    ],
  });
}

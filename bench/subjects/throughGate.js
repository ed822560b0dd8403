import * as core from '@redress/core';
import { report } from '../report.js';
import { alternate, over, shown } from '../rounds.js';
import { loop, succeed } from './loop.js';
import { policyOptions, redressOptions } from './redress.js';

/** What a gate costs a call that it lets through: the same policy without it and with it. */
export const measureGate = (what, gate, described) => measureAdded(`${what} that lets it through`, gate, described, undefined, 100);

/** What a piece adds to a successful call: the same policy without it and with it, and then with the options of a call that it asks for. */
export async function measureAdded(what, piece, described, optionsOf, atMost) {
  const registry = core.createRegistry();
  const without = registry.policy('without', policyOptions);
  const within = registry.policy('within', { ...policyOptions, ...piece });
  const call = optionsOf === undefined ? () => within.call(succeed) : () => within.call(succeed, optionsOf());
  const figures = await alternate({ without: loop(() => without.call(succeed)), within: loop(call) });
  const added = over(figures.within, figures.without);
  report({
    title: `What ${what} adds to a successful call, no SDK`,
    unit: 'ns per call',
    rows: [
      { name: 'without', ...shown(figures.without), options: redressOptions },
      { name: 'within', ...shown(figures.within), options: `the same, and ${described}` },
    ],
    bars: [{ what: 'ns added', ...shown(added), ...(atMost !== undefined && { atMost }) }],
  });
}

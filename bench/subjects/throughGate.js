import * as core from '@redress/core';
import { report } from '../report.js';
import { alternate, over, shown } from '../rounds.js';
import { loop, succeed } from './loop.js';
import { policyOptions, redressOptions } from './redress.js';

/** What a gate costs a call that it lets through: the same policy without it and with it. */
export async function measureGate(what, gate, described) {
  const registry = core.createRegistry();
  const without = registry.policy('without', policyOptions);
  const within = registry.policy('within', { ...policyOptions, ...gate });
  const figures = await alternate({ without: loop(() => without.call(succeed)), within: loop(() => within.call(succeed)) });
  const added = over(figures.within, figures.without);
  report({
    title: `What ${what} adds to a successful call that it lets through, no SDK`,
    unit: 'ns per call',
    rows: [
      { name: 'without', ...shown(figures.without), options: redressOptions },
      { name: 'within', ...shown(figures.within), options: `the same, and ${described}` },
    ],
    bars: [{ what: 'ns added', ...shown(added), atMost: 100 }],
  });
}

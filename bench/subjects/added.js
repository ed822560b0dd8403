import { createRegistry } from '@redress/core';
import { report } from '../report.js';
import { alternate, over, shown } from '../rounds.js';
import { loop, succeed } from './loop.js';
import { policyOptions, redressOptions } from './redress.js';

/**
 * What an option costs a successful call: the same policy without it and with it.
 *
 * @param {string} what what adds it, and to which call
 * @param {object} option
 * @param {string} described the option, for the report
 * @param {number} [atMost] nanoseconds
 */
export async function measureAdded(what, option, described, atMost) {
  const registry = createRegistry();
  const without = registry.policy('without', policyOptions);
  const within = registry.policy('within', { ...policyOptions, ...option });
  const figures = await alternate({ without: loop(() => without.call(succeed)), within: loop(() => within.call(succeed)) });
  report({
    title: `What ${what}, no SDK`,
    unit: 'ns per call',
    rows: [
      { name: 'without', ...shown(figures.without), options: redressOptions },
      { name: 'within', ...shown(figures.within), options: `the same, and ${described}` },
    ],
    bars: [{ what: 'ns added', ...shown(over(figures.within, figures.without)), atMost }],
  });
}

import { createRegistry } from '@redress/core';
import { report } from '../report.js';
import { alternate, over, shown } from '../rounds.js';
import { loop, succeed } from './loop.js';
import { policyOptions, redressOptions } from './redress.js';

/**
 * What an option costs a successful call: the same policy without it, and with each of these.
 *
 * @param {string} title
 * @param {Record<string, { readonly options: object, readonly described: string }>} variants by the name of their row
 * @param {number} [atMost] nanoseconds, for each of them
 */
export async function measureAdded(title, variants, atMost) {
  const registry = createRegistry();
  const without = registry.policy('without', policyOptions);
  const rows = { without: loop(() => without.call(succeed)) };
  for (const [name, { options }] of Object.entries(variants)) {
    const policy = registry.policy(name, { ...policyOptions, ...options });
    rows[name] = loop(() => policy.call(succeed));
  }
  const figures = await alternate(rows);
  const names = Object.keys(variants);
  report({
    title,
    unit: 'ns per call',
    rows: [
      { name: 'without', ...shown(figures.without), options: redressOptions },
      ...names.map((name) => ({ name, ...shown(figures[name]), options: `the same, and ${variants[name].described}` })),
    ],
    bars: names.map((name) => ({
      what: names.length === 1 ? 'ns added' : `ns added, ${name}`,
      ...shown(over(figures[name], figures.without)),
      atMost,
    })),
  });
}

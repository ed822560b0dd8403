/** What a bulkhead costs a call that it lets through. */
import * as core from '@redress/core';
import { report } from '../report.js';
import { alternate, over, shown } from '../rounds.js';
import { loop, succeed } from '../subjects/loop.js';
import { policyOptions, redressOptions } from '../subjects/redress.js';

const title = 'What a bulkhead adds to a successful call that it lets through, no SDK';
const unit = 'ns per call';

async function measure() {
  const registry = core.createRegistry();
  const without = registry.policy('without', policyOptions);
  const within = registry.policy('within', { ...policyOptions, bulkhead: { maxConcurrent: 100 } });
  const figures = await alternate({ without: loop(() => without.call(succeed)), within: loop(() => within.call(succeed)) });
  const added = over(figures.within, figures.without);
  report({
    title,
    unit,
    rows: [
      { name: 'without', ...shown(figures.without), options: redressOptions },
      { name: 'within', ...shown(figures.within), options: 'the same, and bulkhead.maxConcurrent 100' },
    ],
    bars: [{ what: 'ns added', ...shown(added), atMost: 100 }],
  });
}

if ('Bulkhead' in core) await measure();
else report({ title, unit, skipped: '@redress/core exports no Bulkhead, so there is nothing to measure yet', rows: [], bars: [] });

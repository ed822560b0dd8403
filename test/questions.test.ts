import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { sixFigures } from '../examples/storefront/src/figures/sixFigures.js';
import { behindCollector, collectorNames } from '../scripts/alerts/collectorNames.js';
import { ALERT, OTLP_QUERIES, QUESTIONS } from './truth/questions.js';

/** The demo works out its six figures itself, and shows the query that a Prometheus would be asked. */
it('the queries that the demo shows are those of docs/telemetry.md', () => {
  const { firstOfItsKind: _, wasted: __, stoodIn: ___, ...six } = QUESTIONS;
  const shown = sixFigures({ from: undefined, to: undefined }).map(({ promql }) => promql);
  expect(shown).toEqual(Object.values(six).map((query) => query('$w')));
});

const registry = parse(readFileSync(join(__dirname, '../semconv/redress.yaml'), 'utf8')) as { readonly groups: readonly object[] };
const names: ReadonlyMap<string, string> = collectorNames(registry.groups);
const behind = (query: string): string => behindCollector(query, names);

describe('queries behind a Collector', () => {
  it('are those of docs/telemetry.md, where they differ', () => {
    const { firstOfItsKind, wasted, ...six } = QUESTIONS;
    const differing = [...Object.values(six), firstOfItsKind, wasted]
      .map((query) => query('5m'))
      .filter((query) => behind(query) !== query);
    expect(OTLP_QUERIES.map((query) => query.replaceAll('[1h]', '[5m]'))).toEqual(differing.map(behind));
    expect(differing).toHaveLength(4);
  });

  it('are the same for the alert, and for every gauge of a circuit', () => {
    expect(behind(ALERT)).toBe(ALERT);
    expect(ALERT).toContain('redress_circuit_state');
    for (const name of ['redress_circuit_state', 'redress_circuit_failure_ratio']) expect(names.get(name)).toBe(name);
  });
});

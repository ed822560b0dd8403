import { sixFigures } from '../examples/storefront/src/figures/sixFigures.js';
import { REGISTRY } from '../packages/core/src/testing/semconv.registry.js';
import { ALERT, OTLP_QUERIES, QUESTIONS } from './truth/questions.js';

/** The demo works out its six figures itself, and shows the query that a Prometheus would be asked. */
it('the queries that the demo shows are those of docs/telemetry.md', () => {
  const { firstOfItsKind: _, ...six } = QUESTIONS;
  const shown = sixFigures({ from: undefined, to: undefined }).map(({ promql }) => promql);
  expect(shown).toEqual(Object.values(six).map((query) => query('$w')));
});

/** How a Collector, and Prometheus' OTLP receiver, name a metric: with its unit, and a gauge of unit 1 as a ratio. */
const UNITS: Readonly<Record<string, string>> = { s: '_seconds', '1': '_ratio' };
const names = new Map(
  REGISTRY.metrics.map(({ name, unit, instrument }) => {
    const base = name.replaceAll('.', '_');
    const total = instrument === 'counter' ? '_total' : '';
    const suffix = base.endsWith('_ratio') ? '' : (UNITS[unit] ?? '');
    return [`${base}${total}`, `${base}${suffix}${total}`];
  }),
);
const histograms = REGISTRY.metrics.filter(({ instrument }) => instrument === 'histogram').map(({ name }) => name.replaceAll('.', '_'));
for (const name of histograms) names.set(`${name}_count`, `${name}_seconds_count`);

const behindCollector = (query: string): string => query.replaceAll(/redress_\w+/g, (name) => names.get(name) ?? name);

describe('queries behind a Collector', () => {
  it('are those of docs/telemetry.md, where they differ', () => {
    const { firstOfItsKind, ...six } = QUESTIONS;
    const differing = [...Object.values(six), firstOfItsKind]
      .map((query) => query('5m'))
      .filter((query) => behindCollector(query) !== query);
    expect(OTLP_QUERIES.map((query) => query.replaceAll('[1h]', '[5m]'))).toEqual(differing.map(behindCollector));
    expect(differing).toHaveLength(3);
  });

  it('are the same for the alert, and for every gauge of a circuit', () => {
    expect(behindCollector(ALERT)).toBe(ALERT);
    expect(ALERT).toContain('redress_circuit_state');
    for (const name of ['redress_circuit_state', 'redress_circuit_failure_ratio']) expect(names.get(name)).toBe(name);
  });
});

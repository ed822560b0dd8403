/**
 * How a Collector's Prometheus exporters, and Prometheus' own OTLP receiver, name our metrics, which OpenTelemetry's PrometheusExporter
 * for Node names without their units.
 *
 * By OpenTelemetry's rules (https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/): what may not stand in a
 * name becomes `_`; the unit is spelt out and comes behind, unless the name ends with it or it stands in braces; a gauge of unit 1 is a
 * ratio; a counter ends in `_total`.
 */

/** The units of our registry; a test holds that there is no other. */
const UNITS = { s: 'seconds', By: 'bytes' };

function unitOf({ unit, instrument }) {
  if (unit.startsWith('{')) return '';
  if (unit === '1') return instrument === 'gauge' ? 'ratio' : '';
  const known = UNITS[unit];
  if (known === undefined) throw new Error(`unit ${unit} has no name yet`);
  return known;
}

/** Both names of a metric. */
function namesOf(metric) {
  const base = metric.metric_name.replaceAll(/[^a-zA-Z0-9_]/g, '_');
  const unit = unitOf(metric);
  const withUnit = unit === '' || base.endsWith(`_${unit}`) ? base : `${base}_${unit}`;
  const suffixes = { counter: ['_total'], histogram: ['_bucket', '_count', '_sum'] }[metric.instrument] ?? [''];
  return suffixes.map((suffix) => [`${base}${suffix}`, `${withUnit}${suffix}`]);
}

/** Each name of the exporter, with that of a Collector; of the groups of our registry. */
export function collectorNames(groups) {
  return new Map(groups.filter(({ type }) => type === 'metric').flatMap(namesOf));
}

/** A query written for the exporter, as it reads behind a Collector. */
export function behindCollector(query, names) {
  return query.replaceAll(/\bredress_[a-z0-9_]+/g, (name) => names.get(name) ?? name);
}

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { behindCollector, collectorNames } from '../scripts/alerts/collectorNames.js';
import { ask, firedIn } from './alerts/promtool.js';
import { record, type Recorded, SCRAPE_S } from './alerts/record.js';
import { scenarios } from './alerts/scenarios.js';
import { Prometheus } from './truth/Prometheus.js';
import { QUESTIONS } from './truth/questions.js';

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly seen: readonly string[];
}

const root = join(__dirname, '..');
const { alerts } = parse(readFileSync(join(root, 'ops/rules/source.yaml'), 'utf8')) as { readonly alerts: readonly Alert[] };
const registry = parse(readFileSync(join(root, 'semconv/redress.yaml'), 'utf8')) as { readonly groups: readonly object[] };
const names: ReadonlyMap<string, string> = collectorNames(registry.groups);

it('the rules and docs/alerts.md are those of the source', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/alerts.js', '--check'], { cwd: root, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

it("the README's alert is one of them", () => {
  const [open] = alerts;
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const telemetry = readFileSync(join(root, 'docs/telemetry.md'), 'utf8');
  expect(readme).toContain(open?.expr.split(' or ')[0]);
  expect(telemetry).toContain(open?.expr.replaceAll('\n', ' ').trim());
});

it.each([
  ['redress_retry_duration_bucket', 'redress_retry_duration_seconds_bucket'],
  ['redress_backoff_time_total', 'redress_backoff_time_seconds_total'],
  ['redress_circuit_failure_ratio', 'redress_circuit_failure_ratio'],
  ['redress_circuit_state', 'redress_circuit_state'],
  ['redress_events_total', 'redress_events_total'],
  ['redress_retry_budget', 'redress_retry_budget'],
])('%s is %s behind a Collector', (exporter, collector) => {
  expect(names.get(exporter)).toBe(collector);
});

it.each(alerts)('$alert asks for metrics that there are', ({ expr }) => {
  const asked = [...expr.matchAll(/\bredress_[a-z_]+(?=\{|\[| |\)|$)/gm)].map(([name]) => name);
  const labels = /^redress_(policy|outcome|event|observe_only)$/;
  expect(asked.filter((name) => !labels.test(name) && !names.has(name))).toEqual([]);
});

const renamed = (series: readonly Recorded[], rename: (name: string) => string): Recorded[] =>
  series.map((each) => ({ ...each, name: rename(each.name) }));

/** By how much the series of a metric whose labels fit grew, from second to second; all have to be there at both. */
function growth(series: readonly Recorded[], metric: string, labels: RegExp, from: number, to: number): number {
  return series
    .filter((each) => each.name === metric && labels.test(JSON.stringify(each.labels)))
    .map(({ values }) => {
      const [first, last] = [values[from / SCRAPE_S], values[to / SCRAPE_S]];
      if (first === undefined || last === undefined) throw new Error(`a series of ${metric} begins later`);
      return last - first;
    })
    .reduce((sum, each) => sum + each, 0);
}

const routes = [
  { route: "the exporter's names", file: 'redress.rules.yml', rename: (name: string) => name },
  { route: "a Collector's names", file: 'redress.otlp.rules.yml', rename: (name: string) => behindCollector(name, names) },
];

(Prometheus.isWanted() ? describe : describe.skip)('the alerts, by promtool', () => {
  const recorded = new Map<string, readonly Recorded[]>();
  beforeAll(async () => {
    for (const scenario of scenarios) recorded.set(scenario.name, await record(scenario));
  }, 180_000);

  it.each(routes)('are rules that Prometheus takes: $file', ({ file }) => {
    expect(spawnSync('promtool', ['check', 'rules', join(root, 'ops/rules', file)], { encoding: 'utf8' }).status).toBe(0);
  });

  it('each fires in a scenario, and each scenario is one of those', () => {
    const known = new Set(scenarios.map(({ name }) => name));
    for (const { alert, seen } of alerts)
      expect([alert, seen.length > 0, seen.filter((name) => !known.has(name))]).toEqual([alert, true, []]);
  });

  it.each([
    { minute: 6.5, firing: 1 },
    { minute: 29, firing: 0 },
  ])('a circuit that opened and that nobody calls any more fires $firing at minute $minute', ({ minute, firing }) => {
    const expr = 'count(ALERTS{alertname="RedressCircuitOpen",alertstate="firing"}) or vector(0)';
    const rules = join(root, 'ops/rules/redress.rules.yml');
    const series = recorded.get('idle-half-open') ?? [];
    const state = 'max(redress_circuit_state{circuit_state="half_open"})';
    expect(ask(rules, series, [{ expr, value: firing, at: minute * 60 }])).toBe('');
    expect(ask(rules, series, [{ expr: state, value: 1, at: 29 * 60 }])).toBe('');
  });

  describe.each(routes)('the questions, with $route', ({ rename }) => {
    const ofRoute = (index: number): string => rename(Object.values(QUESTIONS)[index]?.('10m') ?? '');

    it.each([
      { name: 'flapping', from: 6 },
      { name: 'brownout', from: 7 },
      { name: 'rate-limited', from: 7 },
    ])('$name from minute $from on', ({ name, from }) => {
      const series = recorded.get(name) ?? [];
      const grew = (metric: string, labels: RegExp = /.*/): number => growth(series, metric, labels, from * 60, (from + 10) * 60);
      const first = /"retry_attempt":"1"/;
      const rescues = ['2', '3'].map((number) => {
        const attempt = new RegExp(`"retry_attempt":"${number}"`);
        return grew('redress_retry_success_after_retries_total', attempt) / grew('redress_attempts_total', attempt);
      });
      const expected = [
        grew('redress_attempts_total') / grew('redress_attempts_total', first),
        grew('redress_backoff_time_total'),
        (rescues[0] ?? 0) + (rescues[1] ?? 0),
        grew('redress_circuit_time_in_state_total', /"circuit_state":"(open|forced_open)"/),
        grew('redress_retry_duration_count', /"redress_outcome":"rejected"/),
      ];
      const asked = expected.map((value, index) => ({
        expr: `round(1e6 * (sum(${ofRoute(index)}) or vector(0)))`,
        value: Math.round(1e6 * value),
        at: (from + 10) * 60,
      }));
      expect(ask(undefined, renamed(series, rename), asked)).toBe('');
    });

    it.each(['hang', 'short-outage', 'scrape-gap', 'two-replicas'])('%s: how long circuits were open', (name) => {
      const series = recorded.get(name) ?? [];
      const openMs = growth(series, 'redress_circuit_time_in_state_total', /"circuit_state":"(open|forced_open)"/, 4 * 60, 14 * 60);
      expect(openMs).toBeGreaterThan(4);
      const asked = { expr: `round(1e3 * sum(${ofRoute(3)}))`, value: Math.round(1e3 * openMs), at: 14 * 60 };
      expect(ask(undefined, renamed(series, rename), [asked])).toBe('');
    });
  });

  describe.each(routes)('with $route', ({ file, rename }) => {
    it.each(scenarios)('$name: $what', ({ name, minutes }) => {
      const series = renamed(recorded.get(name) ?? [], rename);
      const at = minutes * 60 - 15;
      const wanted = alerts.filter(({ seen }) => seen.includes(name)).map(({ alert }) => alert);
      const known = alerts.map(({ alert }) => alert);
      expect(firedIn(join(root, 'ops/rules', file), series, known, at)).toEqual(wanted);
    });
  });
});

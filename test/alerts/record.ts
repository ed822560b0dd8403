import { type Attempt, createRegistry } from '@redress/core';
import { telemetry } from '@redress/core/telemetry';
import { FakeClock, seededRandom } from '@redress/core/testing';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { parseExposition, type Sample } from '../../examples/storefront/src/figures/parseExposition.js';
import { perform, type Replica, type Scenario } from './scenarios.js';

/** Seconds from one scrape to the next. */
export const SCRAPE_S = 15;

/** A series as promtool's tests take it, and its samples, one a scrape; undefined where there was none. */
export interface Recorded {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly values: (number | undefined)[];
}

class ManualReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

/** What a Prometheus would have of a scenario: the library under it on a fake clock, the SDK, and the text of the exporter. */
export async function record(scenario: Scenario): Promise<readonly Recorded[]> {
  const all: Recorded[] = [];
  for (const [index, replica] of scenario.replicas.entries()) all.push(...(await recordReplica(scenario, replica, index)));
  return all;
}

async function recordReplica(scenario: Scenario, replica: Replica, index: number): Promise<readonly Recorded[]> {
  const reader = new ManualReader();
  const meterProvider = new MeterProvider({ readers: [reader] });
  const unbind = telemetry().bind({ meterProvider });
  const serializer = new PrometheusSerializer('', false);
  const series = new Map<string, Recorded>();
  const scrapes = (scenario.minutes * 60) / SCRAPE_S;
  const clock = new FakeClock();
  const chance = seededRandom(index + 1);
  const name = `${scenario.name}-${index}`;
  const policy = createRegistry().policy(name, { clock, random: seededRandom(index + 100), ...scenario.options });

  let calls = 0;
  const begin = (): void => {
    const call = calls++;
    const answer = (attempt: Attempt) => perform(replica.answer(clock.now() / 1_000, call, chance()), attempt, (ms) => clock.sleep(ms));
    policy.settle(answer, scenario.call?.(call)).then(undefined, () => undefined);
    const second = clock.now() / 1_000;
    if (second < (scenario.quietFrom ?? Infinity)) clock.setTimeout(begin, 1_000 / scenario.callsPerS);
  };
  begin();

  for (let scrape = 0; scrape < scrapes; scrape += 1) {
    const second = scrape * SCRAPE_S;
    if (scenario.operator?.at === second) scenario.operator.does(policy.circuitBreaker);
    const [from, to] = scenario.gap ?? [Infinity, Infinity];
    if (second < from || second >= to) {
      const { resourceMetrics } = await reader.collect();
      for (const sample of parseExposition(serializer.serialize(resourceMetrics))) take(series, sample, scrape, name, index);
    }
    await clock.advance(SCRAPE_S * 1_000);
  }
  policy.dispose();
  unbind();
  await meterProvider.shutdown();
  return [...series.values()];
}

/** Of this scenario; what others left behind in the process reads 0 for ever. Replicas have the same policy, and an instance each. */
function take(series: Map<string, Recorded>, { name, labels, value }: Sample, scrape: number, own: string, replica: number): void {
  const { redress_policy: policy, circuit_name: circuit } = labels;
  if (!name.startsWith('redress_') || ((policy ?? circuit) !== own && policy !== '_other')) return;
  const rest = Object.entries(labels).filter(([label]) => !label.startsWith('otel_scope'));
  const shown = Object.fromEntries(rest.map(([label, text]) => [label, text === own ? own.replace(/-\d+$/, '') : text]));
  const identity = { ...shown, job: 'shop', instance: `shop-${replica}` };
  const key = JSON.stringify([name, Object.entries(identity).sort()]);
  let recorded = series.get(key);
  if (recorded === undefined) {
    recorded = { name, labels: identity, values: [] };
    series.set(key, recorded);
  }
  recorded.values[scrape] = value;
}

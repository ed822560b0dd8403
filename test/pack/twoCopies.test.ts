import { join } from 'node:path';
import { PackedProjects } from './PackedProjects.js';
import { runNode } from './runNode.js';

/** Core as it was packed before an entry was one file; its hub lies under a key of its own. */
const BEFORE = join(__dirname, 'fixtures/redress-core-0.1.0.tgz');

/** Both copies make calls under one SDK; what it heard is compared, policy by policy. */
const main = `
const { diag, DiagLogLevel, metrics, trace } = require('@opentelemetry/api');
const { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } = require('@opentelemetry/sdk-metrics');
const { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } = require('@opentelemetry/sdk-trace');

const told = [];
const tell = (message) => told.push(String(message));
diag.setLogger({ verbose() {}, debug() {}, info() {}, warn: tell, error: tell }, DiagLogLevel.WARN);
const spans = new InMemorySpanExporter();
const points = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const reader = new PeriodicExportingMetricReader({ exporter: points, exportIntervalMillis: 3_600_000 });
trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] }));
metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));

/** Three calls: one that succeeds, one that is rescued, one that the breaker refuses. */
async function callsOf({ constant, policy, ServerError }, name) {
  const shop = policy(name, { retry: { backoff: constant(0) }, circuitBreaker: {} });
  const first = await shop.call(() => 'value');
  const rescued = await shop.settle(({ number }) => {
    if (number === 1) throw new ServerError('first');
    return 'rescued';
  });
  shop.circuitBreaker.forceOpen();
  const refused = await shop.settle(() => 'never');
  return [first, rescued.value, rescued.attempts, refused.ok, refused.stopReason].join(' ');
}

async function compare() {
  const copies = process.argv.slice(2).map((name) => [name, require(name)]);
  const did = {};
  for (const [name, copy] of copies) did[name] = await callsOf(copy, name);
  for (const [name, copy] of copies) did[name + ' again'] = await callsOf(copy, name + ' again');

  await reader.forceFlush();
  const attempts = points.getMetrics().at(-1).scopeMetrics.flatMap((scope) => scope.metrics).filter(({ descriptor }) => descriptor.name === 'redress.attempts');
  const heard = Object.fromEntries(Object.keys(did).map((name) => [name, {
    spans: spans.getFinishedSpans().filter((span) => span.attributes['redress.policy'] === name).length,
    attempts: attempts.flatMap(({ dataPoints }) => dataPoints).filter((point) => point.attributes['redress.policy'] === name).reduce((sum, { value }) => sum + value, 0),
  }]));
  console.log(JSON.stringify({ did, heard, told }));
}
void compare();
`;

interface Said {
  readonly did: Readonly<Record<string, string>>;
  readonly heard: Readonly<Record<string, unknown>>;
  readonly told: readonly string[];
}

describe('two versions of core in one process', () => {
  const projects = new PackedProjects();
  const said = new Map<string, Said>();
  const CASES = [
    { given: 'the older first', names: ['core-before', '@redress/core'] },
    { given: 'the newer first', names: ['@redress/core', 'core-before'] },
  ];

  beforeAll(() => {
    projects.install(['core']);
    projects.unpack(BEFORE, 'core-before');
    for (const { given, names } of CASES) {
      const directory = projects.project(given.replaceAll(' ', '-'), { 'main.cjs': main });
      const { status, output } = runNode(['main.cjs', ...names], directory);
      if (status !== 0) throw new Error(output);
      said.set(given, JSON.parse(output));
    }
  }, 120_000);
  afterAll(() => projects.remove());

  it.each(CASES)('do what their policies say, $given', ({ given, names }) => {
    const did = Object.entries(said.get(given)?.did ?? {});
    expect(did).toEqual([...names, ...names.map((name) => `${name} again`)].map((name) => [name, 'value rescued 2 false CIRCUIT_OPEN']));
  });

  it.each(CASES)('tell each call and attempt exactly once, $given', ({ given, names }) => {
    const once = { spans: 3, attempts: 3 };
    expect(said.get(given)?.heard).toEqual(
      Object.fromEntries(names.flatMap((name) => [name, `${name} again`]).map((name) => [name, once])),
    );
  });

  it.each(CASES)('make the newer one say so, once, $given', ({ given }) => {
    expect(said.get(given)?.told).toEqual([expect.stringMatching(/another copy of @redress\/core/)]);
  });
});

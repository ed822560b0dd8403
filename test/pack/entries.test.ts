import { PackedProjects } from './PackedProjects.js';
import { program, runNode } from './runNode.js';

const PACKAGES = ['core', 'instrumentation-resilience'];

/** Values and types of every entry, given to those of the others. */
const mixed = `
import { CircuitBreaker, type CircuitState, constant, ErrorClass, EventName, policy, StopReason, type Backoff, type Clock, type Policy } from '@redress/core';
import { LogSeverity, telemetry, type FailureFacts, type GaugeSource, type PolicyTelemetry, type TelemetryConfig } from '@redress/core/telemetry';
import { CallExpectation, FakeClock, fixed, giving, inMemoryTelemetry, script, type EmittedSpan, type InMemoryTelemetryOptions } from '@redress/core/testing';
import { ResilienceInstrumentation, type ResilienceInstrumentationConfig } from '@redress/instrumentation-resilience';

const clock: Clock = new FakeClock();
const backoffs: readonly Backoff[] = [fixed(1), constant(1)];
const [backoff = constant(0)] = backoffs;
const breaker = new CircuitBreaker({ name: 'shared' });
const shop: Policy = policy('shop', { clock, retry: { backoff }, circuitBreaker: breaker });
const steps: Promise<string> = shop.call(script(giving('value')));

const state: CircuitState = breaker.state;
const source: GaugeSource = { observe: () => undefined };
const told: PolicyTelemetry = telemetry().policy({ policy: shop.name, library: 'none' }, source);
told.event(EventName.CIRCUIT_OPENED, { 'circuit.state': state });
const failure: Pick<FailureFacts, 'errorClass'> = { errorClass: ErrorClass.TRANSIENT };

declare const span: EmittedSpan;
const expectation = (): CallExpectation =>
  new CallExpectation(span).failedWith(StopReason.DEADLINE_EXCEEDED, failure.errorClass).events(...Object.values(EventName));

const config: TelemetryConfig = { logSeverity: 'WARN' satisfies keyof typeof LogSeverity };
const registered: ResilienceInstrumentationConfig = config;
const options: InMemoryTelemetryOptions = { config: registered };
const started = () => [new ResilienceInstrumentation(config), inMemoryTelemetry(options)];

export { expectation, started, state, steps };
`;

/** Classes whose name is not that under which they are exported. */
const wrongNames = `
const wrong = Object.entries({ ...index, ...telemetry, ...testing, ...instrumentation })
  .filter(([name, value]) => typeof value === 'function' && /^class\\b/.test(String(value)) && value.name !== name);
console.log(wrong.map(([name, value]) => name + ' is ' + value.name).join());
`;
const ENTRIES = {
  index: '@redress/core',
  telemetry: '@redress/core/telemetry',
  testing: '@redress/core/testing',
  instrumentation: '@redress/instrumentation-resilience',
};

describe('the entries of the packed packages', () => {
  const projects = new PackedProjects();
  const strict = { target: 'ES2022', strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, types: ['node'], noEmit: true };

  beforeAll(() => projects.install(PACKAGES), 120_000);
  afterAll(() => projects.remove());

  it.each([
    { given: 'NodeNext, ESM', name: 'nodenext-esm', type: 'module', options: { module: 'NodeNext' } },
    { given: 'NodeNext, CJS', name: 'nodenext-cjs', type: 'commonjs', options: { module: 'NodeNext' } },
    { given: 'a bundler', name: 'bundler', type: 'module', options: { module: 'ESNext', moduleResolution: 'Bundler' } },
  ])(
    'show the same types through each of them: $given',
    ({ name, type, options }) => {
      const directory = projects.project(name, {
        'package.json': { type },
        'tsconfig.json': { compilerOptions: { ...strict, ...options }, files: ['main.ts'] },
        'main.ts': mixed,
      });
      expect(runNode([program('typescript', 'tsc'), '-p', '.'], directory)).toEqual({ status: 0, output: '' });
    },
    120_000,
  );

  it.each(['esm', 'cjs'])('declare each class once, in %s', (format) => {
    const declared = ['index', 'telemetry', 'testing', 'shared'].flatMap((entry) =>
      [...projects.text('core', `dist/${format}/${entry}.d.ts`).matchAll(/^(?:export )?declare (?:abstract )?class (\w+)/gm)].map(
        ([, name]) => name,
      ),
    );
    expect(declared).toContain('CircuitBreaker');
    expect(declared).toEqual([...new Set(declared)]);
  });

  it.each(PACKAGES)('of %s hold each source once in a module system, so that its state is one', (folder) => {
    for (const format of ['esm', 'cjs']) {
      const maps = projects.filesOf(folder).filter((file) => file.startsWith(`dist/${format}/`) && file.endsWith('.map'));
      const sources = maps
        .flatMap((map) => projects.json<{ sources: string[] }>(folder, map).sources)
        .filter((source) => source.includes('/src/'));
      expect(sources.length).toBeGreaterThan(0);
      expect(sources.filter((source, at) => sources.indexOf(source) !== at)).toEqual([]);
    }
  });

  it.each([
    { given: 'import', file: 'main.mjs', load: (name: string, from: string) => `import * as ${name} from '${from}';` },
    { given: 'require', file: 'main.cjs', load: (name: string, from: string) => `const ${name} = require('${from}');` },
  ])('export classes under their own names, by $given', ({ given, file, load }) => {
    const lines = Object.entries(ENTRIES).map(([name, from]) => load(name, from));
    const directory = projects.project(`names-${given}`, { [file]: [...lines, wrongNames].join('\n') });
    expect(runNode([file], directory)).toEqual({ status: 0, output: '\n' });
  });
});

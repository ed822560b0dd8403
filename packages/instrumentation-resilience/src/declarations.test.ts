import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';

// The compiler reads all declarations of an SDK.
jest.setTimeout(60_000);

const root = join(__dirname, '../../..');

/** The line of OpenTelemetry under test, as it is installed. */
const openTelemetry = /^.*@opentelemetry/.exec(require.resolve('@opentelemetry/api'))?.[0] ?? '';

const app = `
import { NodeSDK } from '@opentelemetry/sdk-node';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import { ResilienceInstrumentation, ResilienceSpanProcessor } from '@redress/instrumentation-resilience';
import { shutdown } from '@redress/instrumentation-resilience/register';

new NodeSDK({
  spanProcessors: [new ResilienceSpanProcessor(), new SimpleSpanProcessor({ exporter: new InMemorySpanExporter() })],
  instrumentations: [new ResilienceInstrumentation({ callHook: (span, call) => void span.setAttribute('attempts', call.attempts) })],
}).start();
export const ending: Promise<void> = shutdown();
`;

describe("the built packages' declarations", () => {
  let home = '';

  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'redress-declarations-'));
    const modules = join(home, 'node_modules');
    mkdirSync(join(modules, '@types'), { recursive: true });
    symlinkSync(openTelemetry, join(modules, '@opentelemetry'));
    for (const each of ['@types/node', 'undici-types']) symlinkSync(join(root, 'node_modules', each), join(modules, each));
    // Copies, since the compiler looks for OpenTelemetry from where a link leads to.
    for (const each of ['core', 'instrumentation-resilience']) {
      for (const part of ['dist', 'package.json']) {
        cpSync(join(root, 'packages', each, part), join(modules, '@redress', each, part), { recursive: true });
      }
    }
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it.each(['app.mts', 'app.cts'])('fit the NodeSDK of this line in %s', (name) => {
    writeFileSync(join(home, name), app);
    const program = ts.createProgram([join(home, name)], {
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      types: ['node'],
      typeRoots: [join(home, 'node_modules/@types')],
    });
    const errors = ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    expect(errors).toEqual([]);
  });
});

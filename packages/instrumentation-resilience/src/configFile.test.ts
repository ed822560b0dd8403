import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as sdkNode from '@opentelemetry/sdk-node';
import { OtlpReceiver } from './fixtures/OtlpReceiver.js';
import { appPath, startNode } from './fixtures/runNode.js';

// Starting Node with an SDK takes a second on a busy machine.
jest.setTimeout(20_000);

const REGISTER = '@redress/instrumentation-resilience/register';
const CLIENT = 3;

/** The file of the README, sent to the test's receiver at once, with a section of its own. */
const README = readFileSync(join(__dirname, '../README.md'), 'utf8');
const [, FILE = ''] = /```yaml\n([\s\S]*?)```/.exec(README) ?? [];

// `startNodeSdk` reads a file from OpenTelemetry's second line on; `npm run test:otel3` runs on it.
const reads = 'startNodeSdk' in sdkNode;
if (!reads) process.emitWarning('this SDK reads no configuration file: what is said of it is tested by npm run test:otel3');

(reads ? describe : describe.skip)('an app under OTEL_CONFIG_FILE', () => {
  const receiver = new OtlpReceiver();
  const home = mkdtempSync(join(tmpdir(), 'redress-config-'));
  let endpoint = '';
  beforeAll(async () => {
    endpoint = await receiver.start();
  });
  beforeEach(() => receiver.clear());
  afterAll(async () => {
    await receiver.stop();
    rmSync(home, { recursive: true, force: true });
  });

  function run(args: readonly string[], section: string, env: Readonly<Record<string, string>> = {}) {
    const file = join(home, 'otel.yaml');
    writeFileSync(file, FILE.replace(/( {4}'@redress\/instrumentation-resilience':\n)[\s\S]*$/, `$1${section}`));
    return startNode(args, { OTEL_CONFIG_FILE: file, OTLP: endpoint.replace(/\/$/, ''), ...env }).ended;
  }

  const line = (option: string): string => `      ${option}\n`;
  const apps = [
    { app: 'an ESM app, by code', args: [appPath('shop-by-file.mjs')] },
    { app: 'a CommonJS app, by code', args: [appPath('shop-by-file.cjs')] },
    { app: 'an ESM app, by --import', args: ['--import', REGISTER, appPath('shop-registered.mjs')] },
    { app: 'a CommonJS app, by --require', args: ['--require', REGISTER, appPath('shop-registered.cjs')] },
  ];

  it.each(apps)('$app sends what it sends by code, attempts numbered without a span processor', async ({ args }) => {
    const { code, stdout, stderr } = await run(args, line('log_severity: DEBUG'));
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'status 200, body stock\n', stderr: '' });
    const calls = receiver.spans.filter((span) => span.attributes['redress.policy'] !== undefined);
    expect(calls).toMatchObject([{ name: 'get-stock', events: ['retry', 'retry', 'success'], statusCode: 0 }]);
    const clients = receiver.spans.filter((span) => span.kind === CLIENT);
    expect(clients.map(({ attributes }) => attributes['retry.attempt'])).toEqual([1, 2, 3]);
    expect(clients.map(({ attributes }) => attributes['http.request.resend_count'])).toEqual([undefined, 1, 2]);
    expect(receiver.sum('redress.attempts')).toBe(3);
    expect(receiver.logs.length).toBe(2);
  });

  it.each(apps)('$app takes its options from the section of the file', async ({ args }) => {
    await run(args, line('spans: never') + line("log_severity: 'OFF'"));
    expect(receiver.spans.filter((span) => span.attributes['redress.policy'] !== undefined)).toEqual([]);
    expect(receiver.logs).toEqual([]);
    expect(receiver.sum('redress.attempts')).toBe(3);
  });

  it('takes the section by its short name too', async () => {
    const section = line('attempt_spans: false').replace(/$/, '');
    await run([appPath('shop-by-file.mjs')], section, {});
    const before = receiver.spans.length;
    writeFileSync(
      join(home, 'short.yaml'),
      FILE.replace("'@redress/instrumentation-resilience':", 'redress:').replace('spans: on-problem', 'spans: never'),
    );
    receiver.clear();
    await startNode([appPath('shop-by-file.mjs')], { OTEL_CONFIG_FILE: join(home, 'short.yaml'), OTLP: endpoint.replace(/\/$/, '') }).ended;
    expect(before - receiver.spans.length).toBe(1);
  });

  it('has variables in the section as in the rest of the file', async () => {
    await run([appPath('shop-by-file.mjs')], line('attempt_spans: ${ATTEMPTS}'), { ATTEMPTS: 'true' });
    const names = receiver.spans.filter((span) => span.kind === 1).map(({ name }) => name);
    expect(names.sort()).toEqual(['get-stock', 'get-stock attempt 1', 'get-stock attempt 2', 'get-stock attempt 3']);
  });

  it.each([
    ['span: never', 'unknown option span ("never"); known are enabled, spans, span_events, log_severity'],
    ['spans: sometimes', 'spans must be one of always, on-problem, never; got "sometimes"'],
    ['max_rows: 5', 'max_rows must be a whole number, at least 50; got 5'],
    ['call_hook: x', 'unknown option call_hook ("x")'],
    ['spanEvents: false', 'unknown option spanEvents (false)'],
  ])('refuses %s by its name, its value and its rule', async (option, told) => {
    const { code, stderr } = await run([appPath('shop-by-file.cjs')], line(option));
    expect(code).toBe(1);
    expect(stderr).toContain(
      `TypeError: OTEL_CONFIG_FILE ${join(home, 'otel.yaml')}, instrumentation/development: js: '@redress/instrumentation-resilience': ${told}`,
    );
  });

  it.each([
    { given: 'a file that is not there', env: { OTEL_CONFIG_FILE: '/nowhere/otel.yaml' } },
    { given: 'no options at all', env: {} },
  ])('goes on with $given', async ({ env }) => {
    const { code, stdout } = await run([appPath('shop-by-file.cjs')], '', env);
    expect({ code, stdout: stdout.endsWith('status 200, body stock\n') }).toEqual({ code: 0, stdout: true });
  });
});

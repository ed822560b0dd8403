import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { OtlpReceiver } from '../fixtures/OtlpReceiver.js';
import { appPath, startNode } from '../fixtures/runNode.js';

// Starting Node with an SDK takes a second on a busy machine.
jest.setTimeout(20_000);

const REGISTER = '@redress/instrumentation-resilience/register';
const CLIENT = 3;
const INTERNAL = 1;

describe('apps that are started with the SDK', () => {
  const receiver = new OtlpReceiver();
  let env: Record<string, string> = {};

  beforeAll(async () => {
    env = { OTEL_EXPORTER_OTLP_ENDPOINT: await receiver.start(), OTEL_SERVICE_NAME: 'shop' };
  });
  beforeEach(() => receiver.clear());
  afterAll(() => receiver.stop());

  it.each`
    app                               | args
    ${'an ESM app, by code'}          | ${[appPath('shop-by-code.mjs')]}
    ${'a CommonJS app, by code'}      | ${[appPath('shop-by-code.cjs')]}
    ${'an ESM app, by --import'}      | ${['--import', REGISTER, appPath('shop-registered.mjs')]}
    ${'a CommonJS app, by --import'}  | ${['--import', REGISTER, appPath('shop-registered.cjs')]}
    ${'an ESM app, by --require'}     | ${['--require', REGISTER, appPath('shop-registered.mjs')]}
    ${'a CommonJS app, by --require'} | ${['--require', REGISTER, appPath('shop-registered.cjs')]}
  `('$app sends one call with its client spans, counters and log events', async ({ args }) => {
    const { code, signal, stdout, stderr } = await startNode(args, env).ended;
    expect({ code, signal, stdout, stderr }).toEqual({ code: 0, signal: null, stdout: 'status 200, body stock\n', stderr: '' });

    const calls = receiver.spans.filter((span) => span.kind === INTERNAL);
    expect(calls).toMatchObject([
      {
        service: 'shop',
        name: 'get-stock',
        events: ['retry', 'retry', 'success'],
        statusCode: 0,
        attributes: { 'redress.policy': 'inventory' },
      },
    ]);
    const clients = receiver.spans.filter((span) => span.kind === CLIENT);
    expect(clients.map((span) => span.attributes['http.request.resend_count'])).toEqual([undefined, 1, 2]);
    expect(clients.map((span) => span.attributes['retry.attempt'])).toEqual([1, 2, 3]);
    expect(clients.map((span) => [span.traceId, span.parentSpanId])).toEqual(Array(3).fill([calls[0]?.traceId, calls[0]?.spanId]));

    expect(receiver.sum('redress.attempts')).toBe(3);
    expect(receiver.sum('redress.retries')).toBe(2);
    expect(receiver.sum('redress.retry.success_after_retries')).toBe(1);
    expect(receiver.logs).toMatchObject(
      Array(2).fill({
        severityText: 'INFO',
        traceId: calls[0]?.traceId,
        attributes: { 'redress.event': 'retry', operation: 'get-stock' },
      }),
    );
  });

  it('joins an SDK that runs already instead of starting a second one', async () => {
    const preloads = ['--require', appPath('running-sdk.cjs'), '--require', REGISTER];
    const { code, stderr } = await startNode([...preloads, appPath('shop-registered.cjs')], { ...env, OTEL_SERVICE_NAME: '' }).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(new Set(receiver.spans.map((span) => span.service))).toEqual(new Set(['started-by-user']));
    const clients = receiver.spans.filter((span) => span.kind === CLIENT);
    expect(clients.map((span) => span.attributes['http.request.resend_count'])).toEqual([undefined, 1, 2]);
    expect(receiver.sum('redress.attempts')).toBe(3);
  });

  it('is silent with OTEL_SDK_DISABLED', async () => {
    const { code, stdout, stderr } = await startNode(['--import', REGISTER, appPath('shop-registered.mjs')], {
      ...env,
      OTEL_SDK_DISABLED: 'true',
    }).ended;
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'status 200, body stock\n', stderr: '' });
    expect([...receiver.spans, ...receiver.points, ...receiver.logs]).toEqual([]);
  });

  it.each`
    variable                   | value           | spans | points | logs
    ${'OTEL_TRACES_EXPORTER'}  | ${'none'}       | ${0}  | ${3}   | ${2}
    ${'OTEL_METRICS_EXPORTER'} | ${'none'}       | ${4}  | ${0}   | ${2}
    ${'OTEL_LOGS_EXPORTER'}    | ${'none'}       | ${4}  | ${3}   | ${0}
    ${'OTEL_TRACES_EXPORTER'}  | ${'console'}    | ${0}  | ${3}   | ${2}
    ${'OTEL_TRACES_SAMPLER'}   | ${'always_off'} | ${0}  | ${3}   | ${2}
  `('obeys $variable=$value', async ({ variable, value, spans, points, logs }) => {
    const { code, stdout } = await startNode(['--import', REGISTER, appPath('shop-registered.mjs')], { ...env, [variable]: value }).ended;
    expect(code).toBe(0);
    expect(stdout.includes("'http.request.resend_count': 2")).toBe(value === 'console');
    expect({ spans: receiver.spans.length, points: receiver.sum('redress.attempts'), logs: receiver.logs.length }).toEqual({
      spans,
      points,
      logs,
    });
  });
});

describe('register without an SDK', () => {
  let home = '';

  // A project with nothing but the two packages and what they need.
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'redress-register-'));
    const root = join(__dirname, '../../../..');
    mkdirSync(join(home, 'node_modules/@redress'), { recursive: true });
    mkdirSync(join(home, 'node_modules/@opentelemetry'));
    for (const [name, folder] of [
      ['core', 'core'],
      ['instrumentation-resilience', 'instrumentation-resilience'],
    ] as const) {
      const to = join(home, 'node_modules/@redress', name);
      cpSync(join(root, 'packages', folder, 'dist'), join(to, 'dist'), { recursive: true });
      cpSync(join(root, 'packages', folder, 'package.json'), join(to, 'package.json'));
    }
    for (const name of ['api', 'instrumentation', 'semantic-conventions'])
      symlinkSync(join(root, 'node_modules/@opentelemetry', name), join(home, 'node_modules/@opentelemetry', name));
    writeFileSync(join(home, 'app.cjs'), "console.log('started');");
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it.each(['--import', '--require'])('%s says what to install', async (flag) => {
    const entry = pathToFileURL(join(home, 'node_modules/@redress/instrumentation-resilience/dist/cjs/register.js'));
    const args = [flag, flag === '--import' ? entry.href : fileURLToPath(entry), join(home, 'app.cjs')];
    const { code, stdout, stderr } = await startNode(args, { NODE_OPTIONS: '' }).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(
      '@redress/instrumentation-resilience/register starts NodeSDK and cannot find it: npm install @opentelemetry/sdk-node',
    );
  });
});

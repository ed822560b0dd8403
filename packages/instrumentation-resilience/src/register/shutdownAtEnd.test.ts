import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OtlpReceiver } from '../fixtures/OtlpReceiver.js';
import { appPath, startNode, type Child } from '../fixtures/runNode.js';

// Starting Node with an SDK takes a second on a busy machine.
jest.setTimeout(20_000);

const serving = (env: Record<string, string>): Child =>
  startNode(['--require', '@redress/instrumentation-resilience/register', appPath('serving.cjs')], env);

describe('the end of a registered process', () => {
  const receiver = new OtlpReceiver();
  let endpoint = '';
  const names = () => receiver.spans.map((span) => span.name);

  beforeAll(async () => {
    endpoint = await receiver.start();
  });
  beforeEach(() => receiver.clear());
  afterAll(() => receiver.stop());

  it.each(['SIGTERM', 'SIGINT'] as const)('%s sends what is pending and ends the process as it would have ended', async (signal) => {
    const child = serving({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
    await child.said('ready');
    child.kill(signal);
    expect(await child.ended).toMatchObject({ code: null, signal, stderr: '' });
    expect(names()).toEqual(['first-call']);
    expect(receiver.sum('redress.attempts')).toBe(1);
  });

  it.each`
    handler     | code | how
    ${'drains'} | ${0} | ${'runs out of work'}
    ${'exits'}  | ${3} | ${'awaits shutdown() and exits'}
  `('an application that handles SIGTERM itself and $how is seen to the end', async ({ handler, code }) => {
    const child = serving({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, HANDLER: handler });
    await child.said('ready');
    child.kill('SIGTERM');
    expect(await child.ended).toMatchObject({ code, signal: null, stderr: '' });
    expect(names()).toEqual(['first-call', 'last-call']);
    expect(receiver.sum('redress.attempts')).toBe(2);
  });

  it('an application that handles SIGTERM itself and just exits is seen up to the signal', async () => {
    const child = serving({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, HANDLER: 'leaves' });
    await child.said('ready');
    child.kill('SIGTERM');
    expect(await child.ended).toMatchObject({ code: 4, signal: null, stderr: '' });
    expect(names()).toEqual(['first-call']);
    expect(receiver.sum('redress.attempts')).toBe(1);
  });
});

describe('the end of a registered process whose collector hangs', () => {
  let hanging: Server;
  let env: Record<string, string> = {};

  beforeAll(async () => {
    hanging = createServer(() => undefined);
    await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
    env = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(hanging.address() as AddressInfo).port}` };
  });
  afterAll(() => {
    hanging.closeAllConnections();
    hanging.close();
  });

  it('SIGTERM ends it after the limit', async () => {
    const child = serving(env);
    await child.said('ready');
    child.kill('SIGTERM');
    const { signal, elapsedMs } = await child.ended;
    expect(signal).toBe('SIGTERM');
    expect(elapsedMs).toBeGreaterThan(4_900);
    expect(elapsedMs).toBeLessThan(9_000);
  });

  it('running out of work ends it after the limit, and tells what is lost', async () => {
    const args = ['--import', '@redress/instrumentation-resilience/register', appPath('shop-registered.mjs')];
    const { code, stderr, elapsedMs } = await startNode(args, { ...env, OTEL_LOG_LEVEL: 'WARN' }).ended;
    expect(code).toBe(0);
    expect(stderr).toContain('the SDK did not shut down cleanly, its last telemetry may be lost');
    expect(elapsedMs).toBeGreaterThan(4_900);
    expect(elapsedMs).toBeLessThan(9_000);
  });

  it('a second SIGTERM ends it at once', async () => {
    const requested = new Promise<void>((resolve) => hanging.once('request', () => resolve()));
    const child = serving(env);
    await child.said('ready');
    child.kill('SIGTERM');
    await requested;
    child.kill('SIGTERM');
    const { signal, elapsedMs } = await child.ended;
    expect(signal).toBe('SIGTERM');
    expect(elapsedMs).toBeLessThan(4_500);
  });
});

it('[telemetry.register-without-collector] a script that is done, without a collector, ends soon and says once what was lost', async () => {
  const unused = createServer();
  await new Promise<void>((resolve) => unused.listen(0, '127.0.0.1', resolve));
  const { port } = unused.address() as AddressInfo;
  await new Promise((resolve) => unused.close(resolve));
  const args = ['--require', '@redress/instrumentation-resilience/register', appPath('shop-registered.cjs')];
  const { code, stderr, elapsedMs } = await startNode(args, { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` }).ended;
  expect(code).toBe(0);
  expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(/its last telemetry may be lost \(.*ECONNREFUSED.*\)$/)]);
  // Half a second, and the start of Node with an SDK on a busy machine.
  expect(elapsedMs).toBeLessThan(4_500);
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OtlpReceiver } from '../fixtures/OtlpReceiver.js';
import { appPath, startNode, type Child } from '../fixtures/runNode.js';

// Starting Node with an SDK takes a second on a busy machine.
jest.setTimeout(20_000);

const crashing = (how: string, env: Record<string, string>): Child =>
  startNode(['--require', '@redress/instrumentation-resilience/register', appPath('crashing.cjs'), how], env);

describe('a registered process that dies of an exception nobody caught', () => {
  const receiver = new OtlpReceiver();
  let endpoint = '';

  beforeAll(async () => {
    endpoint = await receiver.start();
  });
  beforeEach(() => receiver.clear());
  afterAll(() => receiver.stop());

  it.each(['exception', 'rejection'])('sends what explains it first, and dies as it would have: %s', async (how) => {
    const { code, signal, stderr } = await crashing(how, { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }).ended;
    expect({ code, signal }).toEqual({ code: 1, signal: null });
    expect(stderr).toContain('Error: boom');
    expect(receiver.spans).toMatchObject([{ name: 'pay', attributes: { 'redress.outcome': 'failure' } }]);
    expect(receiver.sum('redress.attempts')).toBe(1);
  });

  it('leaves it to the application, where that has a listener, and sends what is pending', async () => {
    const { code } = await crashing('caught', { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }).ended;
    expect(code).toBe(9);
    expect(receiver.spans.length).toBeGreaterThan(0);
  });

  it('waits no more than a second for a collector that hangs', async () => {
    const hanging = createServer(() => undefined);
    await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
    const { port } = hanging.address() as AddressInfo;
    const startedAt = Date.now();
    const { code, stderr } = await crashing('exception', { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` }).ended;
    hanging.closeAllConnections();
    hanging.close();
    expect(code).toBe(1);
    expect(stderr).toContain('Error: boom');
    expect(Date.now() - startedAt).toBeLessThan(9_000);
  });
});

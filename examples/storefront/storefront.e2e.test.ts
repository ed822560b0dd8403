import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually, json, RunningDemo } from './RunningDemo.js';
import type { Drawing } from './src/receiver/drawTrace.js';
import type { PageState } from './src/receiver/PageState.js';

describe('the storefront, built and run', () => {
  let demo: RunningDemo;

  beforeAll(() => RunningDemo.mustBeBuilt());

  afterEach(() => demo.killIfRunning());

  it('shows a rescue, a budget that runs dry and a circuit that opens and closes, and ends within a second', async () => {
    demo = new RunningDemo(['--speed=4']);
    const page = await demo.url('Open this:');
    const headlines = new Set<string>();
    const states = new Set<string>();

    const [group, state] = await eventually('all that the demo promises', 45_000, async () => {
      const now = await json<PageState>(`${page}/api/state`);
      for (const trace of now.groups.flatMap(({ traces }) => traces)) {
        headlines.add(trace.headline);
      }
      for (const circuit of now.circuits.filter(({ name }) => name === 'payments')) {
        states.add(circuit.state);
      }
      const seen = [...headlines].join('\n');
      const promised = [
        /inventory get-stock succeeded at attempt [23] after 503/,
        /opened the circuit payments/,
        /closed the circuit payments/,
        /inventory.*no retry left/,
      ];
      const rescued = now.groups.find(({ kind }) => kind === 'rescued');
      return promised.every((each) => each.test(seen)) && rescued !== undefined ? [rescued, now] : undefined;
    });

    expect([...states]).toEqual(expect.arrayContaining(['closed', 'open']));
    expect(state.figures.map(({ values }) => values.length > 0)).toEqual([true, true, true, true, true, true]);
    expect(state.scrapeError).toBeUndefined();

    // A rescue, drawn: client spans under the call, the wait between them.
    const drawing = await json<Drawing>(`${page}/api/traces/${group.traces[0]?.traceId}`);
    const call = drawing.rows.findIndex(({ result }) => result === 'rescued');
    expect(drawing.rows[call]?.waits.length).toBeGreaterThan(0);
    expect(drawing.rows.slice(call + 1, call + 3).map(({ kind, label }) => [kind, label])).toEqual([
      ['attempt', 'attempt 1'],
      ['attempt', 'attempt 2'],
    ]);

    const ended = await demo.end('SIGINT');
    expect(ended).toMatchObject({ code: 0, signal: null });
    expect(ended.tookMs).toBeLessThan(1_000);
    expect(demo.output).toContain('The storefront has closed.');
    expect(demo.output).not.toContain('span ended after the SDK was shut down');
  }, 60_000);

  it('takes other ports when its own are taken, and says so', async () => {
    const taken = createServer();
    await once(taken.listen(0, '127.0.0.1'), 'listening');
    const { port } = taken.address() as AddressInfo;
    demo = new RunningDemo(['--no-load', `--page-port=${port}`, `--shop-port=${port}`, `--metrics-port=${port}`]);
    const [page, shop, metrics] = [await demo.url('Open this:'), await demo.url('shop'), await demo.url('metrics')];
    taken.close();
    for (const what of ['page', 'shop', 'metrics endpoint']) {
      expect(demo.output).toContain(`Port ${port} is taken: the ${what} is at port `);
    }
    expect(await (await fetch(page)).text()).toContain('<title>redress storefront</title>');
    expect(await json(`${shop}/products/7`)).toEqual({ product: '7', inStock: 7, price: 19.99 });
    expect(await (await fetch(`${metrics}/metrics`)).text()).toContain('redress_attempts_total{');
    expect(await demo.end('SIGTERM')).toMatchObject({ code: 0, signal: null });
  }, 20_000);

  it('ends in time when the collector it feeds cannot be reached', async () => {
    demo = new RunningDemo(['--speed=4'], { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' });
    await eventually('the second phase', 10_000, () => (demo.output.includes('2/7') ? true : undefined));
    expect(demo.output).toContain('also go to http://127.0.0.1:9 (OTEL_EXPORTER_OTLP_ENDPOINT)');
    const ended = await demo.end('SIGINT');
    expect(ended).toMatchObject({ code: 0, signal: null });
    expect(ended.tookMs).toBeLessThan(1_000);
    expect(demo.output).toContain('The storefront has closed.');
  }, 20_000);

  it('ends by itself after its duration', async () => {
    demo = new RunningDemo(['--duration=0.5', '--no-load']);
    expect(await demo.exited()).toEqual([0, null]);
  });

  it('says what is wrong with its command line', async () => {
    demo = new RunningDemo(['--speed=none']);
    expect((await demo.exited())[0]).toBe(2);
    expect(demo.output).toContain('--speed must be a number above 0, not "none"');
  });
});

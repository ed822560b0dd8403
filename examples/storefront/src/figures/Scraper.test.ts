import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Scraper } from './Scraper.js';

/** Serves 1, 2, 3 … at each scrape. */
async function startMetrics(status = 200) {
  let count = 0;
  const server = createServer((_, response) => response.writeHead(status).end(`x_total ${++count}\n`));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await once(server.close(), 'close');
  };
  return { url, stop };
}

describe('Scraper', () => {
  it.each([
    { atMs: [0], kept: [1], from: undefined, to: 1 },
    { atMs: [0, 1_000, 2_000], kept: [1, 2, 3], from: undefined, to: 3 },
    { atMs: [0, 1_000, 2_000, 3_000], kept: [1, 2, 3, 4], from: 1, to: 4 },
    { atMs: [0, 1_000, 2_000, 3_000, 4_000], kept: [2, 3, 4, 5], from: 2, to: 5 },
    { atMs: [0, 1_000, 2_000, 3_000, 4_100], kept: [2, 3, 4, 5], from: 2, to: 5 },
  ])('after scrapes at $atMs keeps $kept, a window from $from to $to', async ({ atMs, kept, from, to }) => {
    const metrics = await startMetrics();
    let nowMs = 0;
    const scraper = new Scraper(metrics.url, { everyMs: 1_000, windowMs: 3_000, now: () => nowMs });
    for (nowMs of atMs) {
      await scraper.scrape();
    }
    await metrics.stop();
    expect(scraper.scrapes.map(({ samples }) => samples[0]?.value)).toEqual(kept);
    expect([scraper.window().from?.samples[0]?.value, scraper.window().to?.samples[0]?.value]).toEqual([from, to]);
    expect(scraper.error).toBeUndefined();
  });

  it('keeps what it had, and says why it finds no more', async () => {
    const metrics = await startMetrics();
    const scraper = new Scraper(metrics.url);
    await scraper.scrape();
    await metrics.stop();
    await scraper.scrape();
    expect(scraper.scrapes).toHaveLength(1);
    expect(scraper.error).toContain('ECONNREFUSED');
  });

  it('does not take an error page for metrics', async () => {
    const metrics = await startMetrics(500);
    const scraper = new Scraper(metrics.url);
    await scraper.scrape();
    await metrics.stop();
    expect([scraper.scrapes, scraper.error]).toEqual([[], `${metrics.url} answered 500`]);
  });
});

import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Ended, startNode } from '../../packages/instrumentation-resilience/src/fixtures/runNode.js';

// The children make thousands of calls each; what hangs is killed by then.
jest.setTimeout(30_000);
const LIMIT_MS = 25_000;

const fixture = (name: string): string => join(__dirname, 'fixtures', name);

/** How calls end, five kinds of them in equal numbers, whatever becomes of their telemetry. */
const endings = (count: number): Record<string, number> => ({
  'stock after 1': count / 5,
  'stock after 2': count / 5,
  'MAX_ATTEMPTS_GLOBAL reset after 3': count / 5,
  'NON_RETRYABLE_CLASS no such article after 1': count / 5,
  'ABORTED left after 1': count / 5,
});

/** What the child wrote as JSON, once it has ended by itself and in time. */
function told(ended: Ended): { outcomes: unknown; grownBytes?: number; attempts?: number } {
  expect(ended).toMatchObject({ code: 0, signal: null });
  expect(ended.elapsedMs).toBeLessThan(20_000);
  return JSON.parse(ended.stdout);
}

describe('calls whose collector', () => {
  let server: Server | undefined;

  /** Where a server listens that takes each request so, or did listen. */
  async function collector(behaviour: 'is not there' | 'answers 503' | 'hangs'): Promise<string> {
    const made = createServer((request, response) => {
      request.resume();
      if (behaviour === 'answers 503') response.writeHead(503).end();
    });
    await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
    const { port } = made.address() as AddressInfo;
    if (behaviour === 'is not there') await new Promise((resolve) => made.close(resolve));
    else server = made;
    return `http://127.0.0.1:${port}`;
  }

  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    server = undefined;
  });

  it.each`
    behaviour         | loss
    ${'is not there'} | ${'ECONNREFUSED'}
    ${'answers 503'}  | ${'503|retryable|Service Unavailable'}
    ${'hangs'}        | ${'[Tt]ime'}
  `('[call.observers-cannot-break] $behaviour end as ever, keep nothing, and the loss is told', async ({ behaviour, loss }) => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: await collector(behaviour),
      // Shorter than the interval of metrics, as the defaults are: or there is always a request that keeps the process alive.
      OTEL_EXPORTER_OTLP_TIMEOUT: '150',
      OTEL_BSP_SCHEDULE_DELAY: '50',
      OTEL_BSP_MAX_QUEUE_SIZE: '512',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '128',
      OTEL_BLRP_SCHEDULE_DELAY: '50',
      OTEL_BLRP_MAX_QUEUE_SIZE: '512',
      OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: '128',
      OTEL_METRIC_EXPORT_INTERVAL: '400',
      OTEL_METRIC_EXPORT_TIMEOUT: '200',
      OTEL_LOG_LEVEL: 'WARN',
    };
    const args = ['--expose-gc', '--import', '@redress/instrumentation-resilience/register', fixture('exporting.mjs')];
    const ended = await startNode(args, env, LIMIT_MS).ended;
    const { outcomes, grownBytes } = told(ended);
    expect(outcomes).toEqual(endings(12_000));
    // 4,000 calls lie between the two: what each keeps of itself and its attempts would be seen from 250 bytes on.
    expect(grownBytes).toBeLessThan(1_000_000);
    expect(ended.stderr).toMatch(new RegExp(loss));
  });
});

it('[call.observers-cannot-break] calls whose scraper breaks off end as ever, and the next scrape shows them all', async () => {
  const ended = await startNode([fixture('scraped.mjs')], {}, LIMIT_MS).ended;
  expect(told(ended)).toEqual({ outcomes: endings(5_000), attempts: 8_000 });
});

it('[call.observers-cannot-break] calls beside which the SDK is shut down end as ever, and the loss is told', async () => {
  const ended = await startNode([fixture('shutDownMidway.mjs')], {}, LIMIT_MS).ended;
  expect(told(ended)).toEqual({ outcomes: endings(5_000) });
  expect(ended.stderr).toContain('a span ended after the SDK was shut down; it is lost');
});

it.each`
  part
  ${'span processor at the start'}
  ${'span processor at the end'}
  ${'span exporter'}
  ${'span exporter behind a batch'}
  ${'log record processor'}
  ${'log record exporter'}
  ${'metric exporter'}
  ${'call hook'}
`('[call.observer-throw-told] calls beside a broken $part end as ever, and it is told', async ({ part }) => {
  const ended = await startNode([fixture('throwing.mjs')], { PART: part }, LIMIT_MS).ended;
  expect(told(ended)).toEqual({ outcomes: endings(1_000) });
  expect(ended.stderr).toContain('broken part');
});

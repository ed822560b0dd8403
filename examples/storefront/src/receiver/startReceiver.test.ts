import type { Live } from './PageState.js';
import { startReceiver, type Receiver } from './startReceiver.js';
import { TraceStore } from './TraceStore.js';

const traceId = 'ab'.repeat(16);
const span = { traceId, spanId: 'cd'.repeat(8), name: 'x', startTimeUnixNano: '1000000', endTimeUnixNano: '2000000' };
const request = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
const json = { 'content-type': 'application/json' };
const live: Live = {
  now: undefined,
  circuits: [],
  upstreams: [],
  figures: [],
  scrapeError: undefined,
  metricsUrl: 'm',
  shopUrl: 's',
  tracesAlsoTo: undefined,
};

describe('startReceiver', () => {
  let receiver: Receiver;

  beforeEach(async () => {
    receiver = await startReceiver({
      port: 0,
      store: new TraceStore(),
      page: '<p>page</p>',
      files: new Map([['/page/a.css', { type: 'text/css', text: 'a {}' }]]),
    });
  });

  afterEach(() => receiver.stop());

  const ask = (path: string, init?: RequestInit) => fetch(`${receiver.url}${path}`, init);
  const send = (body: string, headers: Record<string, string> = json) => ask('/v1/traces', { method: 'POST', body, headers });

  it('serves its page, which may load nothing from elsewhere', async () => {
    const response = await ask('/');
    expect(await response.text()).toBe('<p>page</p>');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('serves what the page loads', async () => {
    const response = await ask('/page/a.css');
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      200,
      'text/css; charset=utf-8',
      'a {}',
    ]);
    expect((await ask('/page/b.css')).status).toBe(404);
    expect((await ask('/page/../package.json')).status).toBe(404);
  });

  it('keeps what it is sent, and draws it', async () => {
    expect((await send(request)).status).toBe(200);
    expect(await (await ask(`/api/traces/${traceId}`)).json()).toMatchObject({ traceId, durationMs: 1, rows: [{ label: 'x' }] });
    receiver.present(() => live);
    expect(await (await ask('/api/state')).json()).toMatchObject({ metricsUrl: 'm', groups: [{ kind: 'fine', count: 1 }] });
  });

  it('says that it is starting until it has something to present', async () => {
    expect((await ask('/api/state')).status).toBe(503);
  });

  it.each([
    { given: 'protobuf', body: request, headers: { 'content-type': 'application/x-protobuf' }, status: 415 },
    { given: 'no JSON', body: '{', headers: json, status: 400 },
    { given: 'no trace request', body: '{}', headers: json, status: 400 },
    { given: 'more than it reads', body: ' '.repeat(8 * 1_024 * 1_024 + 1), headers: json, status: 413 },
  ])('refuses $given', async ({ body, headers, status }) => {
    expect((await send(body, headers)).status).toBe(status);
  });

  it.each([
    { method: 'GET', path: '/favicon.ico', status: 404 },
    { method: 'GET', path: '/v1/metrics', status: 404 },
    { method: 'GET', path: '/constructor', status: 404 },
    { method: 'GET', path: `/api/traces/${'0'.repeat(32)}`, status: 404 },
    { method: 'GET', path: '/v1/traces', status: 405 },
    { method: 'POST', path: '/', status: 405 },
    { method: 'GET', path: '/?from=mail', status: 200 },
  ])('answers $method $path with $status', async ({ method, path, status }) => {
    expect((await ask(path, { method })).status).toBe(status);
  });
});

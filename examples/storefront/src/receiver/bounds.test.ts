import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { limits } from './limits.js';
import type { Live } from './PageState.js';
import { startReceiver, type Receiver } from './startReceiver.js';
import { TraceStore } from './TraceStore.js';

/** What anybody may send, and what must not come of it. */

const live: Live = {
  now: undefined,
  circuits: [],
  upstreams: [],
  figures: [],
  scrapeError: undefined,
  metricsUrl: '',
  shopUrl: '',
  tracesAlsoTo: undefined,
};
const id = (number: number): string => (number + 1).toString(16).padStart(32, '0');
const times = { startTimeUnixNano: '1000000', endTimeUnixNano: '2000000' };
const span = (fields: object = {}) => ({ traceId: id(0), spanId: '1'.repeat(16), ...times, ...fields });
const request = (spans: readonly object[]): string => JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
const many = (count: number, fields: (i: number) => object): object[] => Array.from({ length: count }, (_, i) => span(fields(i)));
const text = (length: number) => ({ value: { stringValue: 'x'.repeat(length) } });

describe('the receiver', () => {
  let receiver: Receiver;
  let store: TraceStore;

  beforeEach(async () => {
    store = new TraceStore();
    receiver = await startReceiver({ port: 0, store, page: 'page', bodyMs: 3_000 });
    receiver.present(() => live);
  });

  afterEach(() => receiver.stop());

  const send = (body: string | Buffer, headers: Record<string, string> = {}) =>
    fetch(`${receiver.url}/v1/traces`, {
      method: 'POST',
      body: new Uint8Array(Buffer.from(body)),
      headers: { 'content-type': 'application/json', ...headers },
    });

  it.each([
    { given: '6 MB of 50,000 traces', spans: many(50_000, (i) => ({ traceId: id(i) })) },
    {
      given: '50,000 spans of one trace',
      spans: many(50_000, (i) => ({ spanId: (i + 1).toString(16).padStart(16, '0'), parentSpanId: '1'.repeat(16) })),
    },
  ])(
    'serves others while it reads $given',
    async ({ spans }) => {
      const body = request(spans);
      expect(body.length).toBeGreaterThan(6e6);
      let longestMs = 0;
      let answers = 0;
      let reading = true;
      const asking = (async () => {
        while (reading) {
          const startMs = performance.now();
          await (await fetch(receiver.url)).text();
          longestMs = Math.max(longestMs, performance.now() - startMs);
          answers++;
        }
      })();
      const response = await send(body);
      reading = false;
      await asking;
      expect(response.status).toBe(200);
      expect(answers).toBeGreaterThan(3);
      expect(longestMs).toBeLessThan(1_500);
      expect(store.bytes).toBeLessThan(2e6);
      const { groups } = (await (await fetch(`${receiver.url}/api/state`)).json()) as { groups: { traces: unknown[] }[] };
      expect(groups.flatMap(({ traces }) => traces).length).toBeGreaterThan(0);
    },
    60_000,
  );

  it.each([
    { given: 'an infinite time', fields: { startTimeUnixNano: `1${'0'.repeat(400)}`, endTimeUnixNano: `1${'0'.repeat(401)}` } },
    { given: 'a time of a million digits', fields: { endTimeUnixNano: '9'.repeat(1e6) } },
    { given: 'a time above 64 bits', fields: { endTimeUnixNano: '18446744073709551616' } },
    { given: 'a negative time', fields: { startTimeUnixNano: '-1' } },
    { given: 'NaN for a time', fields: { startTimeUnixNano: 'NaN' } },
    { given: 'an event at an infinite time', fields: { events: [{ name: 'retry', timeUnixNano: 1e300 }] } },
    { given: 'an id that is too long', fields: { traceId: 'a'.repeat(33) } },
    { given: 'an id that is an object', fields: { spanId: {} } },
  ])('refuses $given, and takes the spans beside it', async ({ fields }) => {
    expect((await send(request([span(fields)]))).status).toBe(400);
    const partly = await send(request([span(), span(fields)]));
    expect([partly.status, await partly.json()]).toEqual([
      200,
      { partialSuccess: { rejectedSpans: '1', errorMessage: expect.stringContaining('not an OTLP trace request') } },
    ]);
    expect(store.spans(id(0))).toHaveLength(1);
  });

  it.each([
    { given: 'infinite numbers', value: { doubleValue: 'Infinity' }, kept: 'Infinity' },
    { given: 'NaN', value: { doubleValue: 'NaN' }, kept: 'NaN' },
    { given: 'an integer of 400 digits', value: { intValue: '9'.repeat(400) }, kept: 'NaN' },
    { given: 'a long text', value: text(2e6).value, kept: expect.stringMatching(/^x{1023}…$/) },
    { given: 'a long list', value: { arrayValue: { values: Array(1e5).fill({ intValue: 1 }) } }, kept: Array(limits.elements).fill(1) },
    { given: 'an object for a number', value: { intValue: {} }, kept: 0 },
  ])('keeps of $given what it can show', async ({ value, kept }) => {
    expect((await send(request([span({ attributes: [{ key: 'a', value }] })]))).status).toBe(200);
    expect(store.spans(id(0))[0]?.attributes['a']).toEqual(kept);
  });

  it('keeps a bounded number of bytes, however much each span carries', async () => {
    store = new TraceStore({ maxBytes: 1e6 });
    const attributes = Array.from({ length: 500 }, (_, i) => ({ key: `${i}`, ...text(1_000) }));
    const events = Array.from({ length: 100 }, () => ({ name: 'e'.repeat(1_000), timeUnixNano: '1' }));
    const small = await startReceiver({ port: 0, store, page: '' });
    for (let i = 0; i < 4; i++) {
      const body = request(many(10, (j) => ({ traceId: id(10 * i + j), attributes, events })));
      await fetch(`${small.url}/v1/traces`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    }
    await small.stop();
    expect(store.bytes).toBeLessThanOrEqual(1e6);
    expect(store.bytes).toBeGreaterThan(0);
  });

  it('forgets all bytes of what it forgets', () => {
    const tiny = new TraceStore({ maxBytes: 0 });
    tiny.add([]);
    expect(tiny.bytes).toBe(0);
  });

  it.each([
    { given: 'JSON nested a million deep', body: '['.repeat(1e6), status: 400 },
    { given: 'lists nested in an attribute', body: request([span({ a: JSON.parse(`${'['.repeat(80)}${']'.repeat(80)}`) })]), status: 400 },
    { given: 'brackets in a text', body: request([span({ name: `\\"${'[{'.repeat(1_000)}` })]), status: 200 },
    { given: 'no list of spans', body: '{"resourceSpans":[{"scopeSpans":[{"spans":{}}]}]}', status: 200 },
    { given: 'empty resources without end', body: `{"resourceSpans":[${'{},'.repeat(2e5)}{}]}`, status: 200 },
  ])('answers $given with $status', async ({ body, status }) => {
    expect((await send(body)).status).toBe(status);
  });

  it.each([
    { given: 'what gzip packed', body: gzipSync(request([span()])), encoding: 'gzip', status: 200 },
    { given: 'a gzip bomb', body: gzipSync(Buffer.alloc(200 * 1_024 * 1_024, ' ')), encoding: 'gzip', status: 413 },
    { given: 'broken gzip', body: Buffer.from('nothing'), encoding: 'gzip', status: 400 },
    { given: 'another encoding', body: Buffer.from('{}'), encoding: 'br', status: 415 },
  ])('answers $given with $status', async ({ body, encoding, status }) => {
    expect((await send(body, { 'content-encoding': encoding })).status).toBe(status);
  });

  it('takes no more bytes at once than it has room for, and takes them again later', async () => {
    const body = ' '.repeat(limits.bodyBytes - 2);
    const statuses = await Promise.all(
      Array.from({ length: 8 }, () =>
        send(`${body}{}`).then(
          ({ status }) => status,
          () => 'cut off',
        ),
      ),
    );
    expect(statuses.every((status) => [400, 503, 'cut off'].includes(status))).toBe(true);
    expect((await send(request([span()]))).status).toBe(200);
  }, 60_000);

  it('does not wait for ever for a body', async () => {
    const socket = connect(receiver.port, '127.0.0.1');
    socket.write('POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{');
    const answer = await new Promise<string>((resolve) => {
      let said = '';
      socket.on('data', (chunk) => {
        said += chunk.toString();
      });
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(said));
    });
    expect(answer).toContain('408');
  }, 30_000);

  it.each([
    {
      given: 'a trace whose spans are each other’s parents',
      spans: [span({ parentSpanId: '2'.repeat(16) }), span({ spanId: '2'.repeat(16), parentSpanId: '1'.repeat(16) })],
    },
    { given: 'a span that is its own parent', spans: [span({ parentSpanId: '1'.repeat(16) })] },
  ])('has nothing to draw of $given', async ({ spans }) => {
    expect((await send(request(spans))).status).toBe(200);
    expect((await fetch(`${receiver.url}/api/traces/${id(0)}`)).status).toBe(404);
  });
});

describe('the story', () => {
  it.each([
    { body: { to: 'hold' }, status: 200 },
    { body: { to: 'go-on' }, status: 200 },
    { body: { to: 'play', step: 3 }, status: 200 },
    { body: { to: 'play' }, status: 400 },
    { body: { to: 'play', step: 0.5 }, status: 400 },
    { body: { to: 'elsewhere' }, status: 400 },
    { body: null, status: 400 },
  ])('is directed by $body: $status', async ({ body, status }) => {
    const directions: object[] = [];
    const receiver = await startReceiver({ port: 0, store: new TraceStore(), page: '' });
    const ask = (type: string) =>
      fetch(`${receiver.url}/api/story`, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': type } });
    expect((await ask('application/json')).status).toBe(409);
    receiver.present(
      () => live,
      (direction) => directions.push(direction),
    );
    // A form of another page can send this without asking.
    expect((await ask('text/plain')).status).toBe(415);
    expect((await ask('application/json')).status).toBe(status);
    expect(directions).toEqual(status === 200 ? [body] : []);
    await receiver.stop();
  });
});

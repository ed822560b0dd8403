import { drawTrace } from './drawTrace.js';
import { exampleCall, exampleEvent as event, exampleSpan } from './exampleSpans.js';

/** A request whose call is rescued at its second attempt after a wait of 0.2 s. */
const root = exampleSpan({ startMs: 1_000, endMs: 1_300 });
const call = exampleCall('success', 2, {
  parentSpanId: root.spanId,
  startMs: 1_001,
  endMs: 1_299,
  events: [
    event('retry', 1_020, { 'retry.attempt': 1, 'error.class': 'SERVER_ERROR', 'error.type': '503', 'redress.backoff.delay': 0.2 }),
    event('success', 1_298, { 'retry.attempt': 2 }),
  ],
  links: [{ traceId: 'f'.repeat(32), spanId: '9'.repeat(16) }],
});
const attempt = (number: number, startMs: number, status: number) =>
  exampleSpan({
    spanId: String(number + 2).repeat(16),
    parentSpanId: call.spanId,
    name: 'GET',
    kind: 'client',
    startMs,
    endMs: startMs + 15,
    failed: status >= 400,
    attributes: { 'http.response.status_code': status, ...(number > 1 ? { 'http.request.resend_count': number - 1 } : {}) },
  });
const spans = [attempt(2, 1_222, 200), call, attempt(1, 1_003, 503), root];

describe('drawTrace', () => {
  const drawing = drawTrace(spans);

  it('is one picture of one request', () => {
    expect(drawing).toMatchObject({ name: 'GET /products/:id', service: 'storefront', startMs: 1_000, durationMs: 300, kind: 'rescued' });
  });

  it('has a row per span, parents first, children by time', () => {
    expect(
      drawing?.rows.map(({ depth, kind, label, result, tone, startMs, durationMs }) => [
        depth,
        kind,
        label,
        result,
        tone,
        startMs,
        durationMs,
      ]),
    ).toEqual([
      [0, 'span', 'GET /products/:id', 'ok', 'plain', 0, 300],
      [1, 'call', 'inventory get-stock', 'rescued', 'good', 1, 298],
      [2, 'attempt', 'attempt 1', '503', 'bad', 3, 15],
      [2, 'attempt', 'attempt 2', '200', 'good', 222, 15],
    ]);
  });

  it('draws the wait, the events and the links on the row of the call', () => {
    const row = drawing?.rows[1];
    expect(row?.waits).toEqual([{ startMs: 20, durationMs: 200, label: 'waits 0.20 s' }]);
    expect(row?.marks.map(({ atMs, tone }) => [atMs, tone])).toEqual([
      [20, 'wait'],
      [298, 'good'],
    ]);
    expect(row?.links).toEqual(call.links);
  });

  it('tells what happened in order', () => {
    expect(drawing?.story.map(({ atMs, call: of, what }) => `${atMs} ${of}: ${what}`)).toEqual([
      '3 inventory get-stock: attempt 1: 503 in 15 ms',
      '20 inventory get-stock: retry: attempt 1 ended in 503, waits 0.20 s',
      '222 inventory get-stock: attempt 2: 200 in 15 ms',
      '298 inventory get-stock: success at attempt 2',
    ]);
  });

  it('tells what led to an attempt before it, though a span begins on a whole millisecond and an event does not', () => {
    const probe = exampleCall('success', 1, {
      parentSpanId: root.spanId,
      startMs: 1_000,
      endMs: 1_020,
      events: [event('circuit_half_open', 1_000.4, { 'circuit.name': 'inventory' }), event('success', 1_019.5, { 'retry.attempt': 1 })],
    });
    expect(drawTrace([root, probe, attempt(1, 1_000, 200)])?.story.map(({ what }) => what)).toEqual([
      'circuit inventory is half open: this call is its probe',
      'attempt 1: 200 in 15 ms',
      'success at attempt 1',
    ]);
  });

  it('draws what has come while the parent is still running', () => {
    expect(drawTrace([attempt(1, 5, 503)])?.rows.map(({ depth, kind, label }) => [depth, kind, label])).toEqual([[0, 'span', 'GET']]);
  });

  it('cuts a wait off where the call ended', () => {
    const aborted = exampleCall('aborted', 1, { startMs: 0, endMs: 50, events: [event('retry', 40, { 'redress.backoff.delay': 5 })] });
    expect(drawTrace([aborted])?.rows[0]?.waits).toEqual([{ startMs: 40, durationMs: 10, label: 'waits 5.00 s' }]);
  });

  it('draws nothing of nothing', () => {
    expect(drawTrace([])).toBeUndefined();
  });

  it("does not hang on spans that are each other's parents", () => {
    const a = exampleSpan({ spanId: '1'.repeat(16), parentSpanId: '2'.repeat(16) });
    const b = exampleSpan({ spanId: '2'.repeat(16), parentSpanId: '1'.repeat(16) });
    expect(drawTrace([a, b])).toBeUndefined();
  });

  it.each([
    { given: 'a good answer', attributes: { 'http.response.status_code': 200 }, failed: false, type: undefined, result: '200' },
    {
      given: 'a bad answer',
      attributes: { 'http.response.status_code': 503, 'error.type': '503' },
      failed: true,
      type: undefined,
      result: '503',
    },
    { given: 'no answer', attributes: { 'error.type': '_OTHER' }, failed: true, type: 'ECONNRESET', result: 'ECONNRESET' },
    {
      given: 'a body that broke off',
      attributes: { 'http.response.status_code': 200 },
      failed: true,
      type: 'AbortError',
      result: '200, cut off',
    },
    { given: 'an error without a name', attributes: {}, failed: true, type: undefined, result: 'error' },
  ])('says what came of $given', ({ attributes, failed, type, result }) => {
    const events = type === undefined ? [] : [event('exception', 1, { 'exception.type': type })];
    expect(drawTrace([exampleSpan({ attributes, failed, events })])?.rows[0]?.result).toBe(result);
  });
});

import { decodeTraces as decodeSlices } from './decodeTraces.js';

/** All slices in one; throws what the first refused span is refused for. */
const decodeTraces = (payload: unknown) =>
  [...decodeSlices(payload)].flatMap(({ spans, reason }) => {
    if (reason !== undefined) throw new TypeError(reason);
    return spans;
  });

const ids = { traceId: '5b8efff798038103d269b633813fc60c', spanId: 'eee19b7ec3c1b174' };
const times = { startTimeUnixNano: '1544712660000000000', endTimeUnixNano: '1544712661234567891' };

const request = (span: object, resource: object = {}) => ({
  resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'x' }, spans: [{ ...ids, ...times, ...span }] }] }],
});

describe('decodeTraces', () => {
  it('reads a span with everything', () => {
    const span = {
      parentSpanId: 'EEE19B7EC3C1B173',
      name: 'get-stock',
      kind: 3,
      status: { code: 2, message: 'MAX_ATTEMPTS_GLOBAL' },
      attributes: [{ key: 'operation', value: { stringValue: 'get-stock' } }],
      events: [{ name: 'retry', timeUnixNano: 1544712660500000000, attributes: [{ key: 'retry.attempt', value: { intValue: '1' } }] }],
      links: [{ traceId: ids.traceId, spanId: 'eee19b7ec3c1b172' }],
      droppedEventsCount: 0,
    };
    expect(decodeTraces(request(span, { attributes: [{ key: 'service.name', value: { stringValue: 'storefront' } }] }))).toEqual([
      {
        ...ids,
        parentSpanId: 'eee19b7ec3c1b173',
        name: 'get-stock',
        kind: 'client',
        service: 'storefront',
        startMs: 1544712660000,
        endMs: 1544712661234.567,
        failed: true,
        statusMessage: 'MAX_ATTEMPTS_GLOBAL',
        attributes: { operation: 'get-stock' },
        events: [{ name: 'retry', atMs: 1544712660500, attributes: { 'retry.attempt': 1 } }],
        links: [{ traceId: ids.traceId, spanId: 'eee19b7ec3c1b172' }],
      },
    ]);
  });

  it('reads a span with nothing but what it must have', () => {
    expect(decodeTraces(request({}))).toEqual([
      expect.objectContaining({
        parentSpanId: undefined,
        name: '',
        kind: 'internal',
        service: 'unknown_service',
        failed: false,
        attributes: {},
        events: [],
        links: [],
      }),
    ]);
  });

  it.each([
    { value: { stringValue: '' }, decoded: '' },
    { value: { boolValue: false }, decoded: false },
    { value: { intValue: '42' }, decoded: 42 },
    { value: { intValue: 0 }, decoded: 0 },
    { value: { doubleValue: 0.25 }, decoded: 0.25 },
    { value: { arrayValue: { values: [{ stringValue: 'a' }, { intValue: 1 }] } }, decoded: ['a', 1] },
    { value: { arrayValue: {} }, decoded: [] },
    { value: { kvlistValue: { values: [] } }, decoded: undefined },
    { value: undefined, decoded: undefined },
  ])('reads the attribute value $value', ({ value, decoded }) => {
    const [span] = decodeTraces(request({ attributes: [{ key: 'a', value }] }));
    expect(span?.attributes).toEqual(decoded === undefined ? {} : { a: decoded });
  });

  it.each([
    { payload: undefined, says: 'resourceSpans is missing' },
    { payload: [], says: 'resourceSpans is missing' },
    { payload: { resourceSpans: 'x' }, says: 'resourceSpans is missing' },
    { payload: request({ traceId: 'W47/95gDgQPSabYzgT/GDA==' }), says: 'traceId is "W47/95gDgQPSabYzgT/GDA=="' },
    { payload: request({ spanId: undefined }), says: 'spanId is undefined' },
    { payload: request({ endTimeUnixNano: undefined }), says: 'a time is undefined' },
    { payload: request({ endTimeUnixNano: 'soon' }), says: 'a time is "soon"' },
  ])('refuses a request whose $says', ({ payload, says }) => {
    expect(() => decodeTraces(payload)).toThrow(says);
  });

  it('takes an empty request for no spans', () => {
    expect(decodeTraces({ resourceSpans: [{}, { scopeSpans: [{}] }] })).toEqual([]);
  });
});

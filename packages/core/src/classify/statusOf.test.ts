import { classOfStatus, statusOf } from './statusOf.js';

describe('statusOf', () => {
  it.each([
    { given: 'status', error: { status: 503 }, then: 503 },
    { given: 'statusCode', error: { statusCode: 429 }, then: 429 },
    { given: 'response.status', error: { response: { status: 404 } }, then: 404 },
    { given: 'response.statusCode', error: { response: { statusCode: 500 } }, then: 500 },
    { given: '$metadata.httpStatusCode', error: { $metadata: { httpStatusCode: 502 } }, then: 502 },
    { given: 'status before all others', error: { status: 400, statusCode: 401, response: { status: 402, statusCode: 403 } }, then: 400 },
    { given: 'statusCode before the response', error: { statusCode: 401, response: { status: 402, statusCode: 403 } }, then: 401 },
    { given: 'response.status before response.statusCode', error: { response: { status: 402, statusCode: 403 } }, then: 402 },
    { given: 'the response before $metadata', error: { response: { statusCode: 403 }, $metadata: { httpStatusCode: 500 } }, then: 403 },
    { given: 'the next place when one does not tell of a failure', error: { status: 200, statusCode: 503 }, then: 503 },
    { given: 'the next place when one is no number', error: { status: 'error', response: { status: 503 } }, then: 503 },
    { given: 'the lowest', error: { status: 400 }, then: 400 },
    { given: 'the highest', error: { status: 599 }, then: 599 },
    { given: 'a redirect', error: { status: 399 }, then: undefined },
    { given: 'no HTTP status', error: { status: 600 }, then: undefined },
    { given: 'NaN', error: { status: Number.NaN }, then: undefined },
    { given: 'a status as text', error: { status: '503' }, then: undefined },
    { given: 'a gRPC code', error: { code: 14 }, then: undefined },
    { given: 'null', error: null, then: undefined },
    { given: 'a string', error: 'status', then: undefined },
  ])('[classify.http-status] reads $given: $then', ({ error, then }) => {
    expect(statusOf(error)).toBe(then);
  });
});

describe('classOfStatus', () => {
  /** Of an error, for a status that is not read has no class. */
  const classOf = (error: object) => {
    const status = statusOf(error);
    return status === undefined ? undefined : classOfStatus(status);
  };

  it.each([
    { rule: 'classify.status-4xx', status: 400, then: 'PERMANENT' },
    { rule: 'classify.status-401-403', status: 401, then: 'AUTH' },
    { rule: 'classify.status-4xx', status: 402, then: 'PERMANENT' },
    { rule: 'classify.status-401-403', status: 403, then: 'PERMISSION' },
    { rule: 'classify.status-4xx', status: 404, then: 'PERMANENT' },
    { rule: 'classify.status-4xx', status: 407, then: 'PERMANENT' },
    { rule: 'classify.status-transient', status: 408, then: 'TRANSIENT' },
    { rule: 'classify.status-409', status: 409, then: 'CONCURRENCY' },
    { rule: 'classify.status-4xx', status: 410, then: 'PERMANENT' },
    { rule: 'classify.status-4xx', status: 422, then: 'PERMANENT' },
    { rule: 'classify.status-transient', status: 425, then: 'TRANSIENT' },
    { rule: 'classify.status-429', status: 429, then: 'RATE_LIMIT' },
    { rule: 'classify.status-4xx', status: 499, then: 'PERMANENT' },
    { rule: 'classify.status-5xx', status: 500, then: 'SERVER_ERROR' },
    { rule: 'classify.status-5xx', status: 501, then: 'SERVER_ERROR' },
    { rule: 'classify.status-5xx', status: 503, then: 'SERVER_ERROR' },
    { rule: 'classify.status-5xx', status: 599, then: 'SERVER_ERROR' },
  ])('[$rule] $status is $then', ({ status, then }) => {
    expect(classOf({ status })).toBe(then);
  });

  it('[classify.status-4xx] any other status from 400 to 499 is PERMANENT, and [classify.status-5xx] any from 500 SERVER_ERROR', () => {
    const special = [401, 403, 408, 409, 425, 429];
    for (let status = 400; status < 600; status++) {
      if (!special.includes(status)) expect([status, classOf({ status })]).toEqual([status, status < 500 ? 'PERMANENT' : 'SERVER_ERROR']);
    }
  });
});

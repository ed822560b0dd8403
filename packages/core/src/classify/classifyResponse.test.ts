import { classifyResponse } from './classifyResponse.js';
import { hostileErrors } from './fixtures/hostileErrors.js';

const headers = { 'Retry-After': '2' };

describe('classifyResponse', () => {
  it.each([
    { status: 408, then: { errorClass: 'TRANSIENT' } },
    { status: 425, then: { errorClass: 'TRANSIENT' } },
    { status: 429, then: { errorClass: 'RATE_LIMIT', retryAfterMs: 2_000 } },
    { status: 500, then: { errorClass: 'SERVER_ERROR' } },
    { status: 502, then: { errorClass: 'SERVER_ERROR' } },
    { status: 503, then: { errorClass: 'SERVER_ERROR', retryAfterMs: 2_000 } },
    { status: 599, then: { errorClass: 'SERVER_ERROR' } },
  ])('[classify.response-failure] [classify.retry-after-statuses] a Response of $status is $then', ({ status, then }) => {
    expect(classifyResponse(new Response(null, { status, headers }))).toEqual(then);
  });

  it.each([200, 204, 301, 400, 401, 403, 404, 407, 409, 410, 422, 424, 426, 428, 430, 499])(
    '[classify.response-success] a Response of %s is fine',
    (status) => {
      expect(classifyResponse(new Response(null, { status, headers }))).toBeUndefined();
    },
  );

  it.each([
    { given: 'a status without headers', result: { status: 503 } },
    { given: 'headers that cannot be asked', result: { status: 503, headers: { 'retry-after': '2' } } },
    { given: 'a status as text', result: { status: '503', headers: new Headers() } },
    { given: 'a status that is none', result: { status: 600, headers: new Headers() } },
    { given: 'a status of NaN', result: { status: Number.NaN, headers: new Headers() } },
    { given: 'headers without a status', result: { headers: new Headers() } },
    ...hostileErrors.map(({ given, error }) => ({ given, result: error })),
  ])('[classify.response-success] $given is fine', ({ result }) => {
    expect(classifyResponse(result)).toBeUndefined();
  });

  it('[classify.response-failure] knows what looks like a Response', () => {
    expect(classifyResponse({ status: 503, headers: { get: () => '1.5' } })).toEqual({ errorClass: 'SERVER_ERROR', retryAfterMs: 1_500 });
  });
});

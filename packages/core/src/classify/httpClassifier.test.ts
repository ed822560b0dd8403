import { HttpResponseError, PermanentError } from '../model/errors/index.js';
import { hostileErrors } from './fixtures/hostileErrors.js';
import { httpClassifier } from './httpClassifier.js';

describe('httpClassifier', () => {
  it.each([
    {
      given: 'an HttpResponseError',
      error: new HttpResponseError({ status: 429, headers: { 'retry-after': '3' } }),
      then: { errorClass: 'RATE_LIMIT', retryAfterMs: 3_000 },
    },
    { given: 'a status on a cause', error: new Error('x', { cause: { response: { status: 403 } } }), then: { errorClass: 'PERMISSION' } },
    {
      given: 'a status inside an AggregateError',
      error: new AggregateError([new Error(), { statusCode: 500 }]),
      then: { errorClass: 'SERVER_ERROR' },
    },
    { given: 'a status on a marker', error: new PermanentError('x', { status: 503 }), then: { errorClass: 'SERVER_ERROR' } },
    { given: 'a marker', error: new PermanentError(), then: undefined },
    { given: 'a code', error: { code: 'ECONNRESET' }, then: undefined },
    { given: 'a name', error: new TypeError('fetch failed'), then: undefined },
  ])('$given: $then', ({ error, then }) => {
    expect(httpClassifier(error)).toEqual(then);
  });

  it.each(hostileErrors)('[classify.hostile] leaves $given to the default rule', ({ error }) => {
    expect(httpClassifier(error)).toBeUndefined();
  });
});

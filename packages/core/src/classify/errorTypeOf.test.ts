import { DeadlineExceededError, HttpResponseError, RateLimitError, RetryScheduledError } from '../model/errors/index.js';
import { errorTypeOf } from './errorTypeOf.js';
import { deepError, hostileErrors } from './fixtures/hostileErrors.js';

describe('errorTypeOf', () => {
  it.each([
    { given: 'a status', error: new HttpResponseError({ status: 503 }), then: '503' },
    { given: 'the status of a marker', error: new RateLimitError('x', { status: 429 }), then: '429' },
    { given: 'a marker without a status', error: new RateLimitError(), then: 'RateLimitError' },
    { given: 'a status on a cause', error: new Error('x', { cause: { statusCode: 404 } }), then: '404' },
    { given: 'a status 99 causes down', error: deepError(99, { status: 500 }), then: '500' },
    { given: 'a status that is no failure', error: Object.assign(new Error(), { status: 200 }), then: 'Error' },
    {
      given: 'our own error, not what it was caused by',
      error: new DeadlineExceededError({ timeoutMs: 1, cause: { status: 503 } }),
      then: 'DeadlineExceededError',
    },
    {
      given: 'an error around one of our own',
      error: new Error('x', { cause: new RetryScheduledError({ nextDelayMs: 1, attempts: 1, cause: { status: 503 } }) }),
      then: 'Error',
    },
    { given: 'a code on a cause', error: new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } }), then: 'ECONNREFUSED' },
    { given: 'a class', error: new TypeError('fetch failed'), then: 'TypeError' },
    { given: 'what fetch wrapped', error: new TypeError('fetch failed', { cause: { name: 'HTTPParserError' } }), then: 'HTTPParserError' },
    {
      given: 'what fetch wrapped, without a name',
      error: new TypeError('fetch failed', { cause: new Error('bad port') }),
      then: 'TypeError',
    },
    { given: 'a bug, not its cause', error: new TypeError('x', { cause: { name: 'HTTPParserError' } }), then: 'TypeError' },
    { given: 'the code of a client', error: { code: '40001', severity: 'ERROR' }, then: '40001' },
    { given: 'the name of a status of gRPC', error: { code: 14, details: '' }, then: 'UNAVAILABLE' },
    {
      given: 'the name that AWS gives',
      error: { name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } },
      then: 'ThrottlingException',
    },
    { given: 'a status before a code', error: { status: 503, code: 'E_BUSY' }, then: '503' },
    { given: 'a code that nobody knows', error: Object.assign(new Error(), { code: 'E_STOCK' }), then: 'E_STOCK' },
    { given: 'no code that is a text', error: Object.assign(new Error(), { code: 'not a code' }), then: 'Error' },
    { given: 'an abort', error: Object.assign(new Error(), { name: 'AbortError', code: 'ABORT_ERR' }), then: 'AbortError' },
    { given: 'a redirect', error: new HttpResponseError({ status: 304 }), then: '304' },
    { given: 'a class of its own', error: new (class OutOfStock extends Error {})(), then: 'OutOfStock' },
    { given: 'a name', error: new DOMException('late', 'TimeoutError'), then: 'TimeoutError' },
    { given: 'a class without a name', error: new (class extends Error {})(), then: 'object' },
    { given: 'an object', error: { why: 'not' }, then: 'Object' },
    { given: 'an object without a prototype', error: Object.create(null), then: 'object' },
    { given: 'a string', error: 'failed', then: 'string' },
    { given: 'a number', error: 503, then: 'number' },
    { given: 'undefined', error: undefined, then: 'undefined' },
    { given: 'null', error: null, then: 'null' },
    { given: 'a function', error: () => 0, then: 'function' },
    { given: 'a promise', error: Promise.resolve(), then: 'Promise' },
    { given: 'a name that is a text', error: { name: 'n'.repeat(101) }, then: 'n'.repeat(100) },
  ])('[classify.error-type] $given: $then', ({ error, then }) => {
    expect(errorTypeOf(error)).toBe(then);
  });

  it.each(hostileErrors)('[classify.hostile] names $given', ({ error }) => {
    expect(errorTypeOf(error)).toMatch(/^\w+$/);
  });
});

import {
  AbortRetryError,
  AttemptTimeoutError,
  ConcurrencyError,
  DeadlineExceededError,
  HttpResponseError,
  PermanentError,
  RateLimitError,
  RetryExhaustedError,
  RetryScheduledError,
  ServerError,
} from '../model/errors/index.js';
import { CircuitOpenError } from '../gates/breaker/CircuitOpenError.js';
import { defaultClassifier } from './defaultClassifier.js';
import { deepError, hostileErrors } from './fixtures/hostileErrors.js';
import { strictClassifier } from './strictClassifier.js';

const withProps = (properties: object, error: Error = new Error('failed')) => Object.assign(error, properties);
const caused = (cause: unknown, properties: object = {}) => withProps(properties, new Error('outer', { cause }));
const hostile = () => {
  throw new Error('hostile');
};

describe.each([
  { classifier: 'defaultClassifier', classify: defaultClassifier },
  { classifier: 'strictClassifier', classify: strictClassifier },
])('$classifier', ({ classify }) => {
  it.each([
    { error: new PermanentError(), then: { errorClass: 'PERMANENT' } },
    { error: new RateLimitError(), then: { errorClass: 'RATE_LIMIT' } },
    { error: new RateLimitError('slow down', { retryAfterMs: 1_500 }), then: { errorClass: 'RATE_LIMIT', retryAfterMs: 1_500 } },
    { error: new RateLimitError('at once', { retryAfterMs: 0 }), then: { errorClass: 'RATE_LIMIT', retryAfterMs: 0 } },
    { error: new RateLimitError('?', { retryAfterMs: -1 }), then: { errorClass: 'RATE_LIMIT' } },
    { error: new RateLimitError('?', { retryAfterMs: Number.NaN }), then: { errorClass: 'RATE_LIMIT' } },
    { error: new ConcurrencyError('lost', { retryAfterMs: 5 }), then: { errorClass: 'CONCURRENCY', retryAfterMs: 5 } },
    { error: new ServerError('down', { retryAfterMs: 9 }), then: { errorClass: 'SERVER_ERROR', retryAfterMs: 9 } },
    { error: new PermanentError('gone', { status: 503, cause: withProps({ status: 429 }) }), then: { errorClass: 'PERMANENT' } },
    { error: withProps({ code: 'ECONNRESET', status: 500 }, new PermanentError()), then: { errorClass: 'PERMANENT' } },
    { error: new AbortRetryError(), then: { errorClass: 'PERMANENT' } },
    { error: new (class OutOfStock extends ConcurrencyError {})(), then: { errorClass: 'CONCURRENCY' } },
    { error: caused(new PermanentError()), then: { errorClass: 'PERMANENT' } },
  ])('[classify.markers] $error.name is $then', ({ error, then }) => {
    expect(classify(error)).toEqual(then);
  });

  it.each([
    { error: new AttemptTimeoutError({ timeoutMs: 1, attempt: 1 }), then: { errorClass: 'TRANSIENT' } },
    { error: new DeadlineExceededError({ timeoutMs: 1, cause: new PermanentError() }), then: { errorClass: 'TRANSIENT' } },
    { error: new DOMException('The operation was aborted due to timeout', 'TimeoutError'), then: { errorClass: 'TRANSIENT' } },
    { error: withProps({ name: 'TimeoutError', status: 401 }), then: { errorClass: 'TRANSIENT' } },
    { error: new (class TimeoutError extends Error {})(), then: { errorClass: 'TRANSIENT' } },
    {
      error: caused(new DOMException('late', 'TimeoutError'), { name: 'AbortError', code: 'ABORT_ERR' }),
      then: { errorClass: 'TRANSIENT' },
    },
  ])('[classify.timeouts] $error.name is $then', ({ error, then }) => {
    expect(classify(error)).toEqual(then);
  });

  it.each([
    {
      given: 'an open circuit inside: to be tried again when it may let a probe through',
      error: new CircuitOpenError({ circuit: 'c', retryAfterMs: 800, cause: new PermanentError() }),
      then: { errorClass: 'TRANSIENT', retryAfterMs: 800 },
    },
    {
      given: 'a circuit forced open, for which there is nothing to wait',
      error: new CircuitOpenError({ circuit: 'c', retryAfterMs: Infinity }),
      then: { errorClass: 'TRANSIENT' },
    },
    {
      given: 'a bad result inside, of the class it was judged to be',
      error: new RetryExhaustedError({ attempts: 1, lastResult: 0, errorClass: 'CONCURRENCY', stopReason: 'MAX_ATTEMPTS_GLOBAL' }),
      then: { errorClass: 'CONCURRENCY' },
    },
    {
      given: 'a deferral inside, as what it was caused by',
      error: new RetryScheduledError({ nextDelayMs: 1, attempts: 1, cause: withProps({ status: 503 }) }),
      then: { errorClass: 'SERVER_ERROR' },
    },
  ])('$given', ({ error, then }) => {
    expect(classify(error)).toEqual(then);
  });

  it.each([
    { given: 'status', error: withProps({ status: 401 }), then: { errorClass: 'AUTH' } },
    { given: 'statusCode', error: withProps({ statusCode: 403 }), then: { errorClass: 'PERMISSION' } },
    {
      given: 'response.status, as of axios',
      error: withProps({ code: 'ERR_BAD_REQUEST', response: { status: 404 } }),
      then: { errorClass: 'PERMANENT' },
    },
    {
      given: '$metadata.httpStatusCode, as of AWS',
      error: withProps({ $metadata: { httpStatusCode: 500 } }),
      then: { errorClass: 'SERVER_ERROR' },
    },
    { given: 'a status before a code', error: withProps({ status: 409, code: 'ECONNRESET' }), then: { errorClass: 'CONCURRENCY' } },
    { given: 'a status on a TypeError', error: withProps({ status: 503 }, new TypeError()), then: { errorClass: 'SERVER_ERROR' } },
    { given: 'a thrown Response', error: new Response(null, { status: 502 }), then: { errorClass: 'SERVER_ERROR' } },
    { given: 'an HttpResponseError', error: new HttpResponseError({ status: 425 }), then: { errorClass: 'TRANSIENT' } },
  ])('[classify.http-status] $given: $then', ({ error, then }) => {
    expect(classify(error)).toEqual(then);
  });

  it.each([
    { status: 429, then: { errorClass: 'RATE_LIMIT', retryAfterMs: 2_000 } },
    { status: 503, then: { errorClass: 'SERVER_ERROR', retryAfterMs: 2_000 } },
    { status: 500, then: { errorClass: 'SERVER_ERROR' } },
    { status: 408, then: { errorClass: 'TRANSIENT' } },
    { status: 404, then: { errorClass: 'PERMANENT' } },
  ])('[classify.retry-after-statuses] Retry-After on $status: $then', ({ status, then }) => {
    const headers = { 'Retry-After': '2' };
    expect(classify(new HttpResponseError({ status, headers }))).toEqual(then);
    expect(classify(withProps({ response: { status, headers } }))).toEqual(then);
    expect(classify(caused(withProps({ statusCode: status, headers })))).toEqual(then);
  });

  it.each([
    { code: 'ECONNREFUSED', then: 'TRANSIENT' },
    { code: 'ENOENT', then: 'PERMANENT' },
    { code: 'EACCES', then: 'PERMISSION' },
    { code: 'CERT_HAS_EXPIRED', then: 'PERMANENT' },
    { code: 'HPE_INVALID_CONSTANT', then: 'TRANSIENT' },
  ])('[classify.system-codes] $code is $then, on the error and on its cause', ({ code, then }) => {
    expect(classify(withProps({ code }))).toEqual({ errorClass: then });
    expect(classify(caused(withProps({ code })))).toEqual({ errorClass: then });
  });

  it.each([
    { code: 'UND_ERR_SOCKET', then: 'TRANSIENT' },
    { code: 'UND_ERR_INVALID_ARG', then: 'PERMANENT' },
  ])('[classify.undici-codes] $code under "fetch failed" is $then', ({ code, then }) => {
    expect(classify(withProps({ cause: withProps({ code }) }, new TypeError('fetch failed')))).toEqual({ errorClass: then });
  });

  it.each([
    { given: 'the error before its cause', error: caused(withProps({ status: 401 }), { status: 503 }), then: 'SERVER_ERROR' },
    { given: 'a cause before the name of the error', error: caused(withProps({ status: 401 }), { name: 'RangeError' }), then: 'AUTH' },
    { given: 'a cause that is no error', error: caused({ statusCode: 429 }), then: 'RATE_LIMIT' },
    { given: 'the innermost of 100', error: deepError(99, { code: 'EPIPE' }), then: 'TRANSIENT' },
    { given: 'the bug at the bottom', error: deepError(3, { name: 'ReferenceError' }), then: 'PERMANENT' },
  ])('[classify.cause] $given', ({ error, then }) => {
    expect(classify(error)).toEqual({ errorClass: then });
  });

  it.each([
    { given: 'its own code', error: withProps({ code: 'ETIMEDOUT' }, new AggregateError([withProps({ status: 401 })])), then: 'TRANSIENT' },
    {
      given: 'the first that says something',
      error: new AggregateError([new Error(), withProps({ status: 403 }), withProps({ status: 503 })]),
      then: 'PERMISSION',
    },
    { given: 'the cause of one of them', error: new AggregateError([caused(withProps({ code: 'ECONNRESET' }))]), then: 'TRANSIENT' },
    { given: 'an aggregate that is a cause', error: caused(new AggregateError([new ServerError()])), then: 'SERVER_ERROR' },
    { given: 'the bug among them', error: new AggregateError([new Error(), new TypeError('x')]), then: 'PERMANENT' },
    { given: 'nothing when it is empty', error: new AggregateError([]), then: 'UNKNOWN' },
  ])('[classify.aggregate] goes by $given', ({ error, then }) => {
    expect(classify(error)).toEqual({ errorClass: then });
  });

  it.each([
    { error: new TypeError('x is not a function') },
    { error: new ReferenceError('x is not defined') },
    { error: new RangeError('Invalid array length') },
    { error: withProps({ name: 'AssertionError', code: 'ERR_ASSERTION' }) },
    { error: withProps({ code: 'ERR_INVALID_ARG_TYPE' }, new TypeError()) },
  ])('[classify.programmer-errors] $error.name is PERMANENT', ({ error }) => {
    expect(classify(error)).toEqual({ errorClass: 'PERMANENT' });
  });

  it('[classify.fetch-failed] a TypeError of fetch is TRANSIENT, with an unknown cause and without any', () => {
    expect(classify(new TypeError('fetch failed'))).toEqual({ errorClass: 'TRANSIENT' });
    expect(classify(withProps({ cause: new Error('other side closed') }, new TypeError('fetch failed')))).toEqual({
      errorClass: 'TRANSIENT',
    });
  });

  it('[classify.syntax-error] a SyntaxError is UNKNOWN', () => {
    expect(classify(new SyntaxError('Unexpected token < in JSON'))).toEqual({ errorClass: 'UNKNOWN' });
  });

  it('an AbortError is UNKNOWN: only who aborted knows why', () => {
    const controller = new AbortController();
    controller.abort();
    expect(classify(controller.signal.reason)).toEqual({ errorClass: 'UNKNOWN' });
    expect(classify(withProps({ name: 'AbortError', code: 'ABORT_ERR' }))).toEqual({ errorClass: 'UNKNOWN' });
    expect(classify(withProps({ name: 'CanceledError', code: 'ERR_CANCELED' }))).toEqual({ errorClass: 'UNKNOWN' });
  });

  it.each(hostileErrors)('[classify.hostile] [classify.cycles] $given is UNKNOWN', ({ error }) => {
    expect(classify(error)).toEqual({ errorClass: 'UNKNOWN' });
  });

  it('[classify.hostile] a getter that throws does not hide the properties beside it', () => {
    const error = withProps({ code: 'ECONNRESET' });
    for (const key of ['name', 'status', 'response', '$metadata']) Object.defineProperty(error, key, { get: hostile });
    expect(classify(error)).toEqual({ errorClass: 'TRANSIENT' });
  });

  it.each([
    { given: 'whose get throws', headers: { get: hostile } },
    { given: 'that are getters which throw', headers: Object.defineProperty({}, 'retry-after', { get: hostile, enumerable: true }) },
  ])('[classify.hostile] headers $given ask for no wait', ({ headers }) => {
    expect(classify(withProps({ status: 429, headers }))).toEqual({ errorClass: 'RATE_LIMIT' });
  });

  it('[classify.cycles] finds what is inside a cycle', () => {
    const inner = withProps({ status: 503 });
    const outer = caused(inner);
    inner.cause = outer;
    expect(classify(outer)).toEqual({ errorClass: 'SERVER_ERROR' });
  });
});

describe('names', () => {
  class ThrottlingException extends Error {}
  const errors = [
    { given: 'a name', error: withProps({ name: 'ConnectionError' }), then: 'TRANSIENT' },
    { given: 'the name of a class', error: new ThrottlingException(), then: 'RATE_LIMIT' },
    { given: 'the name of a cause', error: caused(withProps({ name: 'ForbiddenError' })), then: 'PERMISSION' },
    {
      given: 'the outer name before the inner',
      error: caused(withProps({ name: 'ForbiddenError' }), { name: 'ConflictError' }),
      then: 'CONCURRENCY',
    },
  ];

  it.each(errors)('[classify.names] $given decides when nothing else does', ({ error, then }) => {
    expect(defaultClassifier(error)).toEqual({ errorClass: then });
  });

  it.each(errors)('[classify.strict] $given says nothing to strictClassifier', ({ error }) => {
    expect(strictClassifier(error)).toEqual({ errorClass: 'UNKNOWN' });
  });

  it('[classify.order] marker, timeout, code and name, each only where those before it are silent', () => {
    const everything = { name: 'ConflictError', code: 'EACCES', status: 429, message: 'x' };
    expect(defaultClassifier(withProps(everything, new ServerError()))).toEqual({ errorClass: 'SERVER_ERROR' });
    expect(defaultClassifier(withProps({ ...everything, name: 'TimeoutError' }, new ServerError()))).toEqual({
      errorClass: 'SERVER_ERROR',
    });
    expect(defaultClassifier(withProps({ ...everything, name: 'TimeoutError' }))).toEqual({ errorClass: 'TRANSIENT' });
    expect(defaultClassifier(withProps(everything))).toEqual({ errorClass: 'RATE_LIMIT' });
    expect(defaultClassifier(withProps({ ...everything, status: undefined }))).toEqual({ errorClass: 'PERMISSION' });
    expect(defaultClassifier(caused(withProps({ code: 'EACCES' }), { name: 'ConflictError' }))).toEqual({ errorClass: 'PERMISSION' });
    expect(defaultClassifier(withProps({ ...everything, status: undefined, code: undefined }))).toEqual({ errorClass: 'CONCURRENCY' });
    expect(defaultClassifier(withProps({ ...everything, status: undefined, code: 'ENONE', name: 'OutOfStock' }))).toEqual({
      errorClass: 'UNKNOWN',
    });
    expect(defaultClassifier(withProps({ ...everything, status: undefined, code: 13 }))).toEqual({ errorClass: 'CONCURRENCY' });
  });
});

describe('what looks like ours and is not', () => {
  it.each([
    { given: 'a class that a foreign error gives itself', error: withProps({ errorClass: 'AUTH' }), then: { errorClass: 'UNKNOWN' } },
    { given: 'a code that no pattern can be held to', error: withProps({ code: Symbol('ECONNRESET') }), then: { errorClass: 'UNKNOWN' } },
    { given: 'a code that would read as one', error: withProps({ code: ['ECONNRESET'] }), then: { errorClass: 'UNKNOWN' } },
    {
      given: 'a class of our own that is no name',
      error: withProps({ errorClass: Object.create(null) }, new PermanentError('w')),
      then: { errorClass: 'UNKNOWN', retryable: false },
    },
    {
      given: 'a class of our own that cannot be read',
      error: Object.defineProperty(new PermanentError('w'), 'errorClass', { get: hostile }),
      then: { errorClass: 'UNKNOWN', retryable: false },
    },
    {
      given: 'a class that a later version of ours may have',
      error: withProps({ errorClass: 'QUOTA' }, new PermanentError('w')),
      then: { errorClass: 'UNKNOWN' },
    },
    {
      given: 'a wait that is no number',
      error: withProps({ retryAfterMs: '5' }, new RateLimitError()),
      then: { errorClass: 'RATE_LIMIT' },
    },
  ])('[classify.hostile] $given is not believed', ({ error, then }) => {
    expect(defaultClassifier(error)).toEqual(then);
  });
});

import { ErrorChain } from './ErrorChain.js';
import { classOfBuiltIn, classOfName } from './names.js';

const builtIn = (error: unknown) => classOfBuiltIn(new ErrorChain(error).first);

describe('classOfBuiltIn', () => {
  class AssertionError extends Error {
    override readonly name = 'AssertionError';
  }

  it.each([
    { error: new TypeError('x is not a function') },
    { error: new ReferenceError('x is not defined') },
    { error: new RangeError('Invalid array length') },
    { error: new EvalError() },
    { error: new URIError() },
    { error: new AssertionError() },
    { error: new (class BadInput extends TypeError {})() },
  ])('[classify.programmer-errors] $error.name is PERMANENT', ({ error }) => {
    expect(builtIn(error)).toBe('PERMANENT');
  });

  it.each([
    { runtime: 'Node', message: 'fetch failed' },
    { runtime: 'Node, in the middle of a body', message: 'terminated' },
    { runtime: 'Chromium', message: 'Failed to fetch' },
    { runtime: 'Firefox', message: 'NetworkError when attempting to fetch resource.' },
    { runtime: 'Safari', message: 'Load failed' },
    { runtime: 'Deno', message: 'error sending request for url (http://127.0.0.1:1/)' },
    { runtime: 'React Native', message: 'Network request failed' },
    { runtime: 'the standard', message: 'network error' },
    { runtime: 'Cloudflare', message: 'Network connection lost.' },
  ])('[classify.fetch-failed] a TypeError "$message" ($runtime) is TRANSIENT', ({ message }) => {
    expect(builtIn(new TypeError(message))).toBe('TRANSIENT');
  });

  it.each([
    { error: new TypeError("Cannot read properties of undefined (reading 'network')"), then: 'PERMANENT' },
    { error: new TypeError('the fetch failed'), then: 'PERMANENT' },
    { error: new TypeError('terminated twice'), then: 'PERMANENT' },
    { error: new TypeError('Failed to parse URL from nowhere'), then: 'PERMANENT' },
    { error: new RangeError('fetch failed'), then: 'PERMANENT' },
    { error: { name: 'TypeError', message: ['fetch failed'] }, then: 'PERMANENT' },
    { error: new Error('fetch failed'), then: undefined },
    { error: null, then: undefined },
  ])('$error is $then', ({ error, then }) => {
    expect(builtIn(error)).toBe(then);
  });

  it('[classify.syntax-error] has no opinion of a SyntaxError', () => {
    expect(builtIn(new SyntaxError('Unexpected token < in JSON at position 0'))).toBeUndefined();
  });
});

describe('classOfName', () => {
  it.each([
    { then: 'RATE_LIMIT', names: 'ThrottlingException ThrottledError RateLimitError APIRateLimitExceeded TooManyRequestsException' },
    {
      then: 'TRANSIENT',
      names:
        'TimeoutError ConnectTimeoutError RequestTimedOut MongoServerSelectionTimeout AuthTimeoutError ConnectionTimeoutError HTTPParserError',
    },
    {
      then: 'AUTH',
      names: 'UnauthorizedError UnauthorisedError AuthenticationError NotAuthenticated CredentialsProviderError AuthError OAuthError',
    },
    { then: 'PERMISSION', names: 'ForbiddenError PermissionDeniedError AccessDeniedException AuthorizationError AuthorisationError' },
    { then: 'CONCURRENCY', names: 'ConflictError TransactionConflictException ConcurrencyException OptimisticLockError DeadlockError' },
    { then: 'SERVER_ERROR', names: 'InternalServerError ServiceUnavailable ServiceUnavailableException BadGatewayError' },
    {
      then: 'TRANSIENT',
      names:
        'ConnectionError APIConnectionError MongoNetworkError NetworkError SocketError ConnectionClosed ConnectionLost ConnectionResetException ' +
        'SequelizeConnectionRefusedError ConnectionAborted ConnectionTerminated SocketException Network',
    },
    {
      then: 'PERMANENT',
      names:
        'ValidationError BadRequestException InvalidArgumentError InvalidInput InvalidParameterValue InvalidRequestError NotImplementedError ' +
        'UnprocessableEntityError ZodError NotFoundError NotFound ResourceNotFoundException',
    },
    {
      then: undefined,
      names:
        'Error AbortError SyntaxError AuthorNotFoundError HostNotFoundError ConnectionStringError NetworkPolicyMissing MongoServerError OutOfStockError ' +
        'InvalidConnectionString SocketPoolErrorSummary TimeError',
    },
  ])('[classify.names] by their names $then: $names', ({ then, names }) => {
    for (const name of names.split(' ')) expect([name, classOfName(name)]).toEqual([name, then]);
  });

  it('has no opinion of no name', () => {
    expect(classOfName(undefined)).toBeUndefined();
  });
});

import {
  AbortRetryError,
  AttemptTimeoutError,
  ConcurrencyError,
  DeadlineExceededError,
  PermanentError,
  RateLimitError,
  RetryExhaustedError,
  RetryScheduledError,
  ServerError,
} from './index.js';

const cause = new Error('why');

describe('the markers', () => {
  it.each([
    { type: RateLimitError, name: 'RateLimitError', errorClass: 'RATE_LIMIT' },
    { type: ConcurrencyError, name: 'ConcurrencyError', errorClass: 'CONCURRENCY' },
    { type: ServerError, name: 'ServerError', errorClass: 'SERVER_ERROR' },
  ])('$name marks $errorClass and carries status, time to wait and cause', ({ type, name, errorClass }) => {
    const error = new type('not now', { cause, status: 499, retryAfterMs: 2_000 });
    expect({ ...error }).toEqual({ name, errorClass, status: 499, retryAfterMs: 2_000 });
    expect(error.message).toBe('not now');
    expect(error.cause).toBe(cause);
    expect({ ...new type() }).toEqual({ name, errorClass, status: undefined, retryAfterMs: undefined });
    expect(Object.hasOwn(new type('x', {}), 'cause')).toBe(false);
  });

  it('PermanentError marks PERMANENT and carries status and cause', () => {
    const error = new PermanentError('never', { cause, status: 410 });
    expect({ ...error }).toEqual({ name: 'PermanentError', errorClass: 'PERMANENT', status: 410 });
    expect(error.message).toBe('never');
    expect(error.cause).toBe(cause);
    expect({ ...new PermanentError() }).toEqual({ name: 'PermanentError', errorClass: 'PERMANENT', status: undefined });
  });

  it('AbortRetryError carries its cause', () => {
    const error = new AbortRetryError('stop', { cause });
    expect({ ...error }).toEqual({ name: 'AbortRetryError', errorClass: 'PERMANENT' });
    expect(error.message).toBe('stop');
    expect(error.cause).toBe(cause);
  });
});

describe('what a call rejects with', () => {
  it.each([
    {
      error: new DeadlineExceededError({ timeoutMs: 30_000, cause }),
      message: 'The call ran out of its 30000 ms',
      fields: { name: 'DeadlineExceededError', errorClass: 'TRANSIENT', timeoutMs: 30_000 },
    },
    {
      error: new AttemptTimeoutError({ timeoutMs: 250, attempt: 3 }),
      message: 'Attempt 3 ran out of its 250 ms',
      fields: { name: 'AttemptTimeoutError', errorClass: 'TRANSIENT', timeoutMs: 250, attempt: 3 },
    },
    {
      error: new RetryExhaustedError({
        attempts: 4,
        lastResult: { stock: -1 },
        errorClass: 'SERVER_ERROR',
        stopReason: 'MAX_ATTEMPTS_GLOBAL',
      }),
      message: 'The result of attempt 4 is a failure of class SERVER_ERROR (MAX_ATTEMPTS_GLOBAL)',
      fields: {
        name: 'RetryExhaustedError',
        attempts: 4,
        lastResult: { stock: -1 },
        errorClass: 'SERVER_ERROR',
        stopReason: 'MAX_ATTEMPTS_GLOBAL',
      },
    },
    {
      error: new RetryScheduledError({ nextDelayMs: 60_000, attempts: 2, cause }),
      message: 'The retry of attempt 2 is deferred by 60000 ms',
      fields: { name: 'RetryScheduledError', nextDelayMs: 60_000, attempts: 2 },
    },
  ])('$fields.name says "$message"', ({ error, message, fields }) => {
    expect(error.message).toBe(message);
    expect({ ...error }).toEqual(fields);
  });

  it.each([
    { name: 'DeadlineExceededError', make: (why: unknown) => new DeadlineExceededError({ timeoutMs: 1, cause: why }) },
    { name: 'RetryScheduledError', make: (why: unknown) => new RetryScheduledError({ nextDelayMs: 1, attempts: 1, cause: why }) },
  ])('$name has a cause when there was one, and none otherwise', ({ make }) => {
    expect(make(cause).cause).toBe(cause);
    expect(make(null).cause).toBeNull();
    expect(Object.hasOwn(make(undefined), 'cause')).toBe(false);
  });
});

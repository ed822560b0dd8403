import type { ErrorClass } from '../model/ErrorClass.js';
import {
  AttemptTimeoutError,
  ConcurrencyError,
  DeadlineExceededError,
  HttpResponseError,
  PermanentError,
  RateLimitError,
  RetryExhaustedError,
  ServerError,
} from '../model/errors/index.js';
import { CircuitOpenError } from '../gates/breaker/CircuitOpenError.js';
import { deepError, hostileErrors } from './fixtures/hostileErrors.js';
import { provesNotProcessed } from './provesNotProcessed.js';

const coded = (code: string, properties: object = {}) => Object.assign(new Error(code), { code }, properties);
const fetchFailed = (cause: unknown) => new TypeError('fetch failed', { cause });
const refused = coded('ECONNREFUSED');
const reset = coded('ECONNRESET');
const response = (status: number) => new HttpResponseError({ status });

describe('provesNotProcessed', () => {
  it.each([
    { given: 'a refused connection', error: refused },
    { given: 'a name that is not known', error: coded('ENOTFOUND') },
    { given: 'a DNS server that does not answer', error: coded('EAI_AGAIN') },
    { given: 'a DNS server in trouble', error: coded('ESERVFAIL') },
    { given: 'a DNS timeout', error: Object.assign(coded('ETIMEOUT'), { syscall: 'queryA' }) },
    { given: 'no port left', error: coded('EADDRNOTAVAIL') },
    { given: "undici's connect timeout", error: coded('UND_ERR_CONNECT_TIMEOUT') },
    { given: "Node's connect timeout", error: coded('ERR_SOCKET_CONNECTION_TIMEOUT') },
    { given: "Bun's refused connection", error: coded('ConnectionRefused') },
    { given: "Bun's socket that did not open", error: coded('FailedToOpenSocket') },
    { given: 'a timeout of the system call connect', error: coded('ETIMEDOUT', { syscall: 'connect' }) },
    { given: 'an unreachable network at connect', error: coded('ENETUNREACH', { syscall: 'connect' }) },
    { given: 'a refused connection under fetch', error: fetchFailed(refused) },
    { given: 'a refused connection 99 causes down', error: deepError(99, { code: 'ECONNREFUSED' }) },
    {
      given: 'a refused connection to each address',
      error: fetchFailed(new AggregateError([refused, coded('ENETUNREACH', { syscall: 'connect' })])),
    },
    {
      given: 'aggregates in an aggregate',
      error: new AggregateError([new AggregateError([refused]), fetchFailed(coded('ENOTFOUND')), new AggregateError([response(429)])]),
    },
    { given: 'a 429', error: response(429) },
    { given: 'a 425', error: response(425) },
    { given: 'a 429 under another error', error: new Error('x', { cause: response(429) }) },
    { given: 'a RateLimitError', error: new RateLimitError() },
    { given: 'a refusal by a circuit', error: new CircuitOpenError({ circuit: 'c', retryAfterMs: 1 }) },
    { given: 'a refusal by a circuit, wrapped', error: new Error('x', { cause: new CircuitOpenError({ circuit: 'c', retryAfterMs: 1 }) }) },
  ])('[retry.idempotent-false] $given proves it', ({ error }) => {
    expect(provesNotProcessed(error, 'TRANSIENT')).toBe(true);
  });

  it.each([
    { given: 'a broken connection', error: reset },
    { given: 'a broken connection under fetch', error: fetchFailed(reset) },
    { given: 'a broken pipe', error: coded('EPIPE') },
    { given: 'a timeout that is not of connect', error: coded('ETIMEDOUT', { syscall: 'read' }) },
    { given: 'an unreachable host in the middle', error: coded('EHOSTUNREACH') },
    { given: 'a headers timeout', error: coded('UND_ERR_HEADERS_TIMEOUT') },
    { given: 'a socket error', error: coded('UND_ERR_SOCKET') },
    { given: 'a code that only begins like one', error: coded('ECONNREFUSED2') },
    { given: 'a code that only ends like one', error: coded('XECONNREFUSED') },
    { given: 'a 503', error: response(503) },
    { given: 'a 408', error: response(408) },
    { given: 'a 409', error: response(409) },
    {
      given: 'a 503 caused by a refused connection, of a proxy',
      error: Object.assign(new Error('x', { cause: refused }), { status: 503 }),
    },
    { given: 'a broken connection caused by a refused one', error: coded('ECONNRESET', { cause: refused }) },
    { given: 'fetch failed, for nobody knows what', error: new TypeError('fetch failed') },
    { given: 'a timeout', error: new DOMException('late', 'TimeoutError') },
    { given: 'an attempt timeout', error: new AttemptTimeoutError({ timeoutMs: 1, attempt: 1 }) },
    { given: 'a deadline after a refused connection', error: new DeadlineExceededError({ timeoutMs: 1, cause: refused }) },
    { given: 'a circuit that opened after an attempt', error: new CircuitOpenError({ circuit: 'c', retryAfterMs: 1, cause: refused }) },
    { given: 'a ServerError, whatever caused it', error: new ServerError('x', { cause: refused }) },
    { given: 'a ConcurrencyError', error: new ConcurrencyError() },
    { given: 'a PermanentError', error: new PermanentError() },
    {
      given: 'a bad result of an inner policy',
      error: new RetryExhaustedError({ attempts: 2, lastResult: 0, errorClass: 'TRANSIENT', stopReason: 'MAX_ATTEMPTS_GLOBAL' }),
    },
    { given: 'one broken connection among refused ones', error: new AggregateError([refused, reset, refused]) },
    { given: 'an unknown error among refused ones', error: new AggregateError([refused, new Error()]) },
    {
      given: 'a broken connection in an aggregate with a good code',
      error: Object.assign(new AggregateError([reset]), { code: 'ECONNREFUSED' }),
    },
    { given: 'an aggregate of none', error: new AggregateError([]) },
    { given: 'an error that only looks refused', error: new Error('connect ECONNREFUSED 127.0.0.1:1') },
    { given: 'a code that is a number', error: Object.assign(new Error(), { code: 14, syscall: 'connect' }) },
  ])('[retry.idempotent-false] $given does not', ({ error }) => {
    expect(provesNotProcessed(error, 'TRANSIENT')).toBe(false);
  });

  it.each([
    { given: 'what was classified as RATE_LIMIT proves it', error: new Error('slow down'), errorClass: 'RATE_LIMIT', then: true },
    { given: 'a 503 that was classified as RATE_LIMIT too', error: response(503), errorClass: 'RATE_LIMIT', then: true },
    { given: 'a result that was, too', error: { status: 429 }, errorClass: 'RATE_LIMIT', then: true },
    {
      given: 'a 429 beside a broken connection does not',
      error: new AggregateError([response(429), reset]),
      errorClass: 'RATE_LIMIT',
      then: false,
    },
    {
      given: 'nor does it further down',
      error: new Error('x', { cause: new AggregateError([response(429), reset]) }),
      errorClass: 'RATE_LIMIT',
      then: false,
    },
    {
      given: 'a 429 beside a refused connection does',
      error: new AggregateError([response(429), refused]),
      errorClass: 'RATE_LIMIT',
      then: true,
    },
    {
      given: 'a 429 with a list of details does',
      error: Object.assign(response(429), { errors: [{ reason: 'quota' }] }),
      errorClass: 'RATE_LIMIT',
      then: true,
    },
    { given: 'what was classified as SERVER_ERROR does not', error: new Error(), errorClass: 'SERVER_ERROR', then: false },
  ] satisfies { given: string; error: unknown; errorClass: ErrorClass; then: boolean }[])(
    '[retry.idempotent-false] $given',
    ({ error, errorClass, then }) => {
      expect(provesNotProcessed(error, errorClass)).toBe(then);
    },
  );

  it.each(hostileErrors)('[classify.hostile] [classify.cycles] $given proves nothing', ({ error }) => {
    expect(provesNotProcessed(error, 'UNKNOWN')).toBe(false);
  });
});

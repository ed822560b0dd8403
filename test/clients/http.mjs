/** What happens to HTTP clients of every kind, and what it is to the default rule: class, error.type, wait, whether nothing was done. */
const EXPECTED = {
  'connection refused': ['TRANSIENT', 'ECONNREFUSED', undefined, true],
  'name not found': ['TRANSIENT', 'ENOTFOUND', undefined, true],
  'connection reset': ['TRANSIENT', 'ECONNRESET'],
  'no answer in time': ['TRANSIENT', 'TimeoutError'],
  'an answer that is not HTTP': ['TRANSIENT', 'HPE_INVALID_CONSTANT'],
  'a body that breaks off': ['TRANSIENT', 'ECONNRESET'],
  'cancelled by its caller': ['ABORTED'],
  'answered 503': ['SERVER_ERROR', '503'],
  'answered 503 with Retry-After': ['SERVER_ERROR', '503', 2_000],
  'answered 429': ['RATE_LIMIT', '429', undefined, true],
  'answered 429 with Retry-After': ['RATE_LIMIT', '429', 2_000, true],
  'answered 401': ['AUTH', '401'],
  'answered 409': ['CONCURRENCY', '409'],
  'answered 400': ['PERMANENT', '400'],
};

const PATHS = {
  'connection reset': 'reset',
  'no answer in time': 'hang',
  'an answer that is not HTTP': 'garbage',
  'a body that breaks off': 'half',
  'cancelled by its caller': 'hang',
  'answered 503': 'busy',
  'answered 503 with Retry-After': 'busy-2s',
  'answered 429': 'limited',
  'answered 429 with Retry-After': 'limited-2s',
  'answered 401': 'unauthorized',
  'answered 409': 'conflict',
  'answered 400': 'wrong',
};

/**
 * The situations of one client. `get(url, options)` makes its request and reads the body; `options` are `timeoutMs`, `signal`, `lookup`.
 * `differs`: what this client says otherwise, as `{ happened: [class, type, wait, again] }`; `false`: it has no such thing.
 */
export function httpSituations(upstream, get, differs = {}) {
  return Object.keys(EXPECTED)
    .filter((happened) => differs[happened] !== false)
    .map((happened) => ({
      happened,
      then: differs[happened] ?? EXPECTED[happened],
      run: () => {
        if (happened === 'connection refused') return get(upstream.closed, {});
        if (happened === 'name not found') return get('http://nowhere.invalid/', { lookup: upstream.lookup });
        const options = {};
        if (happened === 'no answer in time') options.timeoutMs = 100;
        if (happened === 'cancelled by its caller') {
          const controller = new AbortController();
          setTimeout(() => controller.abort(), 50);
          options.signal = controller.signal;
        }
        return get(upstream.url(PATHS[happened]), options);
      },
    }));
}

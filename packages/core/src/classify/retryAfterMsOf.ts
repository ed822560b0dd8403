import { parseRetryAfter } from './parseRetryAfter.js';
import { read } from './read.js';

/**
 * Milliseconds that an error or a response asks to wait by its Retry-After header: on itself or on its response, as fetch, axios, got and
 * the SDKs of AWS and others carry it. Undefined without a header, and for a malformed one.
 */
export function retryAfterMsOf(failure: unknown, nowEpochMs?: number): number | undefined {
  for (const owner of [failure, read(failure, 'response'), read(failure, '$response')]) {
    const waitMs = parseRetryAfter(headerOf(read(owner, 'headers')), nowEpochMs);
    if (waitMs !== undefined) return waitMs;
  }
  return undefined;
}

/** The header in whatever holds it: Headers, Map, plain object, list of pairs, or Node's flat list of names and values. */
function headerOf(headers: unknown): unknown {
  if (headers === undefined || headers === null) return undefined;
  try {
    const entries =
      headers instanceof Map || typeof read(headers, 'get') !== 'function'
        ? entriesOf(headers)
        : [['retry-after', (headers as Pick<Headers, 'get'>).get('retry-after')]];
    for (const [name, value] of entries) if (String(name).toLowerCase() === 'retry-after') return Array.isArray(value) ? value[0] : value;
  } catch {
    // Headers that throw are no headers.
  }
  return undefined;
}

function entriesOf(headers: object): Iterable<readonly unknown[]> {
  if (headers instanceof Map) return headers;
  if (!Array.isArray(headers)) return Object.entries(headers);
  return headers.map((item: unknown, index) => (Array.isArray(item) ? item : index % 2 === 0 ? [item, headers[index + 1]] : []));
}

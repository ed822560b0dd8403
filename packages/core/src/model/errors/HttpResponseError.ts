import { RedressError } from './RedressError.js';

/** Headers that are read by name, in any case: a `Headers`, or what an {@link HttpResponseError} makes of a plain object. */
export interface HeadersLike {
  /** The value of a header; null without it. */
  get(name: string): string | null;
}

/** The parts of a Response an {@link HttpResponseError} is made of; fetch's, undici's, node-fetch's and a plain object will do. */
export interface HttpResponseParts {
  /** HTTP status. */
  readonly status: number;
  /** The reason phrase. Default: empty. */
  readonly statusText?: string | undefined;
  /** Default: none. */
  readonly headers?: HeadersLike | Readonly<Record<string, string | readonly string[] | undefined>> | undefined;
  /** Where it came from. Default: empty. */
  readonly url?: string | undefined;
}

/**
 * An HTTP response that is a failure; `throwIfNotOk` throws it. The classifier goes by its status and its Retry-After header.
 * The body is not read: read what you need of it before throwing.
 */
export class HttpResponseError extends RedressError {
  /** Tells the class across two copies of core. */
  static readonly redressError: string = 'HttpResponseError';
  override readonly name: string = 'HttpResponseError';
  /** HTTP status: `error.type` in telemetry. */
  readonly status: number;
  /** The reason phrase; empty when there was none, as over HTTP/2. */
  readonly statusText: string;
  /** Read by name, in any case. */
  readonly headers: HeadersLike;
  /** Without credentials, query and fragment, which are where secrets stand and logs repeat them; empty when not known. */
  readonly url: string;

  constructor(response: HttpResponseParts, options?: { readonly cause?: unknown }) {
    const { status, statusText = '', headers = {}, url = '' } = response;
    super(`HTTP ${status} ${statusText}`.trimEnd(), options);
    this.status = status;
    this.statusText = statusText;
    this.headers = isHeadersLike(headers) ? headers : byLowerCase(headers);
    this.url = url.replace(/[?#].*$/s, '').replace(/^([^/]*\/\/)[^/]*@/, '$1');
  }
}

function isHeadersLike(headers: NonNullable<HttpResponseParts['headers']>): headers is HeadersLike {
  return typeof headers.get === 'function';
}

function byLowerCase(headers: Readonly<Record<string, string | readonly string[] | undefined>>): HeadersLike {
  const values = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const found = {
    get(name: string) {
      const value = values.get(name.toLowerCase());
      return value === undefined ? null : String(value);
    },
    /** For the limits of a server, whose headers have names of its own. */
    entries: () => values.entries(),
  };
  return found;
}

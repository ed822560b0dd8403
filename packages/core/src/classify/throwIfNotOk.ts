import { HttpResponseError, type HttpResponseParts } from '../model/errors/HttpResponseError.js';
import { cancelBody } from './cancelBody.js';

/** What `throwIfNotOk` asks of a response: fetch's will do, and those made after it. */
export interface ResponseLike extends HttpResponseParts {
  /** Whether the status is 200 to 299; taken from the status when missing. */
  readonly ok?: boolean | undefined;
  /** Cancelled, when it can be and the response is thrown for. */
  readonly body?: unknown;
}

/**
 * Gives back a response whose status is 200 to 299 and throws an {@link HttpResponseError} for any other: `await throwIfNotOk(await
 * fetch(url, { signal })).json()`.
 *
 * The body of a response that is thrown for is cancelled, so that its connection can be used again. Who wants an error's body reads it
 * first, and throws `new HttpResponseError(response, { cause })`.
 */
export function throwIfNotOk<R extends ResponseLike>(response: R): R {
  if (response.ok ?? (response.status >= 200 && response.status < 300)) return response;
  const error = new HttpResponseError(response);
  cancelBody(response);
  throw error;
}

import { errorsOf } from '../causesOf.js';
import type { ErrorFacts } from '../ErrorFacts.js';
import { read } from '../read.js';
import type { Meaning } from './Client.js';

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit */
const LIMITED = /rate limit/i;

/** Octokit: a rate limit told with 403, with or without headers, and one of GraphQL told with 200. */
export function github({ error, name, status }: ErrorFacts): Meaning | undefined {
  if (name === 'GraphqlResponseError') {
    return errorsOf(error).some((one) => read(one, 'type') === 'RATE_LIMITED')
      ? { errorClass: 'RATE_LIMIT', type: 'RATE_LIMITED' }
      : undefined;
  }
  const message = status === 403 && name === 'HttpError' ? read(error, 'message') : undefined;
  return typeof message === 'string' && LIMITED.test(message) ? { errorClass: 'RATE_LIMIT', type: '403' } : undefined;
}

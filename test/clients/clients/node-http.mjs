import { get } from 'node:http';
import { httpSituations } from '../http.mjs';

const read = (url, { timeoutMs, signal, lookup }) =>
  new Promise((resolve, reject) => {
    const call = get(
      url,
      { signal: timeoutMs === undefined ? signal : AbortSignal.timeout(timeoutMs), lookup, agent: false },
      (response) => {
        response.on('error', reject);
        response.on('end', () => resolve(response.statusCode));
        response.resume();
      },
    );
    call.on('error', reject);
  });

export const client = {
  name: "Node's http",
  start: (upstream) => ({
    situations: httpSituations(upstream, read, {
      'answered 503': false,
      'answered 503 with Retry-After': false,
      'answered 429': false,
      'answered 429 with Retry-After': false,
      'answered 401': false,
      'answered 409': false,
      'answered 400': false,
    }),
  }),
};

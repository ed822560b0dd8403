import got from 'got';
import { httpSituations } from '../http.mjs';

export const client = {
  name: 'got',
  start: (upstream) => ({
    situations: httpSituations(
      upstream,
      (url, { timeoutMs, signal, lookup }) => got(url, { retry: { limit: 0 }, timeout: { request: timeoutMs }, signal, dnsLookup: lookup }),
      { 'no answer in time': ['TRANSIENT', 'TimeoutError'] },
    ),
  }),
};

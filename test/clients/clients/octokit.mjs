import { request } from '@octokit/request';
import { httpSituations } from '../http.mjs';

export const client = {
  name: '@octokit/request',
  start: (upstream) => {
    const ask = (baseUrl, { timeoutMs, signal } = {}) =>
      request('GET /user', { baseUrl, request: { signal: timeoutMs === undefined ? signal : AbortSignal.timeout(timeoutMs) } });
    return {
      situations: [
        ...httpSituations(upstream, ask, { 'name not found': false, 'an answer that is not HTTP': false, 'a body that breaks off': false }),
        { happened: '403, limit used up', run: () => ask(upstream.url('used-up')), then: ['RATE_LIMIT', '403', 30_000, true] },
        { happened: '403, no right', run: () => ask(upstream.url('forbidden')), then: ['PERMISSION', '403'] },
      ],
    };
  },
};

import { WebClient } from '@slack/web-api';

export const client = {
  name: '@slack/web-api',
  start: (upstream) => {
    const post = (slackApiUrl, more) =>
      new WebClient('none', {
        slackApiUrl: `${slackApiUrl}/`,
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
        ...more,
      }).chat.postMessage({ channel: 'c', text: 'hi' });
    return {
      situations: [
        { happened: 'connection refused', run: () => post(upstream.closed), then: ['TRANSIENT', 'ECONNREFUSED', undefined, true] },
        { happened: 'connection reset', run: () => post(upstream.url('reset')), then: ['TRANSIENT', 'ECONNRESET'] },
        { happened: 'no answer in time', run: () => post(upstream.url('hang'), { timeout: 100 }), then: ['TRANSIENT', 'ECONNABORTED'] },
        { happened: '503', run: () => post(upstream.url('busy')), then: ['SERVER_ERROR', '503'] },
        {
          happened: 'too many requests',
          run: () => post(upstream.url('slack-limited')),
          then: ['RATE_LIMIT', 'slack_webapi_rate_limited_error', 30_000, true],
        },
        { happened: 'wrong token', run: () => post(upstream.url('slack-auth')), then: ['AUTH', 'invalid_auth'] },
        { happened: 'no such channel', run: () => post(upstream.url('slack-channel')), then: ['PERMANENT', 'channel_not_found'] },
        { happened: 'an error of its own', run: () => post(upstream.url('slack-fatal')), then: ['SERVER_ERROR', 'internal_error'] },
      ],
    };
  },
};

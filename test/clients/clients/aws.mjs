import { awsClassifier } from '@redress/core';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';

export const client = {
  name: '@aws-sdk/client-sqs',
  strict: awsClassifier,
  start: (upstream) => {
    const clients = [];
    const list = (endpoint, { timeoutMs, signal } = {}) => {
      const client = new SQSClient({
        endpoint,
        region: 'eu-central-1',
        credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
        maxAttempts: 1,
        requestHandler: timeoutMs === undefined ? undefined : { requestTimeout: timeoutMs, throwOnRequestTimeout: true },
      });
      clients.push(client);
      return client.send(new ListQueuesCommand({}), { abortSignal: signal });
    };
    const cancelled = () => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 50);
      return list(upstream.url('hang'), { signal: controller.signal });
    };
    return {
      situations: [
        { happened: 'connection refused', run: () => list(upstream.closed), then: ['TRANSIENT', 'ECONNREFUSED', undefined, true] },
        { happened: 'connection reset', run: () => list(upstream.url('reset')), then: ['TRANSIENT', 'ECONNRESET'] },
        { happened: 'no answer in time', run: () => list(upstream.url('hang'), { timeoutMs: 100 }), then: ['TRANSIENT', 'TimeoutError'] },
        { happened: 'cancelled by its caller', run: cancelled, then: ['ABORTED'] },
        {
          happened: 'throttled, told with 400',
          run: () => list(upstream.url('throttled')),
          then: ['RATE_LIMIT', 'ThrottlingException', undefined, true],
        },
        { happened: 'no right', run: () => list(upstream.url('denied')), then: ['PERMISSION', 'AccessDeniedException'] },
        { happened: 'an error of its own', run: () => list(upstream.url('internal')), then: ['SERVER_ERROR', 'InternalFailure'] },
        { happened: 'wrong parameter', run: () => list(upstream.url('invalid')), then: ['PERMANENT', 'InvalidParameterValue'] },
        { happened: '503', run: () => list(upstream.url('busy-2s')), then: ['SERVER_ERROR', '503', 2_000] },
      ],
      stop: () => {
        for (const each of clients) each.destroy();
      },
    };
  },
};

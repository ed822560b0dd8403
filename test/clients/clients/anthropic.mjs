import { llmClassifier } from '@redress/core';
import Anthropic from '@anthropic-ai/sdk';
import { httpSituations } from '../http.mjs';

export const client = {
  name: '@anthropic-ai/sdk',
  strict: llmClassifier,
  start: (upstream) => {
    const ask = (baseURL, { timeoutMs, signal } = {}) =>
      new Anthropic({ apiKey: 'none', baseURL, maxRetries: 0, timeout: timeoutMs }).models.list({}, { signal });
    return {
      situations: [
        ...httpSituations(upstream, ask, {
          'name not found': false,
          'no answer in time': ['TRANSIENT', 'APIConnectionTimeoutError'],
          'an answer that is not HTTP': false,
          'a body that breaks off': ['TRANSIENT', 'UND_ERR_SOCKET'],
        }),
        { happened: 'overloaded (529)', run: () => ask(upstream.url('overloaded')), then: ['SERVER_ERROR', 'overloaded_error', 3_000] },
      ],
    };
  },
};

import { llmClassifier } from '@redress/core';
import OpenAI from 'openai';
import { httpSituations } from '../http.mjs';

export const client = {
  name: 'openai',
  strict: llmClassifier,
  start: (upstream) => {
    const ask = (baseURL, { timeoutMs, signal } = {}) =>
      new OpenAI({ apiKey: 'none', baseURL, maxRetries: 0, timeout: timeoutMs }).models.list({ signal });
    return {
      situations: [
        ...httpSituations(upstream, ask, {
          'name not found': false,
          'no answer in time': ['TRANSIENT', 'APIConnectionTimeoutError'],
          'an answer that is not HTTP': false,
          'a body that breaks off': ['TRANSIENT', 'UND_ERR_SOCKET'],
        }),
        { happened: '429 with retry-after-ms', run: () => ask(upstream.url('limited-1500ms')), then: ['RATE_LIMIT', '429', 1_500, true] },
        { happened: '429 with a used-up limit', run: () => ask(upstream.url('limited-reset')), then: ['RATE_LIMIT', '429', 360_000, true] },
        { happened: '429, credit used up', run: () => ask(upstream.url('limited-never')), then: ['PERMANENT', 'insufficient_quota'] },
      ],
    };
  },
};

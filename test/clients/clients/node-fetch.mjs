import { Agent } from 'node:http';
import { throwIfNotOk } from '@redress/core';
import fetch from 'node-fetch';
import { httpSituations } from '../http.mjs';

export const client = {
  name: 'node-fetch',
  start: (upstream) => ({
    situations: httpSituations(
      upstream,
      async (url, { timeoutMs, signal, lookup }) => {
        const response = await fetch(url, {
          signal: timeoutMs === undefined ? signal : AbortSignal.timeout(timeoutMs),
          agent: new Agent({ lookup }),
        });
        return (await throwIfNotOk(response)).text();
        // It tells a timeout of a signal as it tells a cancel.
      },
      { 'no answer in time': ['ABORTED'] },
    ),
  }),
};

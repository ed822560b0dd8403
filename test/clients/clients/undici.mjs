import { throwIfNotOk } from '@redress/core';
import { Agent, request } from 'undici';
import { httpSituations } from '../http.mjs';

export const client = {
  name: 'undici',
  start: (upstream) => {
    const agent = new Agent({ headersTimeout: 100, keepAliveTimeout: 1 });
    const patient = new Agent({ keepAliveTimeout: 1 });
    return {
      situations: httpSituations(
        upstream,
        async (url, { timeoutMs, signal, lookup }) => {
          const dispatcher = lookup !== undefined ? new Agent({ connect: { lookup } }) : timeoutMs === undefined ? patient : agent;
          const response = await request(url, { dispatcher, signal });
          if (response.statusCode >= 400) throwIfNotOk({ status: response.statusCode, headers: response.headers, ok: false });
          return response.body.text();
        },
        {
          'no answer in time': ['TRANSIENT', 'UND_ERR_HEADERS_TIMEOUT'],
          'a body that breaks off': ['TRANSIENT', 'UND_ERR_SOCKET'],
          'an answer that is not HTTP': ['TRANSIENT', 'HTTPParserError'],
        },
      ),
      stop: () => Promise.all([agent.destroy(), patient.destroy()]),
    };
  },
};

import { Agent } from 'node:http';
import axios from 'axios';
import { httpSituations } from '../http.mjs';

export const client = {
  name: 'axios',
  start: (upstream) => ({
    situations: httpSituations(
      upstream,
      (url, { timeoutMs, signal, lookup }) => axios.get(url, { timeout: timeoutMs, signal, httpAgent: new Agent({ lookup }), lookup }),
      {
        'no answer in time': ['TRANSIENT', 'ECONNABORTED'],
        'a body that breaks off': ['TRANSIENT', 'ERR_BAD_RESPONSE'],
      },
    ),
  }),
};

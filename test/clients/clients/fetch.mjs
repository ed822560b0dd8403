import { throwIfNotOk } from '@redress/core';
import { httpSituations } from '../http.mjs';

const major = Number.parseInt(process.versions.undici, 10);

export const client = {
  name: "Node's fetch",
  start: (upstream) => ({
    situations: httpSituations(
      upstream,
      async (url, { timeoutMs, signal }) =>
        (await throwIfNotOk(await fetch(url, { signal: timeoutMs === undefined ? signal : AbortSignal.timeout(timeoutMs) }))).text(),
      {
        'name not found': false,
        'a body that breaks off': ['TRANSIENT', 'UND_ERR_SOCKET'],
        // undici 7, which Node 24 has, lost the code.
        'an answer that is not HTTP': ['TRANSIENT', major < 7 ? 'HPE_INVALID_CONSTANT' : 'HTTPParserError'],
      },
    ),
  }),
};

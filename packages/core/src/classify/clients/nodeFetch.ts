import { classOfCode } from '../codes.js';
import type { ErrorFacts } from '../ErrorFacts.js';
import { read } from '../read.js';
import { type Meaning, words } from './Client.js';

/** Types of a FetchError (node-fetch: lib/index.js of 2, src of 3). */
const TYPES = /* @__PURE__ */ words({
  TRANSIENT: 'request-timeout body-timeout system',
  PERMANENT: 'max-redirect max-size no-redirect unsupported-redirect invalid-redirect uri-error',
});

/** node-fetch: the `type` of a FetchError, but for the system's own code, which says more. */
export function nodeFetch({ error, name, code }: ErrorFacts): Meaning | undefined {
  if (name !== 'FetchError') return undefined;
  if (typeof code === 'string' && classOfCode(code) !== undefined) return undefined;
  const type = read(error, 'type');
  const errorClass = TYPES.get(type);
  return errorClass && { errorClass, type: typeof code === 'string' ? code : String(type) };
}

import type { ErrorFacts } from '../ErrorFacts.js';
import { read } from '../read.js';
import { type Meaning, words } from './Client.js';

/** Codes of axios for what has no answer (axios: lib/core/AxiosError.js). */
const CODES = /* @__PURE__ */ words({
  TRANSIENT: 'ERR_NETWORK ECONNABORTED ETIMEDOUT',
  PERMANENT:
    'ERR_BAD_OPTION ERR_BAD_OPTION_VALUE ERR_BAD_REQUEST ERR_FR_TOO_MANY_REDIRECTS ERR_FR_MAX_BODY_LENGTH_EXCEEDED ERR_INVALID_URL ERR_NOT_SUPPORT ' +
    'ERR_DEPRECATED ERR_FORM_DATA_DEPTH_EXCEEDED',
});

/** How the reason of a signal is called that ran out of time: the platform's and ours. */
const LATE: ReadonlySet<unknown> = /* @__PURE__ */ new Set(['TimeoutError', 'AttemptTimeoutError', 'DeadlineExceededError']);

/** axios: by its own code, only where no failing status came. */
export function axios({ error, status, code }: ErrorFacts): Meaning | undefined {
  // It names every abort alike, and gives no cause; but the signal that it was given says why.
  if (code === 'ERR_CANCELED' && LATE.has(read(read(read(read(error, 'config'), 'signal'), 'reason'), 'name'))) {
    return { errorClass: 'TRANSIENT', type: 'TimeoutError' };
  }
  if (read(error, 'isAxiosError') !== true || status !== undefined || typeof code !== 'string') return undefined;
  const message = read(error, 'message');
  // An answer that broke off; any other ERR_BAD_RESPONSE without a status is one that could not be read.
  if (code === 'ERR_BAD_RESPONSE') {
    return typeof message === 'string' && /stream has been aborted|socket hang up/.test(message)
      ? { errorClass: 'TRANSIENT', type: code }
      : undefined;
  }
  const errorClass = CODES.get(code);
  return errorClass && { errorClass, type: code };
}

import type { ErrorFacts } from '../ErrorFacts.js';
import { type Meaning, words } from './Client.js';

/** Codes of got (14.6: source/core/errors.ts), beside those of the system, which it passes on. */
const CODES = /* @__PURE__ */ words({
  TRANSIENT: 'ERR_READING_RESPONSE_STREAM ERR_UPLOAD',
  PERMANENT: 'ERR_UNSUPPORTED_PROTOCOL ERR_TOO_MANY_REDIRECTS',
});

/** got: the codes that are its own. */
export function got({ code }: ErrorFacts): Meaning | undefined {
  const errorClass = CODES.get(code);
  return errorClass && { errorClass, type: String(code) };
}
